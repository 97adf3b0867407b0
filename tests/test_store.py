"""What the stores are told: complete, short enough, and true to the manifest."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EXTENSION = ROOT / "extension"
STORE = ROOT / "docs" / "store"
LOCALES = sorted(path.name for path in (EXTENSION / "_locales").iterdir())
MANIFEST = json.loads((EXTENSION / "manifest.json").read_text("utf-8"))
# How many characters the stores take: Mozilla's summary, Chrome's description.
LIMITS = {"summary.txt": 250, "description.txt": 16_000}
_SCREENSHOT = (1280, 800)


def _text(locale: str, name: str) -> str:
    return (STORE / locale / name).read_text("utf-8").strip()


def test_every_language_of_the_extension_has_a_folder():
    assert sorted(path.name for path in STORE.iterdir() if path.is_dir()) == LOCALES


@pytest.mark.parametrize("locale", LOCALES)
def test_the_texts_are_there_and_short_enough(locale: str):
    for name, longest in LIMITS.items():
        text = _text(locale, name)
        assert 0 < len(text) <= longest, f"{locale}/{name}: {len(text)} characters"
        assert "!" not in text
        assert "！" not in text
        assert not re.search(r"[ \t]$|\n{3}", text, re.MULTILINE), f"{locale}/{name}"
    # Six headings with what belongs to them, and the last word: all eight tell the same.
    description = _text(locale, "description.txt")
    paragraphs = description.split("\n\n")
    assert [part.count("• ") for part in paragraphs] == [0, 4, 2, 2, 0, 0, 0], locale
    for word in ("arXiv", "Hugging Face", "BibTeX", "PDF"):
        assert word in description, f"{locale}: {word}"


@pytest.mark.parametrize("locale", LOCALES)
def test_name_and_description_of_the_package_fit_the_stores(locale: str):
    """Chrome shows these as name and summary, whatever is written elsewhere."""
    messages = json.loads((EXTENSION / "_locales" / locale / "messages.json").read_text("utf-8"))
    assert 0 < len(messages["extensionName"]["message"]) <= 45
    assert 0 < len(messages["extensionDescription"]["message"]) <= 132


def test_every_permission_is_justified_and_no_other():
    table = re.findall(r"^\| `([^`]+)` \| (.+) \|$", _page("chrome-privacy.md"), re.MULTILINE)
    assert [name for name, _ in table] == [
        *MANIFEST["permissions"],
        *MANIFEST["host_permissions"],
        *MANIFEST["optional_host_permissions"],
    ]
    assert all(len(reason) > 30 for _, reason in table)


def test_the_permissions_are_the_ones_readers_were_promised():
    """More of them would be asked of every reader at the next update, and stops the extension."""
    assert MANIFEST["permissions"] == ["storage", "alarms", "contextMenus"]
    assert MANIFEST["host_permissions"] == [
        "https://arxiv.org/*",
        "http://127.0.0.1/*",
        "http://localhost/*",
    ]


def test_what_firefox_declares_is_explained_and_chrome_is_told_the_same():
    declared = MANIFEST["browser_specific_settings"]["gecko"]["data_collection_permissions"]
    explained = re.findall(r"^- `(\w+)`: ", _page("firefox-review.md"), re.MULTILINE)
    assert sorted(explained) == declared["required"]
    assert declared["required"] == ["authenticationInfo", "searchTerms", "websiteContent"]
    ticked = re.findall(r"^- \*\*(.+)\*\*: ", _page("chrome-privacy.md"), re.MULTILINE)
    assert ticked == ["Website content", "Authentication information"]


def test_screenshots_have_the_stores_size_and_weigh_little():
    pictures = sorted(STORE.rglob("*.png"))
    names = ["1-page.png", "2-list.png"]
    assert [(path.parent.name, path.name) for path in pictures] == [
        (locale, name) for locale in LOCALES for name in names
    ]
    for path in pictures:
        header = path.read_bytes()[:26]
        width, height, depth, colours = struct.unpack(">IIBB", header[16:26])
        assert (width, height) == _SCREENSHOT, path
        assert depth == 8, path
        assert colours in (2, 3), f"{path}: Chrome takes no transparency"
        assert path.stat().st_size <= 150_000, path
    assert sum(path.stat().st_size for path in pictures) <= 2_500_000


def test_the_icons_have_the_sizes_the_manifest_names():
    for size, name in {**MANIFEST["icons"], **MANIFEST["action"]["default_icon"]}.items():
        header = (EXTENSION / name).read_bytes()[:24]
        assert struct.unpack(">II", header[16:24]) == (int(size), int(size)), name


def _page(name: str) -> str:
    return (STORE / name).read_text("utf-8")
