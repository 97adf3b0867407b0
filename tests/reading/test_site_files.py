"""What browsers and crawlers ask a site for."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend.reading import assets
from tests.reading.a_day import Elements

ROOT = Path(__file__).parents[2]
READING = ROOT / "backend" / "reading"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("/favicon.ico", "image/png"),
        ("/sw.js", "text/javascript; charset=utf-8"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_files_of_the_site(client: FlaskClient, address: str, kind: str):
    response = client.get(address)
    assert (response.status_code, response.content_type) == (200, kind)
    again = client.get(address, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_every_file_that_a_page_names_is_there_and_kept_for_good(client: FlaskClient):
    page = Elements(client.get("/ja/latest").text)
    named = [each["href"] or "" for each in page.all("link")] + [
        each["src"] or "" for each in page.all("script")
    ]
    files = {address for address in named if address.startswith("/assets/")}
    assert len(files) == 3
    icons = client.get("/manifest.webmanifest").get_json()["icons"]
    for address in files | {icon["src"] for icon in icons}:
        response = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert response.status_code == 200, address
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_page_from_before_an_update_finds_todays_files(client: FlaskClient):
    response = client.get("/assets/0123456789ab/reading.js")
    assert (response.status_code, response.headers["Cache-Control"]) == (200, "no-cache")
    assert client.get("/assets/0123456789ab/passwords.js").status_code == 404


def test_scripts_import_what_is_there():
    for path in (READING / "assets").glob("*.js"):
        for name in re.findall(
            r"""(?:from|import)\s*\(?\s*'(\./[^']+)'""", path.read_text("utf-8")
        ):
            assert name.removeprefix("./") in assets.load().files, path.name


def test_crawlers_are_let_in_only_where_the_owner_says_so(make_client: Callable[..., FlaskClient]):
    closed, open_ = make_client(), make_client(indexing=True)
    assert closed.get("/robots.txt").text == "User-agent: *\nDisallow: /\n"
    assert open_.get("/robots.txt").text == "User-agent: *\nDisallow: /api/\n"
    robots = [
        [
            each["content"]
            for each in Elements(client.get("/en/latest").text).all("meta")
            if each.get("name") == "robots"
        ]
        for client in (closed, open_)
    ]
    assert robots == [["noindex"], []]
    assert closed.get("/en/latest").headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in open_.get("/en/latest").headers
    assert 'content="noindex"' in open_.get("/en/saved").text


def test_the_page_has_the_extensions_colours():
    """One set of values, written once per scheme there and with light-dark() here."""
    theirs = (ROOT / "extension" / "theme.css").read_text("utf-8")
    light, dark = re.findall(r":root \{(.*?)\}", theirs, re.DOTALL)[:2]
    values = [dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in (light, dark)]
    ours = re.findall(
        r"--([\w-]+): light-dark\((#\w+), (#\w+)\);",
        (READING / "assets/theme.css").read_text("utf-8"),
    )
    assert {name: (day, night) for name, day, night in ours} == {
        name: (values[0][name], values[1][name]) for name in values[1]
    }


def test_a_key_means_the_same_as_in_the_popup():
    def key_meant(path: Path) -> str:
        found = re.search(r"export function keyMeant.*?\n\}", path.read_text("utf-8"), re.DOTALL)
        assert found
        return found[0]

    assert key_meant(READING / "assets/keyboard.js") == key_meant(
        ROOT / "extension/popup/keyboard.js"
    )


def test_what_loads_a_page_is_small():
    assert len(gzip.compress(assets.load().style.encode())) < 6_000
    on_demand = {"server.js", "translating.js", "correcting.js"}
    scripts = [
        name for name in assets.load().files if name.endswith(".js") and name not in on_demand
    ]
    assert sum(len(assets.load().files[name].body.gzip) for name in scripts) < 10_000
