"""The static copy: every link leads to a file of it, and nothing needs the server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from itertools import accumulate
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote
from zlib import crc32

import feedparser
import pytest
from flask.testing import FlaskClient

from tests.fakes.upstreams import FakeArxiv, FakeHuggingFace
from tests.reading.a_day import DAY, abstracts, fill

BASE = "https://me.example/papers"


@pytest.fixture
def export(
    make_reader: Callable[..., FlaskClient],
    huggingface: FakeHuggingFace,
    arxiv: FakeArxiv,
    tmp_path: Path,
) -> Callable[..., Path]:
    """Writes a copy of a server with one day in Japanese and German."""

    def run(*options: str) -> Path:
        reader = make_reader()
        ids = fill(huggingface, arxiv, abstracts(None, 3))
        assert reader.get(f"/ja/{DAY}").status_code == 200
        for lang in ("ja", "de"):
            reader.post("/api/v1/papers/translations", json={"lang": lang, "ids": ids})
        folder = tmp_path / "copy"
        runner = make_reader().application.test_cli_runner()
        done = runner.invoke(
            args=["export", "--lang", "ja,de", "--days", "30", *options, str(folder)]
        )
        assert done.exit_code == 0, done.output
        return folder

    return run


def pages(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*.html")
    }


@pytest.mark.parametrize("options", [(), ("--base-url", BASE + "/")])
def test_every_link_leads_to_a_file(export: Callable[..., Path], options: tuple[str, ...]):
    folder = export(*options)
    found = pages(folder)
    assert f"ja/{DAY}.html" in found
    assert "de/papers/2603.00001.html" in found
    for file, html in found.items():
        assert "localhost" not in html, file
        for address in re.findall(r'\s(?:href|src|action|data-index)="([^"]*)"', html):
            if re.match(r"https?:|#", address):
                assert (
                    not address.startswith("https://me.example")
                    or (folder / unquote(address.removeprefix(BASE + "/"))).is_file()
                ), (file, address)
                continue
            target = normpath(join(dirname(file), unquote(address.partition("#")[0])))
            assert (folder / target).is_file(), (file, address)
    for script in folder.rglob("*.js"):
        for name in re.findall(r"'\./([\w-]+\.js)'", script.read_text("utf-8")):
            assert (script.parent / name).is_file(), (script.name, name)


def test_the_copy_shows_what_the_server_shows(export: Callable[..., Path]):
    html = pages(export())[f"ja/{DAY}.html"]
    assert html.count('class="check"') == 3
    assert 'rel="canonical"' not in html
    assert 'hreflang="fr"' not in re.sub(r"<a [^>]*>", "", html)


def test_feeds_name_whole_addresses(export: Callable[..., Path]):
    folder = export("--base-url", BASE)
    feed = feedparser.parse((folder / "ja/feed.atom").read_bytes())
    assert len(feed.entries) == 3
    assert {entry.link for entry in feed.entries} == {
        f"{BASE}/ja/papers/2603.0000{n}.html" for n in (1, 2, 3)
    }
    document = json.loads((folder / "de/feed.json").read_text("utf-8"))
    assert document["items"][0]["url"].startswith(f"{BASE}/de/papers/")
    assert "localhost" not in json.dumps(document)


def test_says_what_it_cannot_do(make_reader: Callable[..., FlaskClient], tmp_path: Path):
    runner = make_reader().application.test_cli_runner()
    done = runner.invoke(args=["export", "--lang", "xx", str(tmp_path / "copy")])
    assert done.exit_code == 1
    assert "xx" in done.output


def test_the_index_holds_what_the_server_would_find(export: Callable[..., Path]):
    """Each token in its shard, numbers as steps, the newest paper first."""
    folder = export() / "search"
    index = json.loads((folder / "index.json").read_bytes())
    assert index["papers"] == 3
    shown = [json.loads((folder / f"papers/{n}.json").read_bytes()) for n in range(3)]
    assert [paper["id"] for paper in shown] == ["2603.00003", "2603.00002", "2603.00001"]
    assert all(set(paper["texts"]) == {"en", "ja", "de"} for paper in shown)

    def numbers(token: str) -> list[int]:
        shard = crc32(token.encode()) % index["shards"]
        steps = json.loads((folder / f"tokens/{shard}.json").read_bytes()).get(token, [])
        return list(accumulate(steps))

    assert numbers("attention") == numbers("^attention") == [0, 1, 2]
    assert numbers("attentionn") == []
    assert numbers(":ok=ja") == [0, 1, 2]
    assert len(list((folder / "tokens").iterdir())) == index["shards"]


def test_a_copy_without_scripts_says_that_search_needs_them(export: Callable[..., Path]):
    html = pages(export())["de/search.html"]
    said = re.search(r"<noscript>(.*?)</noscript>", html, re.DOTALL)
    assert said
    assert "Die Suche in dieser Kopie braucht JavaScript." in said[1]
