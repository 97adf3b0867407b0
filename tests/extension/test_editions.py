"""What a server sent as a day's list, checked field by field, and the days that are kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.browser.driver import Browser
from tests.extension.conftest import Module

MODULE = "editions.js"

WRONGS: list[object] = [None, 7, -1, True, [], [[]], {}, {"a": {}}, "", "<img src=x>"]
KINDS: dict[str, object] = {
    **dict.fromkeys(("id", "title", "titleHtml", "abstract", "abstractHtml", "published"), str),
    **dict.fromkeys(("authors", "categories"), list),
    **dict.fromkeys(("upvotes", "comments"), int),
}


def _paper(id: str = "2401.00001", **changes: Any) -> dict[str, Any]:
    return {"id": id, "title": f"Paper {id}", "abstract": "Words.", **changes}


def _edition(module: Module, *papers: object, **changes: object) -> dict[str, Any] | None:
    value = {"date": "2024-01-04", "state": "final", "papers": list(papers), **changes}
    found: dict[str, Any] | None = module.run(
        "({ toEdition }, value) => toEdition(value, 'de')", value
    )
    return found


def _only(module: Module, **changes: Any) -> dict[str, Any]:
    edition = _edition(module, _paper(**changes))
    assert edition
    (paper,) = edition["papers"]
    return dict(paper)


@pytest.mark.parametrize(
    "answer",
    [
        None,
        7,
        "text",
        [],
        {},
        {"papers": []},
        {"date": "2024-01-04"},
        {"date": "2024-01-04", "papers": "none"},
        {"date": ["2024-01-04"], "papers": []},
        {"date": "tomorrow", "papers": []},
        {"date": "2024-01-04", "papers": {"0": {"id": "2401.00001"}}},
    ],
    ids=lambda answer: json.dumps(answer)[:40],
)
def test_what_is_no_edition_is_none(module: Module, answer: object) -> None:
    assert module.run("({ toEdition }, value) => toEdition(value, 'de')", answer) is None


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: json.dumps(wrong)[:12])
def test_a_wrong_value_in_any_field_spoils_nothing_else(module: Module, wrong: object) -> None:
    """Each field of every paper is of its kind, whatever came; only id and title are indispensable."""
    fields = [
        *("title_html", "abstract", "abstract_html", "authors", "published", "upvotes", "comments"),
        *("summary", "keywords", "categories", "links", "translation"),
    ]
    papers = [_paper(f"2401.{n:05}", **{field: wrong}) for n, field in enumerate(fields)]
    links = dict.fromkeys(("abs", "pdf", "html", "huggingface", "code", "project"), wrong)
    translation = dict.fromkeys(
        ("lang", "title", "title_html", "abstract", "abstract_html", "verified"), wrong
    )
    papers += [
        _paper("2402.00001", links=links),
        _paper("2402.00002", translation=translation),
        _paper("2402.00003", authors=[wrong, "Ada Example"], categories=[wrong, "cs.CL"]),
        _paper("2402.00004", translation={"title": "题目", "title_html": wrong}),
    ]
    edition = _edition(
        module, *papers, wrong, {"id": wrong, "title": "x"},
        state=wrong, stale=wrong, previous=wrong, next=wrong, note=wrong, fetched_at=wrong,
    )  # fmt: skip
    assert edition
    assert [paper["id"] for paper in edition["papers"]] == [paper["id"] for paper in papers]
    assert edition["count"] == len(papers)
    assert (edition["previous"], edition["next"], edition["state"]) == ("", "", "final")
    assert edition["stale"] is (wrong is True)
    for paper in edition["papers"]:
        for name, kind in KINDS.items():
            assert type(paper[name]) is kind, (paper["id"], name)
        assert paper["upvotes"] >= 0
        assert paper["links"]["abs"] == f"https://arxiv.org/abs/{paper['id']}"
        assert all(isinstance(name, str) for name in [*paper["authors"], *paper["categories"]])
        if paper["translation"]:
            assert {type(value) for value in paper["translation"].values()} == {str, bool}
    by_id = {paper["id"]: paper for paper in edition["papers"]}
    assert "Ada Example" in by_id["2402.00003"]["authors"]
    assert "cs.CL" in by_id["2402.00003"]["categories"]
    assert by_id["2402.00004"]["translation"]["title"] == "题目"


@pytest.mark.parametrize(
    "id", [None, "", "2401.1", "24010.00001", "../../x", "2401.00001v2", "hep-th/990100", "x" * 99]
)
def test_a_paper_without_an_identifier_is_left_out(module: Module, id: str | None) -> None:
    edition = _edition(module, {**_paper(), "id": id}, _paper("hep-th/9901001"))
    assert edition
    assert [paper["id"] for paper in edition["papers"]] == ["hep-th/9901001"]


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/code", "https://example.org/code"),
        ("http://example.org", "http://example.org/"),
        ("javascript:globalThis.harmed=1", ""),
        (" javascript:globalThis.harmed=1", ""),
        ("data:text/html,<script>1</script>", ""),
        ('https://huggingface.co/"onmouseover="1', "https://huggingface.co/%22onmouseover=%221"),
        ("//example.org", ""),
        ("https://example.org/" + "x" * 2_000, ""),
    ],
)
def test_links_lead_to_the_web_or_nowhere(module: Module, address: str, kept: str) -> None:
    paper = _only(module, links={"code": address, "abs": address})
    assert paper["links"]["code"] == kept
    assert paper["links"]["abs"] == (kept or "https://arxiv.org/abs/2401.00001")


def test_an_old_servers_fields_are_enough(module: Module) -> None:
    """Summaries stand for abstracts, links are made from the identifier."""
    edition = module.run(
        "({ toEdition }, value) => toEdition(value, 'de')",
        {"date": "2024-01-04", "papers": [{"id": "2401.00001", "title": "T", "summary": "S."}]},
    )
    (paper,) = edition["papers"]
    assert (paper["title"], paper["abstract"], paper["translation"]) == ("T", "S.", None)
    assert paper["links"]["pdf"] == "https://arxiv.org/pdf/2401.00001"


def test_a_list_is_no_longer_than_lists_are(module: Module) -> None:
    """And holds no paper twice: the last word counts."""
    edition = _edition(module, *(_paper(f"2401.{n:05}", title="x" * 2_000) for n in range(700)))
    assert edition
    assert len(edition["papers"]) == 600
    assert len(edition["papers"][0]["title"]) == 1_000
    edition = _edition(module, _paper(), _paper(title="Better"))
    assert edition
    assert [paper["title"] for paper in edition["papers"]] == ["Better"]


def test_the_days_received_last_are_kept_whole(module: Module, browser: Browser) -> None:
    """Of ten days eight; the first papers of a day are there sooner than all of it."""
    days = [f"2024-01-{day:02}" for day in range(1, 11)]
    kept, newest, front, whole = module.run(
        """async ({ storeEdition, newestDays, stored, storedFront, toEdition }, days, papers) => {
          for (const [index, date] of days.entries()) {
            const edition = { ...toEdition({ date, papers }, 'de'), fetchedAt: index };
            await storeEdition(edition, { newest: index === 8 });
          }
          const kept = [];
          for (const day of days) if (await stored(day, 'de')) kept.push(day);
          const newest = (await newestDays())('');
          return [kept, newest, await storedFront(days[9], 'de'), await stored(days[9], 'de')];
        }""",
        days,
        [_paper(f"2401.{n:05}") for n in range(12)],
    )
    assert kept == days[2:]
    assert newest == days[8]
    assert (len(front["papers"]), front["count"]) == (8, 12)
    assert [paper["id"] for paper in whole["papers"]] == [f"2401.{n:05}" for n in range(12)]
    assert not any(day.endswith(("-01", "-02")) for day in browser.api("api.storage.local.get()"))


def test_a_days_list_of_another_language_is_another_list(module: Module, browser: Browser) -> None:
    found = module.run(
        """async ({ storeEdition, stored, toEdition }, value) => {
          await storeEdition(toEdition(value, 'de'), { newest: true });
          return [(await stored(value.date, 'de'))?.lang, await stored(value.date, 'ja')];
        }""",
        {"date": "2024-01-04", "papers": [_paper()]},
    )
    assert found == ["de", None]


def test_a_days_list_of_another_of_the_lists_is_another_list(
    module: Module, browser: Browser
) -> None:
    found = module.run(
        """async ({ storeEdition, stored, newestDays, toEdition }, value) => {
          await storeEdition(toEdition(value, 'de'), { newest: true, list: 'arxiv:cs.CL' });
          const newest = await newestDays();
          return [
            (await stored(value.date, 'de', 'arxiv:cs.CL'))?.source, await stored(value.date, 'de'),
            newest('arxiv:cs.CL'), newest(''),
          ];
        }""",
        {"date": "2024-01-04", "source": "arxiv", "list": "arxiv:cs.CL", "papers": [_paper()]},
    )
    assert found == ["arxiv", None, "2024-01-04", ""]


def test_the_lists_of_a_server_are_checked(module: Module) -> None:
    lists = [
        {"name": "huggingface", "title": 7, "source": "huggingface"},
        {"name": "arxiv:cs.CL", "title": "New", "source": "arxiv"},
        {"name": "x" * 81, "title": "Long", "source": "arxiv"},
        {"name": "ftp:x", "title": "Other", "source": "ftp"},
        *({"name": wrong, "source": wrong} for wrong in WRONGS),
        *WRONGS,
    ]
    found = module.run("({ toLists }, value) => toLists(value)", {"lists": lists})
    assert found == [
        {"name": "huggingface", "title": "huggingface", "source": "huggingface"},
        {"name": "arxiv:cs.CL", "title": "New", "source": "arxiv"},
    ]
    for wrong in WRONGS:
        assert module.run("({ toLists }, value) => toLists(value)", wrong) == []
        assert module.run("({ toLists }, value) => toLists(value)", {"lists": wrong}) == []


@pytest.mark.parametrize("wrong", WRONGS, ids=lambda wrong: json.dumps(wrong)[:12])
def test_what_is_stored_may_be_anything(module: Module, browser: Browser, wrong: object) -> None:
    kept = ("edition:de:2024-01-04", "newestEdition", "newestOfLists", "lists")
    browser.store(dict.fromkeys(kept, wrong))
    found = module.run(
        """async ({ newestDays, stored, storedFront, storedLists }) => [
          (await newestDays())(''), (await newestDays())('a'), await storedLists('http://a.example'),
          await stored('2024-01-04', 'de'), await storedFront('2024-01-04', 'de'),
        ]"""
    )
    assert found == ["", "", [], None, None]
