"""The Nu Html Checker finds nothing in our pages."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace
from tests.reading.a_day import DAY, abstracts, fill, hostile

ROOT = Path(__file__).parents[2]
VNU = ROOT / "node_modules/vnu-jar/build/dist/vnu.jar"


def check(pages: dict[str, str], folder: Path) -> None:
    """Assert that the checker says nothing of these pages."""
    java = shutil.which("java")
    if not java:
        pytest.skip("java is not installed (Debian: default-jre-headless)")
    if not VNU.exists():
        pytest.skip("vnu-jar is not installed (npm ci)")
    for name, html in pages.items():
        (folder / f"{name}.html").write_text(html, "utf-8")
    files = [str(folder / f"{name}.html") for name in pages]
    done = subprocess.run(
        [java, "-jar", str(VNU), *files], capture_output=True, text=True, check=False
    )
    assert done.stdout + done.stderr == ""


@pytest.mark.timeout(300)
def test_every_kind_of_page(
    reader: FlaskClient,
    translate: Callable[[str, Sequence[str]], None],
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    shared: Path | None,
    tmp_path: Path,
):
    ids = fill(huggingface, arxiv, abstracts(shared, 31))
    reader.get(f"/ja/{DAY}")
    translate("ja", ids)
    translate("ar", ids)
    addresses = {
        "list": f"/ja/{DAY}",
        "list-right-to-left": f"/ar/{DAY}",
        "originals": f"/en/{DAY}",
        "paper": f"/ja/papers/{ids[0]}",
        "paper-right-to-left": f"/ar/papers/{ids[1]}",
        "days": "/de/days",
        "saved": "/fr/saved",
        "unknown-language": "/xx/latest",
        "unknown-day": "/ko/2023-02-31",
    }
    pages = {name: reader.get(address).text for name, address in addresses.items()}
    hostile(huggingface, arxiv, "2026-03-02")
    pages["hostile"] = reader.get("/es/2026-03-02").text
    check(pages, tmp_path)
