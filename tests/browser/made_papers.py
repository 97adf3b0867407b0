"""Papers that nobody wrote, of any size, as arXiv's full-text pages have them."""

from __future__ import annotations

import random

_VOCABULARY = (
    "lamp river harbour stone quiet method model shore slow light boat measure answer field winter "
    "signal keeper bound graph record noise letter memory step schedule tower bridge window paper"
)
WORDS = _VOCABULARY.split()
PAGE = """<!DOCTYPE html><html lang="en" data-theme="light"><head><meta charset="UTF-8"><title>Made</title>
<link rel="stylesheet" href="/html-papers.css"></head><body>
<header class="arxiv-html-header"><a href="/abs/2401.05000v1">Back to abstract</a></header>
<div class="ltx_page_main"><div class="ltx_page_content"><article class="ltx_document">
<h1 class="ltx_title ltx_title_document">A made paper on {{{{stamp}}}} lamps</h1>
<div class="ltx_abstract"><h6 class="ltx_title ltx_title_abstract">Abstract</h6>
<p class="ltx_p">{abstract}</p></div>
{sections}</article></div></div></body></html>"""


def made_paper(
    *,
    paragraphs: int,
    words: int = 60,
    formulas: int = 2,
    citations: int = 1,
    links: int = 1,
    formula_size: int = 1,
    seed: int = 1,
) -> str:
    """Its mark-up.

    Args:
        paragraphs: how many; a section's heading stands before each tenth.
        words, formulas, citations, links: in each.
        formula_size: sums of so many terms; each has eight elements.
    """
    chance = random.Random(seed)
    numbers = iter(range(1_000_000))

    def sentence(count: int) -> str:
        chosen = [chance.choice(WORDS) for _ in range(count)]
        return " ".join(chosen).capitalize()

    def formula() -> str:
        number = next(numbers)
        term = f"<msub><mi>x</mi><mn>{number}</mn></msub><mo>+</mo><msup><mi>y</mi><mn>2</mn></msup><mo>+</mo>"
        tex = f"x_{{{number}}}"
        return (
            f'<math class="ltx_Math" alttext="{tex}" display="inline"><semantics><mrow>{term * formula_size}'
            f'<mi>z</mi></mrow><annotation encoding="application/x-tex">{tex}</annotation></semantics></math>'
        )

    def paragraph() -> str:
        pieces = [f"{sentence(words // 4)} {{{{stamp}}}}" for _ in range(4)]
        extras = [
            *(formula() for _ in range(formulas)),
            *(
                '<cite class="ltx_cite ltx_citemacro_cite">[<a href="#bib.bib1" class="ltx_ref">1</a>]</cite>'
                for _ in range(citations)
            ),
            *(
                '<a href="#S1" class="ltx_ref"><span class="ltx_text ltx_ref_tag">1</span></a>'
                for _ in range(links)
            ),
        ]
        for extra in extras:
            at = chance.randrange(len(pieces))
            head, _, tail = pieces[at].partition(" ")
            pieces[at] = f"{head} {extra} {tail}"
        return f'<div class="ltx_para"><p class="ltx_p">{". ".join(pieces)}.</p></div>'

    sections = []
    for start in range(0, paragraphs, 10):
        number = start // 10 + 1
        sections.append(
            f'<section id="S{number}" class="ltx_section"><h2 class="ltx_title ltx_title_section">'
            f'<span class="ltx_tag ltx_tag_section">{number} </span>On {sentence(3).lower()}</h2>'
            + "\n".join(paragraph() for _ in range(min(10, paragraphs - start)))
            + "</section>"
        )
    return PAGE.format(abstract=sentence(90), sections="\n".join(sections))
