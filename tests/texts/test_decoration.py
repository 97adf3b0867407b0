"""Mark-up and quotation marks around a whole answer are the model's and no translation."""

from __future__ import annotations

import pytest

from backend.texts.decoration import begins_decorated, without_decoration


@pytest.mark.parametrize(
    "answer",
    [
        "**Über Graphen**",
        "***Über Graphen***",
        "__Über Graphen__",
        "*Über Graphen*",
        "`Über Graphen`",
        '"Über Graphen"',
        "„Über Graphen“",
        "«Über Graphen»",
        "« Über Graphen »",
        "「Über Graphen」",
        "《Über Graphen》",
        "'Über Graphen'",
        "# Über Graphen",
        "## Über Graphen ##",
        "<b>Über Graphen</b>",
        "&lt;p&gt;Über Graphen&lt;/p&gt;",
        '**"Über Graphen"**',
        "```\nÜber Graphen\n```",
    ],
)
def test_what_surrounds_the_whole_goes(answer: str) -> None:
    assert without_decoration("On Graphs", answer) == "Über Graphen"
    assert begins_decorated("On Graphs", answer) or answer[0] in "<&"


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ('"On Graphs"', "„Über Graphen“"),
        ("'Tis: a study", "«'Tis»"),
        ("*On Graphs*", "*Über Graphen*"),
        ("Cats and dogs", "„Katzen“ und „Hunde“"),
        ("Cats and dogs", '"Katzen" und "Hunde"'),
        ("# of steps", "# Schritte"),
        ("A* and B*", "A* und B*"),
        ("&lt;b&gt;x&lt;/b&gt; in HTML", "<b>x</b>"),
        ("On Graphs", "**"),
        ("On Graphs", '""'),
    ],
)
def test_what_the_source_has_or_what_is_a_part_stays(source: str, answer: str) -> None:
    assert without_decoration(source, answer) == answer
