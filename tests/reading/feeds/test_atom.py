"""Atom as RFC 4287 has it and as feedparser reads it."""

from __future__ import annotations

import re

import pytest

from tests.fakes.upstreams import entry, listed

from .atom_rules import violations
from .conftest import kind

DAY = "2026-03-04"
FEEDS = [
    "/de/feed.atom",
    "/de/feed.atom?verified=1",
    "/de/feed.atom?category=cs.LG",
    "/de/feed.atom?category=hep-th",
    "/de/feed.atom?digest=1",
    "/de/feed.atom?digest=1&verified=1&category=cs.CL",
    "/en/feed.atom",
    "/en/feed.atom?digest=1",
    "/ar/feed.atom",
    "/tr/feed.atom",
]


def keep_some_papers(site):
    """Two final days and one that fills; of each day's papers the last is not translated."""
    for day in ("2026-03-02", "2026-03-03", DAY):
        ids = site.papers(day, 4, githubRepo="https://github.com/example/sheep")
        for n, id in enumerate(ids[:-1]):
            site.translate(id, verified=n > 0)
            site.translate(id, "ar", title="ورقة", abstract="الملخص <x1/>.")


def test_a_feed_keeps_the_rfcs_rules(site):
    keep_some_papers(site)
    for address in FEEDS:
        response = site.get(address)
        assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert violations(response.data) == [], address
        assert site.atom(address).version == "atom10"


def test_feedparser_sees_every_field(site):
    id = "2603.00007"
    site.arxiv.entries[id] = entry(
        id,
        title="Poincar\\'e sheep & $n<2$ goats",
        abstract="We have $x^2$ sheep.",
        categories=("cs.CL", "cs.LG"),
    )
    site.poll(DAY, [listed(id, githubRepo="https://github.com/example/sheep")])
    site.translate(
        id, "ja", title="羊 &amp; 山羊 <x1/>", abstract="羊は <x1/> 匹いる。", verified=False
    )
    read = site.atom("/ja/feed.atom?category=cs.LG")
    feed, (seen,) = read.feed, read.entries
    assert feed.id == "tag:localhost,2026:feed/ja?category=cs.LG"
    assert feed.title == "Paperglot：今日の AI 論文 · cs.LG"
    assert feed.title_detail.language == "ja"
    assert feed.subtitle
    assert feed.icon == "http://localhost/favicon.ico"
    links = {(link.rel, link.type): link.href for link in feed.links}
    assert links == {
        ("self", "application/atom+xml"): "http://localhost/ja/feed.atom?category=cs.LG",
        ("alternate", "text/html"): "http://localhost/ja/latest",
    }
    assert feed.updated == seen.updated
    assert seen.id == f"tag:localhost,2026:{id}/ja"
    assert (seen.title, seen.title_detail.type) == ("羊 & 山羊 $n<2$", "text/plain")
    assert seen.title_detail.language == "ja"
    assert seen.published == f"{DAY}T00:00:00Z"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", seen.updated)
    assert [author.name for author in seen.authors] == ["Ada Example", "Émile Exemple"]
    assert {(tag.term, tag.scheme) for tag in seen.tags} == {
        ("cs.CL", "http://arxiv.org/schemas/atom"),
        ("cs.LG", "http://arxiv.org/schemas/atom"),
    }
    shown = [
        (link.rel, link.type, link.get("hreflang"), link.get("title"), link.href)
        for link in seen.links
    ]
    assert shown == [
        ("alternate", "text/html", "ja", "羊 & 山羊 $n<2$", f"http://localhost/ja/papers/{id}"),
        ("related", "text/html", "en", "arXiv", f"https://arxiv.org/abs/{id}"),
        ("related", "application/pdf", "en", "PDF", f"https://arxiv.org/pdf/{id}"),
        ("related", "text/html", None, "コード", "https://github.com/example/sheep"),
    ]
    assert seen.summary_detail.type == "text/plain"
    assert seen.summary.startswith("チェックで原文との違いが見つかりました。")
    assert seen.summary.endswith("羊は $x^2$ 匹いる。")
    (content,) = seen.content
    assert (content.type, content.language) == ("text/html", "ja")
    translation, original = content.value.split("<h4")
    assert "チェックで" in translation
    assert '<div dir="ltr" lang="ja">' in translation  # feedparser sorts attributes
    assert '<div dir="ltr" lang="en">' in original
    for half in (translation, original):
        assert re.search(r"<math.*<msup>.*</math>", half, re.DOTALL)
    assert "Poincaré sheep" in original


def test_right_to_left_and_words_in_english_are_marked(site):
    """A language without words of ours has its own name in the title, and English marked as such."""
    keep_some_papers(site)
    read = site.atom("/ar/feed.atom")
    assert read.feed.title == "Paperglot: AI papers of the day · العربية"
    assert read.feed.title_detail.language == "en"
    content = read.entries[0].content[0].value
    assert '<div dir="rtl" lang="ar">' in content
    assert '<h4 dir="ltr" lang="en">Original</h4>' in content


def test_originals_alone_in_english(site):
    keep_some_papers(site)
    read = site.atom("/en/feed.atom")
    assert len(read.entries) == 12
    content = read.entries[0].content[0].value
    word = kind("2603.04004")
    assert content.count(f"We count {word} sheep") == 1
    assert read.entries[0].summary == f"We count {word} sheep, $2.0\\times$ faster."


@pytest.mark.parametrize(
    ("before", "after", "section"),
    [
        (b"<title>", b"<name>", "well-formed"),
        (b'<title type="text">', b'<title type="xhtml">', "3.1.1"),
        (b"T00:00:00Z</published>", b"</published>", "3.3"),
        (b"<id>tag:", b"<id>", "4.2.6"),
        (b' term="cs.CL"', b"", "4.2.2"),
        (b'rel="self"', b'rel="me"', "4.2.7.2"),
        (b' href="http://localhost', b' href="', "4.2.7.1"),
        (b"<name>Ada Example</name>", b"<name></name>", "3.2.1"),
        (b"<generator>", b'<generator colour="red">', "2: "),
        (b'type="html"', b'type="text"', "4.1.3.3"),
        (b"2603.04002/de<", b"2603.04001/de<", "4.1.1"),
    ],
)
def test_the_rules_refuse_what_is_broken(site, before, after, section):
    for id in site.papers(DAY, 2):
        site.translate(id)
    whole = re.sub(
        rb"<updated>[^<]*", b"<updated>2026-03-04T12:00:00Z", site.get("/de/feed.atom").data
    )
    assert violations(whole) == []
    broken = whole.replace(before, after)
    if section == "well-formed":
        with pytest.raises(SyntaxError):
            violations(broken)
    else:
        assert any(found.startswith(section) for found in violations(broken))
