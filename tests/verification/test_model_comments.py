"""A remark of the model is found where its words are the text's own subject, too."""

from __future__ import annotations

import pytest

from backend import languages
from backend.verification.verify import check

HELP = "We describe how propaganda accounts use chatbots."
OMITTED = "Machine translation systems omit short sentences."
COMMENTS = [
    (HELP, "fa", "متأسفم، اما نمی‌توانم در این مورد به شما کمک کنم."),
    (HELP, "ru", "Простите, но я не могу помочь с этим."),
    (HELP, "tr", "Bu konuda size yardımcı olamam."),
    (HELP, "hi", "मैं इसमें आपकी मदद नहीं कर सकता।"),
    (OMITTED, "de", "Gerne, hier ist die gewünschte Übersetzung: "),
    (OMITTED, "pt-BR", "Claro! Segue a tradução solicitada: "),
    (OMITTED, "fr", "Voici la version traduite demandée : "),
    (OMITTED, "ru", "Вот перевод: "),
    (OMITTED, "zh-Hans", "以下是翻译："),
]
OF_TRANSLATION = {
    "de": "Systeme der maschinellen Übersetzung lassen kurze Sätze aus.",
    "pt-BR": "Os sistemas de tradução automática omitem frases curtas.",
    "fr": "Les systèmes de traduction automatique omettent les phrases courtes.",
    "ru": "Системы машинного перевода пропускают короткие предложения.",
    "zh-Hans": "机器翻译系统会漏掉短句。",
}
JOINED = "We study machine translation. It omits short sentences."
FAITHFUL = [
    (JOINED, "de", "Wir untersuchen maschinelle Übersetzung: Sie lässt kurze Sätze aus."),
    (JOINED, "zh-Hans", "我们研究机器翻译：它会漏掉短句。"),
    ("Here we study translation: of poems.", "es", "Aquí estudiamos la traducción: de poemas."),
    *((OMITTED, tag, text) for tag, text in OF_TRANSLATION.items()),
]


@pytest.mark.parametrize(("source", "tag", "answer"), COMMENTS)
def test_comments_are_refused(source: str, tag: str, answer: str) -> None:
    answer += OF_TRANSLATION[tag] if source == OMITTED else ""
    found = check(source, answer, language=languages.find(tag))
    assert "refusal" in {issue.name for issue in found.issues}


@pytest.mark.parametrize(("source", "tag", "translation"), FAITHFUL)
def test_what_the_text_says_of_translation_is_no_comment(
    source: str, tag: str, translation: str
) -> None:
    found = check(source, translation, language=languages.find(tag))
    assert "refusal" not in {issue.name for issue in found.issues}
