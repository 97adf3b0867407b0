"""Real titles and abstracts there and back, and as HTML: nothing is lost, nothing is invented."""

from __future__ import annotations

import json
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from backend.texts.html import ALLOWED_ELEMENTS, to_html, translation_to_html
from backend.texts.placeholders import compare, escape, protect, restore, to_plain
from tests.measured import assert_cpu_seconds

from . import hard_texts


@pytest.fixture(scope="module")
def texts(shared: Path | None) -> list[str]:
    """Every title and abstract recorded, where they are at hand, and our own hard ones."""
    recorded: list[str] = []
    if shared is not None:
        for line in (shared / "upstream" / "abstracts.jsonl").read_text("utf-8").splitlines():
            record = json.loads(line)
            recorded += [record["title"], record["abstract"]]
        assert len(recorded) > 1_000
    return [*hard_texts.ALL, *recorded]


def there_and_back(text: str) -> str:
    result = protect(escape(text))
    return to_plain(restore(result, result.text))


TYPED = re.compile(r"\\|``|''|`|~|--|\{[^\x00-\x7f]\}|\{,\}")
"""What may read otherwise than it is written; a text without it comes back as it was."""


def test_text_without_typing_comes_back_as_it_was(texts):
    plain = [text for text in texts if not TYPED.search(unicodedata.normalize("NFC", text))]
    assert len(plain) > len(texts) / 2 or len(plain) > 10
    for text in plain:
        assert there_and_back(text).split() == unicodedata.normalize("NFC", text).split()


def test_formulas_and_commands_come_back_as_they_were(texts):
    """Each formula and each command with an argument that a plain search finds is there, exactly."""
    seen = 0
    for text in texts:
        restored = re.sub(r"\s+", " ", there_and_back(text))
        found = re.findall(
            r"\\(?:cite|ref|eqref|url|href)\{[^{}]*\}|\\begin\{.*?\}|(?<!\S)https?://\S+", text
        )
        # Where dollars are not closed as they should be, a plain search goes astray.
        dollars = text.replace("\\$", "").split("$")
        if len(dollars) % 2:
            found += [f"${inside}$" for inside in dollars[1::2] if re.search(r"[\\^_{]", inside)]
        for source in found:
            assert re.sub(r"\s+", " ", source) in restored
        seen += len(found)
    assert seen > 12


def essence(text: str) -> str:
    """The letters and digits, without accents and named characters, however they were typed."""
    for typed, read in ((r"\AA", "A"), (r"\i}", "i}"), (r"\LaTeX", "LaTeX")):
        text = text.replace(typed, read)
    text = re.sub(r"\\[HckuvrdbtT]\s?\{?(?=\w\b)", "", text)
    text = re.sub(r"\\[A-Za-z]+", " ", text)
    bare = unicodedata.normalize("NFD", text)
    return "".join(character for character in bare if character.isascii() and character.isalnum())


def test_only_typing_changes(texts):
    for text in texts:
        assert essence(there_and_back(text)) == essence(text)


def test_protecting_what_was_restored_changes_nothing(texts):
    for text in texts:
        result = protect(escape(text))
        assert compare(result.text, result.text) == ()
        again = protect(restore(result, result.text))
        assert again.text == result.text


def test_protecting_is_quick(texts):
    assert_cpu_seconds(0.02 * len(texts), lambda: [protect(escape(text)) for text in texts])


def as_tree(fragment: str) -> ET.Element:
    tree = ET.fromstring(f"<p>{fragment}</p>")
    for element in tree.iter():
        if element is not tree:
            assert element.tag in ALLOWED_ELEMENTS
            assert set(element.attrib) <= ALLOWED_ELEMENTS[element.tag]
    return tree


def letters(text: str) -> Counter[str]:
    return Counter(filter(str.isalnum, unicodedata.normalize("NFKC", text)))


def test_html_is_well_formed_and_loses_no_prose(texts):
    for text in texts:
        shown = "".join(as_tree(to_html(text)).itertext())
        result = protect(escape(text))
        prose = re.sub(r"</?[xg]\d+/?>", " ", result.text)
        assert letters(to_plain(prose)) <= letters(shown)
        for opening, _ in result.originals.values():
            formula = re.sub(r"\\[A-Za-z]+\*?|^\$|\$$", " ", to_plain(opening))
            if opening.startswith("$"):
                assert letters(formula) <= letters(shown)


def test_html_of_a_translation_is_that_of_the_text(texts):
    """With the source for a translation both ways to HTML come to the same, but for `bdi`."""
    in_a_word = re.compile(r"[^\W\d_]</?(?:em|strong)>[^\W\d_]")
    for text in texts:
        result = protect(escape(text))
        ours, theirs = translation_to_html(result, result.text), to_html(text)
        ours = re.sub("</?bdi>", "", ours)
        if in_a_word.search(theirs):  # which is dissolved
            ours, theirs = (re.sub("</?(?:em|strong)>", "", html) for html in (ours, theirs))
        assert ours.split() == theirs.split()
