"""arXiv's real pages, where a folder with recordings of them is at hand."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

# Where the words begin that are translated: after the descriptor of a title or an abstract, and at
# the beginning of a search result's title.
_BEGINNINGS = re.compile(
    r"""(<(?:h1|div|blockquote|p)[^>]*\bclass=["'](?:[^"']*\s)?mathjax["'][^>]*>\s*
        <span[^>]*\bclass=["']descriptor["'][^>]*>[^<]*</span>
       |<p[^>]*\bclass=["']title\b[^"']*mathjax["'][^>]*>)""",
    re.VERBOSE,
)
# Their own scripts come from elsewhere and can do nothing here.
FOREIGN_SCRIPTS = re.compile(r"<script[^>]*\bsrc=[^>]*>\s*</script>", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class RecordedPage:
    """One page: a name for people, its path on arxiv.org, its mark-up with {{stamp}} in each text."""

    name: str
    path: str
    html: str


def folder(kind: str = "arxiv-pages") -> Path | None:
    """Where the recordings are: PAPERGLOT_SHARED, else a folder `shared` beside the repository."""
    named = os.environ.get("PAPERGLOT_SHARED")
    root = Path(named) if named else Path(__file__).parents[3] / "shared"
    pages = root / kind
    return pages if pages.is_dir() else None


def names() -> list[str]:
    """The recordings at hand, maybe none."""
    found = folder()
    return sorted(file.stem for file in found.glob("*.html")) if found else []


def load(name: str) -> RecordedPage:
    """One recording."""
    pages = folder()
    assert pages, "there are no recordings"
    html = (pages / f"{name}.html").read_text(encoding="utf-8")
    html = FOREIGN_SCRIPTS.sub("", html)
    # Their own style sheets are not at hand either; without any, icons fill the first screen.
    html = html.replace("</head>", '<link rel="stylesheet" href="/arxiv.css"></head>')
    return RecordedPage(
        name=name, path=_path(name), html=_BEGINNINGS.sub(r"\1 On {{stamp}} matters: ", html)
    )


def _path(name: str) -> str:
    """The address the page had at arXiv; the query tells recordings of one page apart."""
    query = f"?recorded={name}"
    match name.removeprefix("typeset_").split("_"):
        case ["abs", archive, number, *_] if archive.isalpha() or "-" in archive:
            return f"/abs/{archive}/{number}{query}"
        case ["abs", number, *_]:
            return f"/abs/{number}{query}"
        case ["list", "month", archive, month, *_]:
            return f"/list/{archive}/{month}{query}"
        case ["list", kind, archive, *_]:
            return f"/list/{archive}/{kind}{query}"
        case ["search", *_]:
            return f"/search/{query}"
    raise ValueError(f"no address is known for {name}")
