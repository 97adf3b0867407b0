"""Putting a model's placeholders in order, comparing them with the source, completing them."""

from __future__ import annotations

import random
import re

import pytest

from backend.texts.placeholder_tags import compare, complete, tidy

SOURCE = "A <x1/> of <g2>words <x3/></g2> and <g4>more</g4> <x5/>."


def names(source: str, translated: str) -> list[str]:
    return [fault.name for fault in compare(source, translated)]


@pytest.mark.parametrize(
    ("translated", "faults"),
    [
        ("<g4>mehr</g4> <x5/> <x1/> <g2><x3/> Worte</g2>", []),
        ("<g2>Worte <x3/> <g4>mehr</g4></g2> <x1/><x5/>", []),
        ("<x1/> <g2>Worte</g2> <g4>mehr</g4> <x5/>", ["placeholder"]),
        ("<x1/> <g2><x3/></g2> <g4>m</g4> <x5/> <x5/>", ["placeholder"]),
        ("<x1/> <g2><x3/></g2> <g4>m</g4> <x5/> <x6/>", ["placeholder"]),
        ("<x1/> <g2><x3/> <g4>m</g2></g4> <x5/>", ["nesting"]),
        ("<x1/> </g2><x3/><g2> <g4>m</g4> <x5/>", ["nesting"]),
        ("<x1/> <x3/> m <x5/>", ["placeholder"] * 4),
        ("<x1/> <g2>a <x3/> <g4>m</g4> <x5/>", ["placeholder", "nesting"]),
    ],
)
def test_compare_names_the_faults(translated, faults):
    assert names(SOURCE, translated) == faults


def test_a_fault_says_in_a_sentence_what_to_mend():
    details = [fault.detail for fault in compare("<x1/> <x2/>", "<x2/> <x2/> <x3/>")]
    assert details == [
        "<x1/> is missing.",
        "<x2/> must occur once, not twice.",
        "<x3/> is not in the source; leave it out.",
    ]


@pytest.mark.parametrize(
    ("translated", "completed"),
    [
        ("<x1/> <g2>Worte <x3/></g2> <g4>mehr</g4> <x5/>.", None),
        ("Nichts.", "Nichts. <x1/> <x3/> <x5/>"),
        ("", "<x1/> <x3/> <x5/>"),
        ("<x1/><x1/> <x9/> <x3/><x5/>", "<x1/>  <x3/><x5/>"),
        ("<g2>a <g4>b</g2> c</g4> <x1/><x3/><x5/>", "<g2>a <g4>b</g4></g2> c <x1/><x3/><x5/>"),
        ("<g2>a <x1/><x3/><x5/>", "a <x1/><x3/><x5/>"),
        ("a</g2> <x1/><x3/><x5/>", "a <x1/><x3/><x5/>"),
        ("<g2>a</g2> <g2>b</g2> <x1/><x3/><x5/>", "<g2>a</g2> b <x1/><x3/><x5/>"),
    ],
)
def test_complete_has_every_formula_and_nests(translated, completed):
    assert complete(SOURCE, translated) == (completed or translated)


def test_complete_mends_whatever_was_done_to_a_translation():
    """Tags dropped, doubled, swapped, renumbered or cut: every formula once, everything nests."""
    chance = random.Random(7)
    parts = re.findall(r"<[^>]*>|[^<]+", SOURCE)
    for _ in range(2_000):
        damaged = parts.copy()
        for _ in range(chance.randint(1, 6)):
            at = chance.randrange(len(damaged) + 1)
            match chance.randrange(4):
                case 0 if damaged:
                    damaged.pop(at - 1)
                case 1:
                    damaged.insert(at, chance.choice(parts))
                case 2:
                    chance.shuffle(damaged)
                case _:
                    damaged.insert(at, chance.choice(["<x7/>", "<g9>", "</g9>", "<x", "</g"]))
        completed = complete(SOURCE, "".join(damaged))
        left = compare(SOURCE, completed)
        assert all(fault.name == "placeholder" for fault in left)
        assert all(
            fault.detail.endswith("g2> is missing.") or "g4>" in fault.detail for fault in left
        )


