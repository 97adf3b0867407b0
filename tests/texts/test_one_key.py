"""One abstract has one protected text, and so one memory entry, whatever route it comes."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.texts.placeholders import escape, protect

from .abs_pages import AbsPage, typeset

PAGE = """<html><head><meta name="citation_title" content="{raw_title}">
<meta name="citation_abstract" content="{raw_abstract}"></head><body><div id="abs">
<h1 class="title mathjax"><span class="descriptor">Title:</span>{title}</h1>
<blockquote class="abstract mathjax"><span class="descriptor">Abstract:</span>  {abstract}

    </blockquote></div></body></html>"""
LINK = '<a href="https://example.org/" class="link-external">this https URL</a>'
OWN_PAGES = [
    {
        "raw_title": 'From $\\Lambda_{\\alpha}$ to Gr\\"obner',
        "title": "From $Λ_α$ to Gröbner",
        "raw_abstract": (
            "We show $x<y$ in {\\AA} at 50\\%,\nsee https://example.org/a.\n  Then, (arXiv:2306.02707),"
            " N_c of $a\n  b$ and ``quotes'' of the\n  \\la r^2\\ra."
        ),
        "abstract": (
            f"We show $x&lt;y$ in Å at 50\\%,\nsee {LINK}.\n<br>Then, (<a>arXiv:2306.02707</a>),"
            " N_c of $a\n<br>b$ and ``quotes'' of the\n<br>\\la r^2\\ra."
        ),
    },
    {
        "raw_title": 'Boletin K\\"{u}mmel',
        "title": "Boletin Kümmel",
        "raw_abstract": (
            "are \\begin{align}\n  a &= b \\\\\n  c &= d,\n\\end{align} where"
            " (\\cite{k}, (Li, 2020)) hold"
        ),
        "abstract": (
            "are \\begin{align}\n<br>a &amp;= b \\\\\n<br>c &amp;= d,\n\\end{align} where"
            " (\\cite{k}, (Li, 2020)) hold"
        ),
    },
]


@pytest.mark.parametrize("texts", OWN_PAGES, ids=["inline", "display"])
@pytest.mark.parametrize("kind", ["title", "abstract"])
def test_api_page_and_typeset_page_give_one_text(texts, kind):
    page = AbsPage(page_of(texts))
    segment = page.segment(kind)
    from_api = protect(escape(texts[f"raw_{kind}"])).text
    assert protect(segment).text == from_api
    after = typeset(segment)
    assert "$" not in after
    assert "\\begin" not in after
    assert protect(after).text == from_api


def test_pages_as_recorded_give_one_text(shared):
    """Each abs page as its raw TeX, as it came, and after MathJax (one of them by the real one)."""
    keys: dict[str, set[str]] = {}
    for markup in pages(shared):
        page = AbsPage(markup)
        arxiv_id = page.meta.get("citation_arxiv_id", str(len(keys)))
        for kind in ("title", "abstract"):
            segment = page.segment(kind)
            key = protect(segment).text
            assert protect(typeset(segment)).text == key
            keys.setdefault(f"{arxiv_id}/{kind}", set()).add(key)
            # The raw text in the page's head has lost its paragraphs.
            raw = " ".join(page.meta[f"citation_{kind}"].split())
            assert protect(page.segment(kind, breaks=False)).text == protect(escape(raw)).text
    assert len(keys) >= 4
    assert all(len(texts) == 1 for texts in keys.values())


def page_of(texts: dict[str, str]) -> str:
    """The page with these texts; the raw ones stand in attributes."""
    return PAGE.format(
        **{
            name: text.replace('"', "&quot;") if "raw" in name else text
            for name, text in texts.items()
        }
    )


def pages(shared: Path | None) -> list[str]:
    """The abs pages recorded, or our own small ones where there are none."""
    if shared is None:
        return [page_of(texts) for texts in OWN_PAGES]
    found = sorted((shared / "arxiv-pages").glob("*abs_*.html"))
    assert len(found) > 10
    return [path.read_text("utf-8") for path in found]
