"""A reader sees an apostrophe, and not what HTML writes for it."""

from __future__ import annotations

import pytest

from backend.texts import placeholders


@pytest.mark.parametrize(
    ("answer", "read"),
    [
        ("l&apos;attenzione", "l'attenzione"),
        ("l&#39;attention", "l'attention"),
        ("l&#x27;attention", "l'attention"),
        ("die &quot;Aufmerksamkeit&quot;", 'die "Aufmerksamkeit"'),
        ("&laquo;внимание&raquo;&nbsp;&mdash; это", "«внимание»\xa0— это"),
        ("atenci&oacute;n", "atención"),
        ("Gr&ouml;&szlig;e &alpha;", "Größe α"),
        ("it&#146;s", "it’s"),
        ("n &#60; 5 &amp; n &gt; 2", "n &lt; 5 &amp; n &gt; 2"),
        ("R&amp;amp;D", "R&amp;D"),
        ("a&#8203;b", "ab"),
        ("می&zwnj;خواهیم", "می\u200cخواهیم"),
        ("A &unknown; B", "A &unknown; B"),
        ("AT&amp;T; mehr", "AT&amp;T; mehr"),
        ("&#60;x1/&#62; gilt", "<x1/> gilt"),
    ],
)
def test_entities_are_read_once(answer: str, read: str) -> None:
    assert placeholders.tidy("<x1/> of it", answer) == read


@pytest.mark.parametrize("answer", ["Das Zeichen &amp;quot; bleibt.", "Das Zeichen &quot; bleibt."])
def test_what_the_source_has_literally_stays(answer: str) -> None:
    source = placeholders.escape("The sign &quot; stays.")
    assert placeholders.tidy(source, answer) == "Das Zeichen &amp;quot; bleibt."
