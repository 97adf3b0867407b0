"""What pages are made with: the style sheet that stands in each of them, the small scripts and icons they load.

Read once. The style sheet is in the page, so that the first paint needs no second request; the policy of a
page allows it by its hash alone. Files are found at `/assets/VERSION/NAME`, where the version is a digest of
all this: a page always finds the files it was made for, and a browser keeps them for good. Scripts import each
other by relative names.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ..api.response_cache import Body

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
"""In each page as one `<style>`, in this order."""

SERVICE_WORKER = "service-worker.js"
"""Served as /sw.js: from there it may answer for every page."""

_TYPES = {
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
    """All of them.

    Args:
        files: by name.
        style: the style sheet, as it stands between `<style>` and `</style>`.
        version: changes when one of them does.
    """

    files: Mapping[str, Asset]
    style: str
    version: str

    @property
    def style_source(self) -> str:
        """What a content security policy calls the style sheet: its hash (CSP 3, 2.3.1)."""
        digest = hashlib.sha256(self.style.encode()).digest()
        return f"'sha256-{base64.b64encode(digest).decode()}'"

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
    style = _compact("\n".join((folder / part).read_text("utf-8") for part in STYLE_PARTS))
    digest = hashlib.sha256(style.encode())
    for name, content in sorted(contents.items()):
        digest.update(name.encode() + b"\0" + hashlib.sha256(content).digest())
    files = {
        name: Asset(Body(content), _TYPES[name.rpartition(".")[2]])
        for name, content in contents.items()
    }
    return Assets(files, style, digest.hexdigest()[:12])


def _compact(style: str) -> str:
    """A style sheet without comments and indentation: it goes out with every page."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)).strip()
