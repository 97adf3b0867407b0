"""Where sentences begin in a protected text."""

from __future__ import annotations

import pytest

from backend.texts.sentences import split


@pytest.mark.parametrize(
    "text",
    [
        "We study graphs. | They are large! | Are they? | Yes.",
        "See Fig. 3 and Sec. II, cf. Knuth et al. 1998, e.g. this. | It holds.",
        "It costs 3.5 units, i.e. Less. | We stop.",
        "Alan M. Turing and J. von Neumann wrote it. | A. Church did not.",
        "By A. Smith and B. Jones. | We go on.",
        "It lies in the set A. | We show more.",
        "It holds (see below. It is short.) for all. | Then we end.",
        "It holds <g1>in full. Always.</g1> We know. | It ends.",
        "Let <x1/>. | <g2>Then</g2> it holds. | <x3/> is small.",
        "In No. 5 we ask. | The answer is no. | We stop.",
        "The interval [0, 1) is open. | It is small. | A list 1) of (two.",
        "Really?! | Yes… | “It is so.” | We know.",
        "It is v1.2 of the code. it is not cut. | Here it is.",
        "我们研究图。|它们很大！|对吗？|是的。",
        "これは（例。）です。|終わり。",
        "यह पहला है। |दूसरा है।",
        "یہ پہلا ہے۔ |دوسرا ہے۔",
        "هل هذا صحيح؟ |نعم.",
        "Es begann im 20. Jahrhundert. | Ende des 19. Jahrhunderts nicht. | Es kostet 1,3 Mrd. Euro.",
        "It has sides of 12 and 20. | We go on.",
        "Trata de la historia de EE. UU. | Es larga.",
        "« Oui ! » : la réponse. | Elle est courte.",
        "Это т. е. пример, см. рис. 3. | Всё.",
    ],
)
def test_sentences_begin_where_readers_say(text: str) -> None:
    pieces = [piece.strip() for piece in text.split("|")]
    assert [piece.strip() for piece in split(text.replace(" | ", " ").replace("|", ""))] == pieces


def test_nothing_is_lost() -> None:
    text = "We study <x1/>. They are large (see Fig. 2). Yes."
    assert "".join(split(text)) == text
    assert split("  ") == []
