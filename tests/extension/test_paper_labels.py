"""What a paper's class writes, in the reader's language."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "content/pages/paper-labels.js"

TAG = """(html) => {
    const tag = new DOMParser().parseFromString(html, 'text/html').querySelector('.ltx_tag');
    return tag && document.importNode(tag, true);
}"""
WRITTEN = f"""({{ PaperLabels }}, lang, html) => {{
  const tag = ({TAG})(html);
  PaperLabels.in(lang).write(tag);
  return {{ text: tag.textContent, inside: tag.innerHTML, lang: tag.getAttribute('lang'), dir: tag.dir }};
}}"""
TRANSLATED = f"""({{ PaperLabels }}, lang, text, html) =>
  PaperLabels.in(lang).translate(text, ({TAG})(html))"""


def _tag(words: str, kind: str = "figure") -> str:
    return f'<span class="ltx_tag ltx_tag_{kind}">{words}</span>'


@pytest.mark.parametrize(
    ("lang", "words", "written"),
    [
        ("zh-Hans", "Figure 1: ", "图 1："),
        ("zh-Hant", "Figure 1: ", "圖 1："),
        ("ja", "Figure 1: ", "図1: "),
        ("ko", "Figure 1: ", "그림 1: "),
        ("es", "Figure 1: ", "Figura 1: "),
        ("fr", "Figure 1: ", "Figure 1\u00a0: "),
        ("de", "Figure 1: ", "Abbildung 1: "),
        ("pt-BR", "Figure 1: ", "Figura 1: "),
        ("pt-PT", "Conjecture 1.", "Conjetura 1."),
        ("ru", "Figure 1: ", "Рисунок 1: "),
        ("it", "Figure 1: ", "Figura 1: "),
        ("ar", "Figure 1: ", "الشكل 1: "),
        ("zh-Hans", "Table 2.", "表 2。"),
        ("zh-Hans", "TABLE IV", "表 IV"),
        ("de", "Fig. 3. ", "Abbildung 3. "),
        ("de", "Theorem 1.2", "Satz 1.2"),
        ("de", "Remark", "Bemerkung"),
        ("ja", "Remark.", "注意。"),
        ("ja", "Listing\u00a01: ", "リスト1: "),
        ("fr", "Appendix A ", "Annexe A "),
    ],
)
def test_a_label_has_the_word_and_the_punctuation_of_the_language(
    module: Module, lang: str, words: str, written: str
) -> None:
    found = module.run(WRITTEN, lang, _tag(words))
    assert found["text"] == written
    assert (found["lang"], found["dir"]) == (lang, "rtl" if lang == "ar" else "ltr")


def test_what_else_is_in_a_label_stays(module: Module) -> None:
    words = '<b id="b">Figure <a href="#f">3</a></b><i>: </i>'
    found = module.run(WRITTEN, "zh-Hans", _tag(words))
    assert found["inside"] == '<b id="b">图 <a href="#f">3</a></b><i>：</i>'


@pytest.mark.parametrize(
    "html",
    [
        _tag("(a) "),
        _tag("1 ", "section"),
        _tag("Kites 1"),
        _tag("Figured 1"),
        _tag("Table 1", "item"),
        _tag("Proof 1", "note"),
        _tag("constructor 1"),
        _tag(""),
    ],
)
def test_what_is_no_label_stays_as_it_is(module: Module, html: str) -> None:
    found = module.run(WRITTEN, "zh-Hans", html)
    assert html.endswith(f">{found['inside']}</span>")
    assert found["lang"] is None


@pytest.mark.parametrize(
    ("lang", "text", "tag", "translated"),
    [
        ("zh-Hans", "Proof.", "", "证明。"),
        ("de", "Proof.", "", "Beweis."),
        ("fr", "Keywords:", "", "Mots-clés\u00a0:"),
        ("ja", "Abstract", "", "概要"),
        ("ko", "ACKNOWLEDGMENTS", "", "감사의 글"),
        ("ru", "References", _tag("7 ", "section"), "Литература"),
        ("zh-Hans", ".", _tag("Lemma 1.2", "theorem"), "。"),
        ("zh-Hans", "", _tag("Lemma 1.2", "theorem"), ""),
        ("zh-Hans", ".", "", None),
        ("zh-Hans", "", _tag("1 ", "section"), None),
        ("zh-Hans", "Proof of <x1/>.", "", None),
        ("zh-Hans", "Theorem", "", None),
        ("zh-Hans", "constructor", "", None),
    ],
)
def test_a_text_that_is_nothing_but_a_label_is_known(
    module: Module, lang: str, text: str, tag: str, translated: str | None
) -> None:
    assert module.run(TRANSLATED, lang, text, tag) == translated


def test_every_language_that_has_labels_has_all_of_them(module: Module) -> None:
    """One of ours that a row forgets would come out as "undefined"."""
    words = ["Figure", "Table", "Theorem", "Case", "Appendix", "Axiom", "Listing", "Note"]
    for lang in [
        "zh-Hans",
        "zh-Hant",
        "ja",
        "ko",
        "es",
        "fr",
        "de",
        "pt-BR",
        "pt-PT",
        "ru",
        "it",
        "ar",
    ]:
        for word in words:
            assert "undefined" not in module.run(WRITTEN, lang, _tag(f"{word} 1"))["text"]
    assert module.run("({ PaperLabels }) => PaperLabels.in('fi') ?? null") is None
