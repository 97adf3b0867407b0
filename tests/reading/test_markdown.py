"""A day and a paper as Markdown, and llms.txt, over HTTP."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from flask.testing import FlaskClient
from markdown_it import MarkdownIt
from markdown_it.token import Token

from backend import languages
from backend.papers.records import Edition, Paper, PaperTranslation
from backend.reading.markdown import documents
from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace, entry, listed
from tests.papers.wiring import RememberedTranslations, translated
from tests.problem import assert_problem
from tests.reading.test_citations import HOSTILE
from tests.reading.test_markdown_escaping import GITHUB, OURS

DAY = """\
# Paper vom Dienstag, 3. März 2026

1 von 3 mit geprüfter Übersetzung ins Deutsche. Mit Abweichungen vom Original: 1. Noch nicht übersetzt: 1. \
Die Liste ist vollständig.

## 1. Ziegen auf Deutsch

Originaltitel: Goats

Ada Example, Émile Exemple

arXiv:2603.00002 · Veröffentlicht am 28. Februar 2026 · cs.CL, cs.LG · Stimmen: 5 · \
[arXiv](https://arxiv.org/abs/2603.00002), [PDF](https://arxiv.org/pdf/2603.00002), \
[HTML](https://arxiv.org/html/2603.00002), [Hugging Face](https://huggingface.co/papers/2603.00002) \
· 12 pages, 3 figures

Bei der Prüfung ist eine Abweichung vom Original aufgefallen. Vor dem Zitieren lohnt sich ein Vergleich. \
Übersetzt von a-model.

### Abstract

Kurz gesagt.

### Abstract im Original

Of goats.

## 2. Schafe in $x_1$

Originaltitel: Sheep in $x_1$

Ada Example, Émile Exemple

arXiv:2603.00001 · Veröffentlicht am 28. Februar 2026 · cs.CL, cs.LG · Stimmen: 3 · \
[arXiv](https://arxiv.org/abs/2603.00001), [PDF](https://arxiv.org/pdf/2603.00001), \
[HTML](https://arxiv.org/html/2603.00001), [Code](<https://example.org/sheep(1)>), \
[Hugging Face](https://huggingface.co/papers/2603.00001) \
· 12 pages, 3 figures

Geprüft: Formeln und Zahlen sind die des Originals. Übersetzt von a-model.

### Abstract

Kurz gesagt.

### Abstract im Original

Of $n<2$ sheep.

## 3. Pigs

Ada Example, Émile Exemple

arXiv:2603.00003 · Veröffentlicht am 28. Februar 2026 · cs.CL, cs.LG · Stimmen: 1 · \
[arXiv](https://arxiv.org/abs/2603.00003), [PDF](https://arxiv.org/pdf/2603.00003), \
[HTML](https://arxiv.org/html/2603.00003), [Hugging Face](https://huggingface.co/papers/2603.00003) \
· 12 pages, 3 figures

Noch nicht übersetzt

### Abstract im Original

Of pigs.
"""


@pytest.fixture
def day(
    web: FlaskClient,
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    translations: RememberedTranslations,
) -> FlaskClient:
    """A client of a server with a day of a verified, an unverified and an untranslated paper."""
    huggingface.lists = {
        "2026-03-03": [
            listed("2603.00001", upvotes=3, githubRepo="https://example.org/sheep(1)"),
            listed("2603.00002", upvotes=5),
            listed("2603.00003", upvotes=1),
        ]
    }
    for id, title, of in (
        ("2603.00001", "Sheep in $x_1$", "$n<2$ sheep"),
        ("2603.00002", "Goats", "goats"),
        ("2603.00003", "Pigs", "pigs"),
        ("hep-th/9901001", "Strings", "strings"),
    ):
        arxiv.entries[id] = entry(id, title=title, abstract=f"Of {of}.")
    translations.kept["de", "Sheep in $x_1$"] = replace(
        translated("Schafe"), title="Schafe in $x_1$"
    )
    translations.kept["de", "Goats"] = translated("Ziegen", verified=False)
    web.get("/api/v1/daily/2026-03-03")
    return web


def test_a_day_reads_translation_first(day: FlaskClient):
    response = day.get("/de/2026-03-03.md")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert response.text == DAY


def test_the_language_of_the_papers_shows_them_alone(day: FlaskClient):
    text = day.get("/en/2026-03-03.md").text
    assert text.startswith(
        "# Papers of Tuesday, 3 March 2026\n\nPapers: 3, in the original language."
    )
    assert "## 1. Goats\n\nAda Example" in text
    assert "### Abstract\n\nOf goats.\n" in text
    assert "Deutsch" not in text
    assert "ranslated" not in text


@pytest.mark.parametrize("id", ["2603.00001", "2603.00001v1", "hep-th/9901001", "hep-th/9901001v1"])
def test_a_paper_by_any_identifier(day: FlaskClient, id: str):
    response = day.get(f"/de/papers/{id}.md")
    assert response.status_code == 200
    assert f"arXiv:{id} · " in response.text
    known = id == "2603.00001"
    assert response.text.startswith("# Schafe in $x_1$\n" if known else "# S")
    assert ("Noch nicht übersetzt" in response.text) == ("Schafe" not in response.text)


def test_the_same_bytes_are_not_sent_twice(day: FlaskClient, translations: RememberedTranslations):
    for address in ("/de/2026-03-03.md", "/de/latest.md", "/de/papers/2603.00003.md", "/llms.txt"):
        first = day.get(address)
        same = {"If-None-Match": first.headers["ETag"]}
        assert day.get(address, headers=same).status_code == 304
        packed = day.get(address, headers={"Accept-Encoding": "gzip"})
        assert packed.headers["Content-Encoding"] == "gzip"
    before = day.get("/de/papers/2603.00003.md")
    translations.kept["de", "Pigs"] = translated("Schweine")
    after = day.get("/de/papers/2603.00003.md", headers={"If-None-Match": before.headers["ETag"]})
    assert after.text.startswith("# Schweine auf Deutsch\n")


@pytest.mark.parametrize(
    ("address", "status", "kind"),
    [
        ("/de/papers/nonsense.md", 400, "invalid-request"),
        ("/de/papers/2603.99999.md", 404, "not-found"),
        ("/de/2026-02-30.md", 400, "invalid-request"),
        ("/de/yesterday.md", 400, "invalid-request"),
    ],
)
def test_a_bad_address_is_a_problem(day: FlaskClient, address: str, status: int, kind: str):
    assert_problem(day.get(address), status, kind)


def test_an_unknown_language_is_a_problem(client: FlaskClient):
    assert_problem(client.get("/xx/latest.md"), 400, "unsupported-language")
    assert_problem(client.get("/xx/papers/2306.01061.md"), 400, "unsupported-language")


def _hostile() -> tuple[Edition, dict[str, PaperTranslation]]:
    text = " ".join(HOSTILE)
    more = "*a* [b](javascript:c) ![d](https://e.example) <https://f.example> `g` # h\n\n# i\n- j\n"
    paper = Paper(
        id="2603.00001",
        title=more + text,
        abstract=text + more,
        text_source="arxiv",
        authors=(more, *HOSTILE),
        categories=(more,),
        arxiv_comment=more + text,
        keywords=HOSTILE,
        code_url="https://code.example/a_b*c*",
    )
    edition = Edition(
        date=date(2026, 3, 3),
        state="filling",
        source="huggingface",
        fetched_at=None,
        stale=True,
        previous=None,
        next=None,
        note=more,
        papers=(paper,),
    )
    translation = replace(translated(""), title=text + more, abstract=more + text, origin=more)
    return edition, {paper.id: translation}


def test_no_field_makes_markup():
    """But our own headings and links, whose addresses are those of arXiv and the code's."""
    edition, known = _hostile()
    tokens = [
        each
        for token in GITHUB.parse(documents.day(edition, known, languages.find("de")).decode())
        for each in (token, *(token.children or ()))
    ]
    kinds = {token.type for token in tokens}
    assert kinds <= OURS - {"bullet_list_open", "list_item_open"} | {"link_open", "link_close"}
    assert _headings(tokens) == ["h1", "h2", "h3", "h3"]
    assert [token.attrs["href"] for token in tokens if token.type == "link_open"] == [
        "https://arxiv.org/abs/2603.00001",
        "https://arxiv.org/pdf/2603.00001",
        "https://arxiv.org/html/2603.00001",
        "https://code.example/a_b*c*",
        "https://huggingface.co/papers/2603.00001",
    ]


def _headings(tokens: list[Token]) -> list[str]:
    return [token.tag for token in tokens if token.type == "heading_open"]


def test_llms_txt_has_its_form_and_every_address_in_it_answers(client: FlaskClient):
    """https://llmstxt.org: a name, a summary, words, then sections of links with notes."""
    text = client.get("/llms.txt").text
    assert re.match(r"# Paperglot\n\n> .+\n\n", text)
    sections = text.split("\n## ")[1:]
    assert [section.partition("\n")[0] for section in sections][-1] == "Optional"
    links = []
    for section in sections:
        lines = section.partition("\n")[2].split("\n")
        for line in filter(None, lines):
            match = re.fullmatch(r"- \[[^\]]+\]\((/[^)]*)\): .+", line)
            assert match, line
            links.append(match[1])
    assert len(MarkdownIt().parse(text)) > 50
    for address in links:
        sample = address.replace("2306.02707", "2306.01061")
        assert client.get(sample).status_code == 200, address
    for language in languages.ALL:
        assert f"{language.tag} (" in text
