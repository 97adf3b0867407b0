"""The files that pages load: one style sheet, small scripts, icons. Read once, named by their content.

Their address is `/assets/VERSION/NAME`, where the version is a digest of them all: a page always finds the
files it was made for, and a browser keeps them for good. Scripts import each other by relative names.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ..api.response_cache import Body

STYLE_SHEET = "reading.css"
STYLE_PARTS = (
    "theme.css",
    "header.css",
    "page.css",
    "paper.css",
    "abstract.css",
    "translating.css",
    "search.css",
    "print.css",
)
"""Served as one file, so that a page needs one request for its looks."""

SERVICE_WORKER = "service-worker.js"
"""Served as /sw.js: from there it may answer for every page."""

_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "png": "image/png",
}


@dataclass(frozen=True)
class Asset:
    """A file as it is sent."""

    body: Body
    content_type: str


@dataclass(frozen=True)
class Assets:
    """All of them, by name."""

    files: Mapping[str, Asset]
    version: str

    def path(self, name: str) -> str:
        """Where a file is found now.

        Raises:
            KeyError: there is none of this name.
        """
        if name not in self.files:
            raise KeyError(name)
        return f"/assets/{self.version}/{name}"


@cache
def load() -> Assets:
    """Read the package's files."""
    folder = resources.files(__package__) / "assets"
    contents = {
        file.name: file.read_bytes()
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.rpartition(".")[2] in _TYPES
    }
    contents[STYLE_SHEET] = b"\n".join(contents.pop(part) for part in STYLE_PARTS)
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    files = {
        name: Asset(Body(content), _TYPES[name.rpartition(".")[2]])
        for name, content in contents.items()
    }
    return Assets(files, digest.hexdigest()[:12])