@pytest.mark.parametrize(
    "written",
    [
        "<x1/>", "<x1 />", "< x1/>", "<X1/>", "<x 1/>", "<x1>", "<x1></x1>", "＜x1/＞", "＜x1／＞",
        "<ｘ1/>", "<x１/>", "&lt;x1/&gt;", "<x1\\>", "</x1>", "<x1/></x1>", '<x id="1"/>', "<x id=1>",
        "<x١/>", "<х1/>", "⟨x1/⟩", "<\u200ex1/>", "&lt;X1 /&gt;",
    ],
)  # fmt: skip
def test_tidy_reads_other_spellings(written):
    assert tidy("An <x1/>.", f"Ein {written}.") == "Ein <x1/>."


def test_tidy_reads_pairs():
    assert tidy("<g1>a</g1>", "< G1 >b</ g1>") == "<g1>b</g1>"
    assert tidy("<g1>a</g1>", "&lt;g1&gt;b&lt;/g1&gt;") == "<g1>b</g1>"
    assert tidy("<g1>a</g1>", "b<g1/>") == "b<g1></g1>"
    assert tidy("<x1/>", "<x1>b</x1>") == "<x1/>b"
    assert tidy("<g1>a</g1>", "<g1>b<g1/>") == "<g1>b</g1>"
    assert tidy("<x1/><x2/>", "<x1/><x2/></x2></x1>") == "<x1/><x2/><x1/>", "only what it follows"


def test_tidy_leaves_the_literal_alone():
    assert tidy("&lt;x1/&gt; <x1/>", "&lt;x1/&gt; <x1/>") == "&lt;x1/&gt; <x1/>"
    assert tidy("no tag", "&lt;x1/&gt;") == "&lt;x1/&gt;"
    assert tidy("a <x1/>", "1 < x and <x0/> <y1/> <x1/>") == "1 < x and <x0/> <y1/> <x1/>"


DAMAGED = "A <x1/> of <g2>many words</g2> and <x3/>."


@pytest.mark.parametrize(
    "written",
    [
        "Ein <x1/> aus <g2>vielen Wörtern</g> und <x3/>.",
        "Ein <x1/> aus <г2>vielen Wörtern</г2> und <x3/>.",
        "Ein <x1/> aus <γ2>vielen Wörtern</γ2> und <χ3/>.",
        "Ein [x1] aus [g2]vielen Wörtern[/g2] und (x3).",
        "Ein ⟦x1⟧ aus 【g2】vielen Wörtern【/g2】 und {3}.",
        'Ein <x id="1"/> aus <g>vielen Wörtern</g> und <x/>.',
        "Ein <×1/> aus &lt;g&gt;vielen Wörtern&lt;/g&gt; und <x3.",
        "Ein x1/> aus <g2>vielen Wörtern<g2/> und x3.",
        "Ein <1/> aus <g2>vielen Wörtern</g2> und [3].",
    ],
)
def test_tidy_reads_damaged_placeholders_where_just_they_are_missing(written):
    assert tidy(DAMAGED, written) == "Ein <x1/> aus <g2>vielen Wörtern</g2> und <x3/>."


def test_what_the_source_has_itself_is_no_damaged_placeholder():
    source = "With x1 and [1], <x1/> and <x2/>."
    assert tidy(source, "Mit x1 und [1], <x1/>.") == "Mit x1 und [1], <x1/>."
    assert compare("0&lt;x&lt;1 and <x1/>", "0 &lt; x &lt; 1 und <x1/>") == ()


@pytest.mark.parametrize("remains", ["</g>", "<г9>", "[x9]", "<x>", "&lt;/g&gt;", "<x9"])
def test_remains_of_placeholders_are_a_fault_and_never_shown(remains):
    translated = f"Ein <x1/> aus <g2>vielen</g2> und <x3/>{remains} mehr."
    assert [fault.name for fault in compare(DAMAGED, tidy(DAMAGED, translated))] == ["placeholder"]
    assert complete(DAMAGED, translated) == "Ein <x1/> aus <g2>vielen</g2> und <x3/> mehr."
