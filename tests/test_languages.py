from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend import languages
from backend.errors import UnsupportedLanguage


@pytest.mark.parametrize(
    ("tag", "expected"),
    [
        ("zh-Hans", "zh-Hans"),
        ("ZH-HANT", "zh-Hant"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh_TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hans-HK", "zh-Hans"),
        ("zh-cmn-Hans-CN", "zh-Hans"),
        ("cmn-TW", "zh-Hant"),
        ("pt", "pt-BR"),
        ("pt_br", "pt-BR"),
        ("pt-PT", "pt-PT"),
        ("pt-AO", "pt-PT"),
        ("es-MX", "es"),
        ("es-419", "es"),
        ("de-AT", "de"),
        ("de-CH-1996", "de"),
        ("de-Latn-DE", "de"),
        ("en-GB-oxendict", "en"),
        ("en-US-u-ca-gregory", "en"),
        ("ja-Jpan-JP", "ja"),
        ("ja-JP", "ja"),
        ("ko-Kore", "ko"),
        ("no", "nb"),
        ("iw", "he"),
        ("in", "id"),
        ("tl-PH", "fil"),
        (" fr ", "fr"),
    ],
)
def test_a_readers_tag_finds_our_language(tag: str, expected: str) -> None:
    assert languages.find(tag).tag == expected


@pytest.mark.parametrize(
    "tag", ["xx", "tlh", "zh-yue", "zh-Latn", "ja-Latn", "sr-Latn", "ru-Latn-RU"]
)
def test_a_language_we_do_not_serve_is_refused_by_name(tag: str) -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        languages.find(tag)
    assert caught.value.status == 400
    assert tag.lower() in caught.value.detail
    assert "/api/v1/languages" in caught.value.detail


@pytest.mark.parametrize(
    "tag",
    ["", "-", "e", "english", "zh-", "zh--CN", "x-klingon", "de DE", "*", "fr;q=0.8", "日本語"],
)
def test_what_is_no_tag_is_refused_without_being_repeated(tag: str) -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        languages.find(tag)
    assert "BCP 47" in caught.value.detail
    assert "/api/v1/languages" in caught.value.detail


def test_a_huge_tag_does_not_come_back() -> None:
    with pytest.raises(UnsupportedLanguage) as caught:
        languages.find("zh-" + "evil" * 50_000)
    assert len(caught.value.detail) < 200
    assert "evil" not in caught.value.detail


@given(st.text(max_size=50))
def test_any_text_is_a_language_or_refused(tag: str) -> None:
    try:
        answer = languages.find(tag).tag
    except UnsupportedLanguage as error:
        answer = error.detail
    assert len(answer) < 250


@pytest.mark.parametrize("language", languages.ALL, ids=lambda language: language.tag)
def test_each_language_finds_itself_and_is_complete(language: languages.Language) -> None:
    assert languages.find(language.tag) is language
    assert languages.find(language.tag.lower().replace("-", "_")) is language
    assert re.fullmatch(r"[a-z]{2,3}(-[A-Z][a-z]{3}|-[A-Z]{2})?", language.tag)
    assert language.name[0].isupper()
    rtl = unicodedata.bidirectional(language.endonym[0]) in {"R", "AL"}
    assert language.dir == ("rtl" if rtl else "ltr")
    assert language.scripts


def test_tags_are_unique_and_the_contracts_are_among_them() -> None:
    tags = [language.tag for language in languages.ALL]
    assert len(set(tags)) == len(tags)
    promised = (
        "zh-Hans zh-Hant ja ko es fr de pt-BR pt-PT ru it vi id tr ar he fa hi th uk pl nl en"
    )
    assert set(promised.split()) <= set(tags)
