"""Texts over a request's limits: cut at sentences, translated in pieces, whole again."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from tests.extension.conftest import Module

MODULE = "content/schedule/long-segments.js"

MAX_CHARACTERS = 8_000
MAX_PLACEHOLDERS = 500
MAX_PARTS = 200

PIECES = """async (_, text) => {
  const { joined, piecesOf, wholeOffset } = await import('/content/schedule/text-pieces.js');
  const pieces = piecesOf(text);
  return {
    texts: pieces.map((piece) => piece.text),
    joined: joined(pieces, pieces.map((piece) => piece.text), 'de'),
    places: pieces.map((piece) => [...piece.text].map((_, at) => wholeOffset(piece, at))),
  };
}"""

# What the page is told, and what it asks for, as `steps` go on; `@N` is the N-th piece.
TELL = """({ LongSegments }, segment, steps) => {
  const told = [];
  const long = new LongSegments((event) => told.push(event));
  const ask = (segments) => long.cut({ type: 'translate', lang: 'de', segments }).segments;
  const asked = ask([{ id: 'short', text: 'Short.' }, segment]);
  const idOf = (_, number) => asked[number].id;
  for (const step of steps) {
    const event = JSON.parse(JSON.stringify(step).replace(/@(\\d)/g, idOf));
    if (event.type === 'again') ask([segment]);
    else long.receive(event);
  }
  return { asked, told, ids: long.asked(['short', 'p1']) };
}"""


def _cut(module: Module, text: str) -> list[str]:
    """The pieces of a text, whose joined text is the text, and each of which a request may hold."""
    found = module.run(PIECES, text)
    assert found["joined"] == text
    for piece, places in zip(found["texts"], found["places"], strict=True):
        assert len(piece) <= MAX_CHARACTERS
        assert len(re.findall(r"</?[xg]\d+/?>", piece)) <= MAX_PLACEHOLDERS
        assert len(re.findall(r"<p\d+/>", piece)) < MAX_PARTS
        bare = re.sub(r"<[^>]*>", lambda tag: "<" * len(tag[0]), piece)
        units = [text.encode("utf-16-le")[2 * at : 2 * at + 2] for at in places]
        if piece.isascii():
            assert all(
                unit.decode("utf-16-le") == character
                for unit, character in zip(units, bare, strict=True)
                if character != "<"
            )
        _assert_numbered(piece)
    return list(found["texts"])


def _assert_numbered(piece: str) -> None:
    """Placeholders count from 1 in order of appearance, and pairs nest."""
    seen: list[int] = []
    open_pairs: list[str] = []
    for kind, number in re.findall(r"<(x|/?g)(\d+)/?>", piece):
        if kind == "/g":
            assert open_pairs.pop() == number
            continue
        seen.append(int(number))
        if kind == "g":
            open_pairs.append(number)
    assert open_pairs == []
    assert seen == list(range(1, len(seen) + 1))
    marks = [int(number) for number in re.findall(r"<p(\d+)/>", piece)]
    assert marks == list(range(1, len(marks) + 1))


SENTENCES = " ".join(f"A lamp of <x{n}/> shines, e.g. here." for n in range(1, 601))


def test_it_is_cut_where_sentences_end(module: Module) -> None:
    pieces = _cut(module, SENTENCES)
    assert len(pieces) == 3
    assert all(piece.startswith("A lamp of <x1/>") for piece in pieces)
    assert all(piece.endswith("e.g. here.") for piece in pieces)


def test_a_cut_is_outside_of_pairs_where_it_can_be(module: Module) -> None:
    words = "We watch lamps. " * 450
    pieces = _cut(module, f"{words}Some <g1>{'Boats are slow. ' * 80}</g1> end. {words}It ends.")
    assert pieces[0] == words.strip()
    assert pieces[1].startswith("Some <g1>Boats")


def test_a_pair_that_is_too_long_is_closed_and_opened_again(module: Module) -> None:
    pieces = _cut(module, f"It <g1>{'Boats are slow. ' * 1_000}</g1><x2/> ends.")
    assert [piece[:9] for piece in pieces] == [
        "It <g1>Bo",
        "<g1>Boats",
        *["<g1>Boats"] * (len(pieces) - 2),
    ]
    assert all(piece.endswith("slow.</g1>") for piece in pieces[:-1])
    assert pieces[-1].endswith("</g1><x2/> ends.")


def test_a_sentence_that_is_too_long_is_cut_between_words(module: Module) -> None:
    pieces = _cut(module, f"{'lamps and ' * 2_000}boats.")
    assert len(pieces) == 3
    assert {piece.split()[0] for piece in pieces} <= {"lamps", "and"}
    assert all(set(piece.split()) <= {"lamps", "and", "boats."} for piece in pieces)


def test_what_displays_part_is_cut_there(module: Module) -> None:
    """The mark itself is in no piece: the display stays where it is."""
    parts = " ".join(f"{'where lamps are ' * 20}<p{n}/>" for n in range(1, 60))
    pieces = _cut(module, f"{parts} so that it ends.")
    assert all(piece.startswith("where lamps") and piece.endswith("are") for piece in pieces[:-1])


@pytest.mark.parametrize(
    "text",
    [
        "x" * 20_000,
        "灯火照亮了河。" * 3_000,
        "\N{GRINNING FACE}" * 9_000,
        "e" + "\N{COMBINING ACUTE ACCENT}" * 20_000,
        "&amp;&lt;" * 4_000,
        ("e.g. " * 5_000).strip(),
        ("( " * 9_000).strip(),
        "".join(f"<g{n}>It</g{n}>" for n in range(1, 1_001)),
        "".join(f"<g{n}></g{n}>" for n in range(1, 1_001)),
        "".join(f"<x{n}/>" for n in range(1, 2_001)),
        "we have" + "".join(f" <p{n}/> where" for n in range(1, 900)),
        "".join(f"<g{n}>a " for n in range(1, 30))
        + "words " * 4_000
        + "".join(f"</g{n}>b " for n in range(29, 1, -1))
        + "</g1>",
    ],
    ids=lambda text: text[:12],
)
def test_whatever_it_is_no_piece_is_too_long(module: Module, text: str) -> None:
    assert len(_cut(module, text)) > 1


def test_mark_up_within_mark_up_without_end_is_left_out(module: Module) -> None:
    """Its words are not."""
    text = "".join(f"<g{n}>a" for n in range(1, 900)) + "".join(
        f"</g{n}>" for n in range(899, 0, -1)
    )
    found = module.run(PIECES, text)
    assert all(len(re.findall("<", piece)) <= MAX_PLACEHOLDERS for piece in found["texts"])
    assert re.sub("<[^>]*>", "", found["joined"]) == "a" * 899


@pytest.mark.parametrize("seed", range(8))
def test_any_text_comes_back_as_it_was(module: Module, seed: int) -> None:
    chance = random.Random(seed)
    text, count = "", 0
    open_pairs: list[int] = []
    while len(text) < 30_000:
        match chance.randrange(10):
            case 0 | 1 | 2 | 3:
                text += chance.choice(["lamp", "River. ", "e.g.", "Fig.", "&amp;", "x"])
            case 4 | 5 | 6:
                text += "" if text.endswith(" ") or not text else " "
            case 7:
                count += 1
                text += f"<x{count}/>"
            case 8 if len(open_pairs) < 20:
                count += 1
                open_pairs.append(count)
                text += f"<g{count}>"
            case _ if open_pairs:
                text += f"</g{open_pairs.pop()}>"
    text += "".join(f"</g{number}>" for number in reversed(open_pairs)) + "."
    _cut(module, text)


def _segment(id_: str, text: str, **changes: Any) -> dict[str, Any]:
    return {
        **{"type": "segment", "id": id_, "text": text, "verified": True, "cached": False},
        **{"issues": [], "sourceSentences": [0], **changes},
    }


SEGMENT = {"id": "p1", "text": SENTENCES, "seen": True}


def test_short_segments_are_asked_for_as_they_are(module: Module) -> None:
    found = module.run(TELL, SEGMENT, [_segment("short", "Kurz.")])
    assert found["asked"][0] == {"id": "short", "text": "Short."}
    assert found["told"] == [_segment("short", "Kurz.")]
    pieces = found["asked"][1:]
    assert len(pieces) == len({piece["id"] for piece in pieces}) == 3
    assert all(piece["seen"] for piece in pieces)
    assert found["ids"] == ["short", *(piece["id"] for piece in pieces)]


def test_the_answers_to_pieces_are_one_answer(module: Module) -> None:
    """With the numbers of the whole, for placeholders and sentences."""
    answers = [
        _segment("@2", "<s1/>Zwei <x1/>. <s2/>Noch.", sourceSentences=[0, 100]),
        _segment("@1", "<s1/>Eins <x2/> <x1/>.", verified=False, issues=["number"]),
        _segment("@3", "<s1/>Drei.", cached=True, issues=["number", "script"]),
    ]
    found = module.run(TELL, SEGMENT, answers)
    first, second, _ = (len(re.findall(r"<x", each["text"])) for each in found["asked"][1:])
    starts = [SENTENCES.index(f"A lamp of <x{n}/>") for n in (1, first + 1, first + second + 1)]
    [*_, whole] = found["told"]
    assert whole["text"] == (
        f"<s1/>Eins <x2/> <x1/>. <s2/>Zwei <x{first + 1}/>. <s3/>Noch. <s4/>Drei."
    )
    assert (whole["id"], whole["verified"], whole["cached"]) == ("p1", False, False)
    assert whole["issues"] == ["number", "script"]
    assert whole["sourceSentences"][:2] == starts[:2]
    assert whole["sourceSentences"][3] == starts[2]
    assert starts[1] < whole["sourceSentences"][2] < starts[2]
    assert found["ids"] == ["short", "p1"]


def test_where_one_piece_has_no_sentences_the_whole_has_none(module: Module) -> None:
    answers = [_segment(f"@{n}", f"<s1/>Satz {n}.") for n in (1, 2)]
    last = _segment("@3", "Satz 3.")
    del last["sourceSentences"]
    [*_, whole] = module.run(TELL, SEGMENT, [*answers, last])["told"]
    assert whole["text"] == "Satz 1. Satz 2. Satz 3."
    assert "sourceSentences" not in whole


def test_pieces_are_shown_in_order(module: Module) -> None:
    """Each when all before it are whole; what was shown otherwise before is shown anew."""
    told = module.run(
        TELL,
        SEGMENT,
        [
            {"type": "delta", "id": "@2", "text": "Zwei"},
            {"type": "delta", "id": "@1", "text": "Eins <x"},
            {"type": "delta", "id": "@1", "text": "1/>"},
            _segment("@1", "<s1/>Eins <x1/>."),
            {"type": "restart", "id": "@2"},
            _segment("@2", "<s1/>Zwo."),
        ],
    )["told"]
    assert [each.get("text", each["type"]) for each in told] == [
        *["Eins ", "<x1/>", ". Zwei", "restart", "Eins <x1/>.", " Zwo."]
    ]
    assert {each["id"] for each in told} == {"p1"}


def test_what_fails_or_is_dropped_in_one_piece_is_so_as_a_whole(module: Module) -> None:
    """And the rest of it is not heard of any more, also when it is asked for again."""
    failed = {"type": "failed", "id": "@2", "problem": {"type": "rate-limited"}}
    rest = [_segment(f"@{n}", "Rest.") for n in (1, 3)]
    told = module.run(TELL, SEGMENT, [failed, {"type": "again"}, *rest])["told"]
    assert told[0] == {**failed, "id": "p1"}
    assert "p1" not in {each["id"] for each in told[1:]}
    dropped = {"type": "cancelled", "ids": ["other", "@2", "@3"]}
    told = module.run(TELL, SEGMENT, [dropped, {"type": "again"}, *rest])["told"]
    assert told[0] == {"type": "cancelled", "ids": ["other", "p1"]}
    assert "p1" not in {each["id"] for each in told[1:]}
