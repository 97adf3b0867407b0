"""Texts and queries cut into tokens: what finds what, in many scripts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import InvalidRequest
from backend.texts.search_expressions import fits
from backend.texts.search_query import Query, parse
from backend.texts.search_tokens import BREAK, readable, tokens

FOUND = [
    ("We train GPT-4 on it.", "GPT-4"),
    ("We train GPT-4 on it.", "gpt-4"),
    ("We train GPT-4 on it.", "GPT4"),
    ("We train GPT-4 on it.", "gpt"),
    ("We train GPT 4 on it.", "GPT-4"),
    ("We train GPT4 on it.", "GPT-4"),
    ("Compilers for C++, and C#", "C++"),
    ("Compilers for C++, and C#", "c#"),
    ("Compilers for C++, and C#", "C"),
    ("It is 3.5x faster.", "3.5x"),
    ("It is 3.5x faster.", "3.5"),
    ("with 1,000 steps", "1000"),
    ("Llama3 is open", "llama"),
    ("Llama-3 is open", "Llama3"),
    ("pre-training pays", "pretraining"),
    ("pretraining pays", "pre-training"),
    ("we don't know", "don't"),
    ("we don’t know", "don't"),
    ("state-of-the-art results", "state art"),
    ("Sparse attention is all", '"sparse attention"'),
    ("Sparse attention is all", "“attention is all”"),
    ("Reasoning with C++ code", '"C++ code"'),
    ("大语言模型的推理", "模型"),
    ("大语言模型的推理", "推理"),
    ("大语言模型的推理", "理"),
    ("大语言模型的推理", "语言模型"),
    ("大语言模型的推理", "語言模型"),
    ("大語言模型的推理", "语言模型"),
    ("大語言模型", "语"),
    ("大语言模型", "語"),
    ("頭髮與發現", "头发 发现"),
    ("推理模型GPT-4很快", '"模型 GPT-4"'),
    ("推理模型GPT-4很快", "GPT-4"),
    ("大規模言語モデルの推論", "モデル"),
    ("大規模言語モデルの推論", "ﾓﾃﾞﾙ"),
    ("언어 모델을 학습한다", "모델"),
    ("mô hình ngôn ngữ", "ngu"),
    ("mô hình ngôn ngữ", "ngữ"),
    ("mo hinh", "mô hình"),
    ("Łódź, Øresund, Straße, Æon", "lodz oresund strasse aeon"),
    ("Poincaré and Gödel", "poincare godel"),
    ("İstanbul ışık", "istanbul isik"),
    ("ёлка и йод", "елка"),
    ("Ἀλγόριθμος", "αλγοριθμοσ"),
    ("हिन्दी में दान", "दान"),
    ("বাংলা ভাষা", "ভাষা"),
    ("தமிழ் மொழி", "மொழி"),
    ("مُحَمَّد يكتب", "محمد"),
    ("أحمد إلى", "احمد"),
    ("مدل‌های زبانی", "زبانی"),
    ("زبان کامپیوتر", "كامپيوتر"),
    ("שָׁלוֹם עולם", "שלום"),
    ("การเรียนรู้ของเครื่อง", "เรียนรู้"),
    ("ตัวแบบภาษา", "ภาษา"),
    ("ຮຽນຮູ້", "ຮູ້"),
    ("ភាសា", "ភាសា"),
    ("ＧＰＴ ４", "gpt 4"),
    ("٣ نماذج", "3"),
]
LOST = [
    ("We train GPT-3 for 4 days.", "GPT-4"),
    ("C is a language", "C++"),
    ("3 or 5x", "3.5x"),
    ("attention is sparse", '"sparse attention"'),
    (f"sparse {BREAK} attention", '"sparse attention"'),
    ("模型，推理", '"模型推理"'),
    ("型模", "模型"),
    ("दिन", "दान"),
    ("か", "が"),
    ("rows 3-5", "35"),
    ("models", "model"),
]


def _finds(text: str, query: str) -> bool:
    return all(fits(expression, tokens(text)) for expression in parse(query).anywhere)


@pytest.mark.parametrize(("text", "query"), FOUND)
def test_a_text_is_found_by(text: str, query: str):
    assert _finds(text, query)


@pytest.mark.parametrize(("text", "query"), LOST)
def test_a_text_is_not_found_by(text: str, query: str):
    assert not _finds(text, query)


def test_formulas_and_markup_are_no_words():
    text = readable("The <g1>sparse</g1> rank <x2/> of A &lt; B")
    assert text == f"The sparse rank {BREAK} of A < B"
    assert {"g1", "x2", "lt"}.isdisjoint(tokens(text))


@pytest.mark.parametrize("query", ["!!!", '""', "…", "+ #"])
def test_a_query_without_words_is_refused(query: str):
    with pytest.raises(InvalidRequest, match="no word"):
        parse(query)


@pytest.mark.parametrize("query", ["x" * 301, " ".join(f"w{n}" for n in range(40))])
def test_a_query_that_is_too_long_is_refused(query: str):
    with pytest.raises(InvalidRequest, match="may hold"):
        parse(query)


def test_an_empty_query_asks_for_everything():
    assert parse(" ") == Query()


@given(st.text(max_size=300))
def test_any_text_finds_itself(text: str):
    """Whatever is typed is read without a fault, and what was typed finds a text of just that."""
    try:
        query = parse(text)
    except InvalidRequest:
        return
    found = tokens(text)
    assert all(fits(expression, found) for expression in query.anywhere)
    assert all(re.fullmatch(r"[^\s\"'\x00-\x1f]+", token) for token in found), found
