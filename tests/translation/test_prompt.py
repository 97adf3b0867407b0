"""What the model is told, and how its answer is read however it is cut up."""

from __future__ import annotations

import itertools
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import languages
from backend.languages import ALL, Language
from backend.terminology.glossary import Term
from backend.translation.answer_parser import AnswerParser
from backend.translation.prompt import build_messages
from backend.translation.records import Context
from backend.verification.repair_examples import example
from backend.verification.verify import check

ZH = languages.find("zh-Hans")
ANSWER = '<seg id="1">我们研究 <x1/>。</seg>\n<seg id="2">a &lt; b 与 <g2>注意力</g2></seg>'
PARSED = {1: "我们研究 <x1/>。", 2: "a &lt; b 与 <g2>注意力</g2>"}


def read(chunks: list[str], *, count: int = 2, whole: bool = True) -> dict[int, str]:
    """The finished segments of an answer that comes in these chunks; checks how it was cut."""
    parser, texts, ended = AnswerParser(count), dict[int, str](), set[int]()
    pieces = [piece for chunk in chunks for piece in parser.feed(chunk)]
    for piece in [*pieces, *parser.close(whole=whole)]:
        assert piece.number not in ended
        assert piece.text.count("<") == piece.text.count(">"), "a tag was cut in two"
        assert "&" not in piece.text or "&lt;" in piece.text, "an entity was cut in two"
        texts[piece.number] = texts.get(piece.number, "") + piece.text
        if piece.ended:
            ended.add(piece.number)
    return {number: texts[number] for number in ended}


@given(cuts=st.lists(st.integers(0, len(ANSWER)), max_size=20))
def test_an_answer_reads_the_same_however_it_is_cut(cuts: list[int]):
    edges = [0, *sorted(cuts), len(ANSWER)]
    assert read([ANSWER[a:b] for a, b in itertools.pairwise(edges)]) == PARSED


@pytest.mark.parametrize(
    "answer",
    [
        "Here is the translation:\n" + ANSWER,
        "```xml\n" + ANSWER + "\n```",
        ANSWER.replace('"1"', "'1'").replace('"2"', "2"),
        ANSWER.replace("</seg>\n", "\n"),
        ANSWER.replace("seg", "SEG"),
        re.sub(r' id="\d"', "", ANSWER),
        re.sub(r'(<seg id="\d">)', r"\1\1", ANSWER),
        ANSWER.replace("</seg>", '</seg id="1">'),
        ANSWER.replace("</seg>", "</seg1>"),
        ANSWER.replace("</seg>", "<\\/seg>"),
        ANSWER + "\n(Note: I kept the tags.)",
        ANSWER + '\n<seg id="1">once more</seg><seg id="9">unasked</seg>',
    ],
)
def test_tolerates_what_models_do_around_segments(answer: str):
    assert read([answer]) == PARSED


def test_an_answer_without_tags_is_the_answer_to_the_only_segment():
    assert read(["我们", "研究。"], count=1) == {1: "我们研究。"}
    assert read(["我们研究。"], count=2) == {}


def test_a_cut_answer_has_no_end():
    assert read(['<seg id="1">我们</seg><seg id="2">研'], whole=False) == {1: "我们"}


@given(st.text(alphabet="<>/seg id=\"'12&;x ", max_size=200))
def test_reads_anything(text: str):
    parser = AnswerParser(2)
    for character in text:
        parser.feed(character)
    parser.close(whole=True)


def test_an_endless_preamble_is_bounded():
    parser = AnswerParser(1)
    for _ in range(100):
        parser.feed("<" * 10_000)
    assert len(parser._buffer) + len(parser._outside) < 500_000


@pytest.mark.parametrize(
    "prose",
    [
        ["A title"],
        ["A title about attention in the language models of today"] * 25,
        ["word " * 380],
    ],
)
def test_what_is_not_prose_stays_within_its_limit(prose: list[str]):
    """As a JSON body with the usual parameters, every term and the whole context asked for."""
    terms = [Term(f"attention number {n}", f"第{n}种注意力机制") for n in range(200)]
    messages = build_messages(
        prose,
        language=ZH,
        context=Context("A title elsewhere", "Methods", "An abstract. " * 200),
        terms=terms,
        needed=["<x1/>", "13.5"],
    )
    body = {
        "model": "a-model-with-a-long-name-2026-11",
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.2,
        "max_completion_tokens": 4096,
        "reasoning_effort": "minimal",
    }
    total = sum(map(len, prose))
    assert len(json.dumps(body)) - total <= max(1200, total)


def test_the_user_message_holds_nothing_but_the_segments():
    messages = build_messages(["We study <x1/>.", "Two"], language=ZH, context=Context("T"))
    assert messages[-1] == {
        "role": "user",
        "content": '<seg id="1">We study <x1/>.</seg>\n<seg id="2">Two</seg>',
    }
    assert "zh-Hans" in messages[0]["content"]
    assert "T" in messages[0]["content"]


def test_a_repair_says_what_to_use_and_nothing_that_could_be_translated():
    """A small model translated "the text was not translated; write it in German"."""
    [first, _] = build_messages(["We study <x1/>."], language=ZH)
    [repair, _] = build_messages(["We study <x1/>."], language=ZH, needed=["<x1/>", "13.5"])
    added = repair["content"].removeprefix(first["content"])
    assert added == (
        '\nExample: <seg id="1">For <x1/>, the error falls by 3.5%.</seg>'
        ' = <seg id="1">对于<x1/>，误差下降了3.5%。</seg>\nUse: <x1/> 13.5'
    )


@pytest.mark.parametrize("language", ALL, ids=lambda language: language.tag)
def test_every_language_has_an_example_that_fits(language: Language):
    shown = example(language)
    assert check(shown.source, shown.translation, language=language).verified
    [repair, _] = build_messages(["A title"], language=language, needed=())
    assert shown.translation in repair["content"]
