"""Listings that nobody wrote, with titles and abstracts as long as arXiv's are."""

from __future__ import annotations

import random

from tests.browser.made_papers import WORDS

_ABSTRACTS = (1_923, 1_889, 1_118, 792, 1_101, 1_207, 1_870, 940)
_TITLES = (120, 84, 91, 62, 76, 64, 115, 70)
"""Characters, as a day of astro-ph.CO had them."""

_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Computation and Language</title>
{{{{> head.html}}}}</head><body>{{{{> header.html}}}}<main><div id="content"><div id="dlpage">
<h1>Computation and Language</h1><dl id="articles"><h3>New submissions (showing {count} of {count} entries)</h3>
{entries}</dl></div></div></main></body></html>"""
_ENTRY = """<dt><a name="item{n}">[{n}]</a>
<a href="/abs/2401.{n:05}" title="Abstract">arXiv:2401.{n:05}</a></dt>
<dd><div class="meta"><div class="list-title mathjax"><span class="descriptor">Title:</span>
  {title}
</div><div class="list-authors"><a href="/a/x">Ada Example</a>, <a href="/a/y">Bo Example</a></div>
<div class="list-subjects"><span class="descriptor">Subjects:</span>
<span class="primary-subject">Computation and Language (cs.CL)</span></div>
<p class="mathjax">
  {abstract}
</p></div></dd>"""


def made_listing(*, entries: int = 23, seed: int = 1) -> str:
    """The mark-up of a day's new submissions, each with its abstract."""
    chance = random.Random(seed)

    def text(characters: int) -> str:
        words = ["We", "{{stamp}}"]
        while sum(map(len, words)) + len(words) < characters:
            words.append(chance.choice(WORDS))
            if len(words) % 14 == 0:
                words[-1] += "."
        return " ".join(words)

    return _PAGE.format(
        count=entries,
        entries="".join(
            _ENTRY.format(
                n=n + 1,
                title=text(_TITLES[n % len(_TITLES)]),
                abstract=text(_ABSTRACTS[n % len(_ABSTRACTS)]),
            )
            for n in range(entries)
        ),
    )
