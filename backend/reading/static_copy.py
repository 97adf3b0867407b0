"""A copy of the pages for any static host: fetched from the app itself, links made relative, no server needed.

An address such as `/ja/2026-03-03` becomes the file `ja/2026-03-03.html`. What is not part of the copy (other
languages, older days) stays as words without a link.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from posixpath import relpath
from urllib.parse import unquote

from ..languages import Language

Fetch = Callable[[str], bytes]
"""The body at an address of this server, such as `/ja/latest`."""

_LINK = re.compile(r'(?P<name>\s(?:href|src|action|data-index)=)"(?P<address>/[^"]*)"')
_ALTERNATE = re.compile(r'<link rel="alternate" hreflang="[^"]*" href="(?P<address>[^"]*)">\n?')
_OWN_ADDRESS = re.compile(
    r'<(?:link rel="(?:canonical|alternate)"|meta property="og:(?:url|image)")[^>]*>\n?'
)
_NEEDS_SERVER = re.compile(r'<link rel="(?:manifest|search|unapi-server)"[^>]*>\n?')
SEARCH_INDEX = "/search/index.json"
"""What the search pages ask, see `copied_search`."""
_HOME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Paperglot</title>
<meta http-equiv="refresh" content="0; url={address}">
<p><a href="{address}">Paperglot</a>
"""


@dataclass(frozen=True)
class Plan:
    """What a copy is made of.

    Args:
        languages: the first is the one its home leads to.
        days: as in addresses, newest first.
        papers: arXiv identifiers.
    """

    languages: tuple[Language, ...]
    days: tuple[str, ...]
    papers: tuple[str, ...]

    def addresses(self) -> Iterator[str]:
        """Every address that becomes a file, but for the files that pages load."""
        for language in self.languages:
            for place in ("latest", "days", "saved", "search", *self.days):
                yield f"/{language.tag}/{place}"
            for paper in self.papers:
                yield f"/{language.tag}/papers/{paper}"
            yield f"/{language.tag}/feed.atom"
            yield f"/{language.tag}/feed.json"


def files(
    plan: Plan, fetch: Fetch, *, origin: str, base: str | None
) -> Iterator[tuple[str, bytes]]:
    """The copy's files: path and content, pages first, each once.

    Args:
        origin: what `fetch` takes for this server's own address, as in http://localhost:8000.
        base: where the copy will be found, as in https://me.example/papers. Without it there are no feeds,
            and the pages do not say their own address.
    """
    addresses = [each for each in plan.addresses() if base or "/feed." not in each]
    known = {address: file_of(address) for address in (*addresses, SEARCH_INDEX)}
    loaded: dict[str, None] = {}
    for address in addresses:
        body = fetch(address)
        if known[address].endswith(".html"):
            text = body.decode().replace("<body ", '<body data-suffix=".html" ', 1)
            text = _NEEDS_SERVER.sub("", text)
            text = text if base else _OWN_ADDRESS.sub("", text)
            text = _relative(text, known[address], known, loaded, origin=origin)
        else:
            text = body.decode()
        yield known[address], _absolute(text, known, origin=origin, base=base or "").encode()
    for address in _with_imports(loaded, fetch):
        yield address.lstrip("/"), fetch(address)
    yield "index.html", _HOME.format(address=file_of(addresses[0])).encode()


def file_of(address: str) -> str:
    """The file that stands for an address; a page gets `.html`, and an identifier's slash is a folder."""
    path = unquote(address).lstrip("/")
    return (
        path
        if re.search(r"\.(?:atom|json|js|css|svg|png|webmanifest|opml|md)$", path)
        else f"{path}.html"
    )


def _relative(
    page: str, file: str, known: dict[str, str], loaded: dict[str, None], *, origin: str
) -> str:
    """A page whose links lead to the copy's other files, wherever it is put."""
    folder = file.rpartition("/")[0] or "."

    def link(match: re.Match[str]) -> str:
        address, _, fragment = match["address"].partition("#")
        path = address.partition("?")[0]
        if path == "/":
            target = "index.html"
        elif path in known:
            target = known[path]
        elif path.startswith("/assets/"):
            loaded.setdefault(path)
            target = path.lstrip("/")
        else:
            return ""
        return f'{match["name"]}"{relpath(target, folder)}{"#" if fragment else ""}{fragment}"'

    def alternate(match: re.Match[str]) -> str:
        path = match["address"].removeprefix(origin)
        return match[0] if path in known else ""

    return _LINK.sub(link, _ALTERNATE.sub(alternate, page))


def _absolute(text: str, known: dict[str, str], *, origin: str, base: str) -> str:
    """A text whose own addresses, written whole, name the copy's files."""

    def whole(match: re.Match[str]) -> str:
        path = match["path"]
        return f"{base}/{known[path]}" if path in known else f"{base}{path}"

    return re.sub(re.escape(origin) + r'(?P<path>(?:/[^"<>\s#?\\]*)?)', whole, text)


def _with_imports(loaded: Iterable[str], fetch: Fetch) -> Iterator[str]:
    """The files that pages load, and the scripts that those import, each once."""
    found = dict.fromkeys(loaded)
    waiting = list(found)
    while waiting:
        address = waiting.pop()
        yield address
        if not address.endswith(".js"):
            continue
        folder = address.rpartition("/")[0]
        for name in re.findall(
            r"""(?:from|import\()\s*'\./([\w-]+\.js)'""", fetch(address).decode()
        ):
            imported = f"{folder}/{name}"
            if imported not in found:
                found[imported] = None
                waiting.append(imported)
