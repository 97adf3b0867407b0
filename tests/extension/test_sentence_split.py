"""Sentences that `Intl.Segmenter` cuts, joined where it cuts wrongly."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "content/view/sentence-split.js"


def _split(module: Module, text: str, lang: str = "en") -> list[str]:
    starts = module.run(
        "({ sentenceStarts }, text, lang) => sentenceStarts(text, lang)", text, lang
    )
    return [text[a:b].strip() for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@pytest.mark.parametrize(
    ("text", "lang", "count"),
    [
        ("We show this. It holds.", "en", 2),
        ("We show\nthis in the\nlamp. It\nholds.", "en", 2),
        ("As in Fig. 3 and Sec. A, it holds, cf. Ref. 12. It ends.", "en", 2),
        ("By J. Smith et al. and Prof. Gale. It ends.", "en", 2),
        ("We use lamps, e.g. bright ones, i.e. Lamps, vs. Boats. It ends.", "en", 2),
        ("It holds (see Smith. It is known.) here. It ends.", "en", 2),
        ("It was said.[12] It ends.", "en", 1),
        ("Das gilt z. B. Lampen, d. h. Licht, vgl. Abb. 3. Es endet.", "de", 2),
        ("我们证明这一点。它成立。", "zh-Hans", 2),
        ("これを示す。それは成り立つ。", "ja", 2),
        ("The value is \ufffc. It ends.", "en", 2),
        ("", "en", 1),
    ],
)
def test_when_in_doubt_they_are_one(module: Module, text: str, lang: str, count: int) -> None:
    assert len(_split(module, text, lang)) == count, _split(module, text, lang)


def test_lengths_tell_which_is_which(module: Module) -> None:
    """One that was made two, two that were made one, and a side that has hardly any."""
    align = """async (_, source, target) => {
      const { alignByLength } = await import('/content/view/sentence-alignment.js');
      return alignByLength(source, target).map(({ source, target }) => [source, target]);
    }"""
    assert module.run(align, [50, 120, 30], [55, 118, 33]) == [[0, 0], [1, 1], [2, 2]]
    assert module.run(align, [50, 120, 30], [50, 61, 60, 30]) == [[0, 0], [1, 1], [2, 3]]
    assert module.run(align, [50, 60, 61, 30], [20, 50, 12]) == [[0, 0], [1, 1], [3, 2]]
    assert module.run(align, [40, 40, 40, 40, 40, 40], [90]) == [[0, 0]]
    assert module.run(align, [40], [40]) == [[0, 0]]
