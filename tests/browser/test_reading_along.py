"""Reading along in papers: a sentence that is pointed at or stepped to is marked with its counterpart."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Browser, Page
from tests.browser.test_turning_off import DOCUMENT, NO_TRANSLATION, untouched
from tests.browser.test_ways_of_reading import choose
from tests.browser.words import words
from tests.fakes.llm import FakeLLM
from tests.fakes.llm_scenario import Scenario

Configure = Callable[..., None]

PATH = "/html/2401.09101v1"
MATH = (
    '<math class="ltx_Math" alttext="{0}" display="inline"><semantics>'
    "<mrow><mi>{0}</mi><mo>=</mo><mn>1</mn></mrow>"
    '<annotation encoding="application/x-tex">{0}</annotation></semantics></math>'
)
FIRST = "A lamp of {{stamp}} burns for three nights"
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Lamps</title><meta charset="utf-8"></head><body>
<article class="ltx_document"><h1 class="ltx_title ltx_title_document">Lamps of {{{{stamp}}}}</h1>
<section class="ltx_section"><div class="ltx_para" id="one"><p class="ltx_p">{FIRST} when
{MATH.format("a")} holds. It needs <em class="ltx_emph">much oil</em> on
each <a class="ltx_ref" href="https://example.org/">long river</a>, and <cite class="ltx_cite">Gale
(<a href="#b" class="ltx_ref">1998</a>)</cite> knew
{MATH.format("b")}<span class="ltx_note ltx_role_footnote"><sup class="ltx_note_mark">1</sup><span
class="ltx_note_outer"><span class="ltx_note_content"><sup class="ltx_note_mark">1</sup> Winter nights are
longer here.</span></span></span> well. We
show that {MATH.format("c")} is the way to the shore.</p></div>
<div class="ltx_para" id="two"><p class="ltx_p">Light is bright here. It is then given by the rule</p>
<table class="ltx_equation ltx_eqn_table"><tbody><tr class="ltx_equation ltx_eqn_row"><td class="ltx_eqn_cell">
<math class="ltx_Math" alttext="l" display="block"><mi>l</mi></math></td></tr></tbody></table>
<p class="ltx_p">where {MATH.format("d")} is small. Boats are slow on it.</p></div>
<div class="ltx_para" id="three"><p class="ltx_p">Many boats came on that day to {{{{stamp}}}}.</p></div>
</section></article></body></html>"""
SETTLED = """(all => all.length >= 5 && all.every(each => /done|unverified/.test(each.dataset.state)))(
  [...document.querySelectorAll('[data-paperglot="translation"]')])"""
ONE, TWO, AFTER = "#one > .ltx_p", "#two > .ltx_p", "#two > table ~ .ltx_p"
TRANSLATION = "[data-paperglot='translation']"

# What is marked, by where it stands: [side, words or a formula's TeX], in the page's order.
MARKED = """(() => {
  const side = (node) => {
    const element = node instanceof Element ? node : node.parentElement;
    return element.closest('[data-paperglot="translation"]') ? 'translation' : 'original';
  };
  const found = [...CSS.highlights.get('paperglot-sentence') ?? []].map(range => (
    { node: range.startContainer, words: range.toString().replace(/\\s+/g, ' ').trim() }));
  for (const node of document.querySelectorAll('[data-paperglot-lit]')) {
    found.push({ node, words: `$${node.getAttribute('alttext')}$` });
  }
  found.sort((a, b) => a.node.compareDocumentPosition(b.node) & Node.DOCUMENT_POSITION_FOLLOWING ? -1 : 1);
  const words = (of) => found.filter(({ node }) => side(node) === of).map(({ words }) => words).join(' ');
  return found.length ? { original: words('original'), translation: words('translation') } : null;
})()"""


def _open(page: Page, site: ArxivSite, reader: Configure, **settings: Any) -> None:
    site.add(PATH, PAGE)
    reader(pages={"html": "always"}, **settings)
    page.set_viewport(1200, 900)
    page.goto(site.url(PATH))
    _wait(page)


def _wait(page: Page) -> None:
    """Until all is translated and what follows the pointer is loaded, which the control comes with."""
    page.wait_for(SETTLED)
    page.wait_for("document.querySelector('[data-paperglot=\"control\"]')")


def _middle_of(page: Page, scope: str, words: str) -> tuple[float, float]:
    """The middle of some words in a text node of the first match; of its first word where '' is given."""
    x, y = page.evaluate(
        f"""((scope, words) => {{
          const walker = document.createTreeWalker(scope, NodeFilter.SHOW_TEXT);
          for (let node = walker.nextNode(); node; node = walker.nextNode()) {{
            const at = node.data.replace(/\\s/g, ' ').indexOf(words);
            if (at < 0 || !node.data.trim()) continue;
            const range = document.createRange();
            range.setStart(node, at);
            range.setEnd(node, at + (words.length || 3));
            const [box] = range.getClientRects();
            return [box.x + box.width / 2, box.y + box.height / 2];
          }}
          return null;
        }})(document.querySelector({scope!r}), {words!r})"""
    )
    return x, y


def _point_at(page: Page, scope: str, words: str) -> dict[str, str]:
    page.move_to(*_middle_of(page, scope, words))
    marked: dict[str, str] = page.wait_for(MARKED)
    return marked


def _sentences(page: Page, scope: str) -> list[str]:
    """What stands in a translation, formulas as TeX, cut at full stops."""
    text = page.evaluate(
        f"""(node => {{
          const copy = node.cloneNode(true);
          for (const each of copy.querySelectorAll('math')) {{
            each.replaceWith(`$${{each.getAttribute('alttext')}}$`);
          }}
          for (const each of copy.querySelectorAll('.ltx_note_outer')) each.remove();
          return copy.textContent.replace(/\\s+/g, ' ').trim();
        }})(document.querySelector({scope!r}))"""
    )
    return re.findall(r"[^。.]+[。.]", text)


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("display", ["below", "side"])
def test_a_sentence_and_its_counterpart_are_marked_both_ways(
    page: Page, site: ArxivSite, reader: Configure, display: str
) -> None:
    """Through formulas, links, emphasis, citations and notes."""
    _open(page, site, reader, display=display, targetLanguage="de")
    theirs = _sentences(page, f"{ONE} + {TRANSLATION}")
    assert len(theirs) == 3
    expected = {
        "three nights": f"A lamp of {site.stamp} burns for three nights when $a$ holds.",
        "long river": "It needs much oil on each long river , and Gale ( 1998 ) knew $b$ 1 well.",
        "way to the shore": "We show that $c$ is the way to the shore.",
    }
    for number, (place, sentence) in enumerate(expected.items()):
        marked = _point_at(page, ONE, place)
        assert marked["original"] == sentence
        assert _bare(marked["translation"]) == _bare(theirs[number])
        back = _point_at(page, f"{ONE} + {TRANSLATION}", theirs[number].strip()[:4])
        assert back == marked
    page.move_to(3, 3)
    page.wait_for(f"!{MARKED}")
    assert page.evaluate("document.querySelectorAll('[data-paperglot-lit]').length") == 0


def test_a_sentence_that_a_display_cuts_is_one(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    _open(page, site, reader)
    marked = _point_at(page, TWO, "given by the rule")
    assert marked["original"] == "It is then given by the rule where $d$ is small."
    assert "$d$" in marked["translation"]
    assert _point_at(page, AFTER, "is small") == marked
    after = _point_at(page, AFTER, "Boats are")
    assert after["original"] == "Boats are slow on it."
    assert "$" not in after["translation"]


def test_nothing_is_marked_beside_the_words(page: Page, site: ArxivSite, reader: Configure) -> None:
    """Although the browser names a place in the text wherever one points."""
    _open(page, site, reader)
    x, y = _middle_of(page, "#three > .ltx_p", "Many boats")
    page.move_to(x, y)
    page.wait_for(MARKED)
    page.move_to(page.evaluate("innerWidth") - 40, y)  # right of a short line
    page.wait_for(f"!{MARKED}")


def test_what_lengths_tell_is_said_to_be_told_by_them(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM, own_backend: Callable[..., Any]
) -> None:
    """The model lost its marks: the sentences are paired all the same, and the reader is told how."""
    llm.scenario = Scenario(damage=("unmark",))
    _open(page, site, reader, targetLanguage="de", backendUrl=own_backend().url)
    marked = _point_at(page, ONE, "way to the shore")
    theirs = _sentences(page, f"{ONE} + {TRANSLATION}")
    assert marked["original"] == "We show that $c$ is the way to the shore."
    assert _bare(marked["translation"]) == _bare(theirs[-1])
    title = page.evaluate(f"document.querySelector({f'{ONE} + {TRANSLATION}'!r}).title")
    assert title == words("sentencesByLength")
    assert not page.evaluate(f"document.querySelector({f'#three {TRANSLATION}'!r}).title")


def test_in_its_place_the_original_shows_the_sentence_that_was_pointed_at(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    _open(page, site, reader, display="replace", targetLanguage="de")
    theirs = _sentences(page, f"{ONE} + {TRANSLATION}")
    marked = _point_at(page, f"{ONE} + {TRANSLATION}", theirs[2].strip()[:4])
    page.wait_for(f"document.querySelector({ONE!r}).matches('[data-paperglot-shown]')")
    assert marked["original"] == "We show that $c$ is the way to the shore."
    assert page.evaluate(MARKED) == marked
    # And there it follows the pointer.
    assert _point_at(page, ONE, "three nights")["original"].startswith("A lamp of")


def test_a_second_visit_knows_the_sentences_too(
    page: Page, site: ArxivSite, reader: Configure, llm: FakeLLM
) -> None:
    """From the memory of this session, without a request."""
    _open(page, site, reader)
    marked = _point_at(page, ONE, "long river")
    page.move_to(3, 3)
    page.reload()
    _wait(page)
    asked = len(llm.requests)
    assert _point_at(page, ONE, "long river") == marked
    assert len(llm.requests) == asked == 1


def test_keys_step_from_sentence_to_sentence(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """Through the whole page and back, never while the reader is writing; Escape ends it."""
    site.add(PATH, PAGE)
    before = untouched(page, site.url(PATH), reader)
    _open(page, site, reader)
    steps = []
    for _ in range(8):
        page.press(".")
        steps.append(page.wait_for(MARKED)["original"])
    assert steps[0] == f"Lamps of {site.stamp}"
    assert steps[3].startswith("We show")
    assert steps[-1] == f"Many boats came on that day to {site.stamp}."
    page.press(",")
    assert page.evaluate(MARKED)["original"] == "Boats are slow on it."
    page.press("Escape")
    assert page.evaluate(MARKED) is None
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before


@pytest.mark.alone
def test_a_move_of_the_pointer_costs_next_to_nothing(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    """In a long paragraph full of formulas; the layout does not change."""
    sentence = f"We say that {MATH.format('e')} boats of the long river are slow on every night. "
    site.add(
        "/html/2401.09102v1",
        PAGE.partition("<section")[0]
        + f'<div class="ltx_para" id="one"><p class="ltx_p">{sentence * 40}</p></div></article></body></html>',
    )
    reader(pages={"html": "always"})
    page.set_viewport(1200, 900)
    page.goto(site.url("/html/2401.09102v1"))
    page.wait_for(f"document.querySelector({f'{ONE} + {TRANSLATION}'!r})?.dataset.state === 'done'")
    height = page.evaluate("document.documentElement.scrollHeight")
    milliseconds = page.evaluate(
        f"""(node => {{
          const box = node.getBoundingClientRect();
          const times = [];
          for (let step = 0; step < 60; step += 1) {{
            const clientX = box.left + (box.width * (step % 10)) / 10 + 8;
            const clientY = box.top + (Math.min(box.height, innerHeight - box.top) * step) / 60;
            const before = performance.now();
            document.elementFromPoint(clientX, clientY)?.dispatchEvent(
              new PointerEvent('pointermove', {{ bubbles: true, clientX, clientY, pointerType: 'mouse' }}));
            document.documentElement.scrollHeight; // what it makes the browser lay out anew counts, too
            times.push(performance.now() - before);
          }}
          return [times.shift(), ...times.sort((a, b) => a - b)]; // the first one works it all out
        }})(document.querySelector({ONE!r}))"""
    )
    first, median, longest = (milliseconds[n] for n in (0, 30, -1))
    sys.stdout.write(
        f"first move {first:.1f} ms, then median {median:.1f}, longest {longest:.1f}\n"
    )
    assert median <= 4
    assert max(first, longest) < 50
    assert page.evaluate("document.documentElement.scrollHeight") == height


def test_one_key_swaps_the_paragraph_under_the_pointer(
    browser: Browser, page: Page, site: ArxivSite, reader: Configure
) -> None:
    """It stays what it was made when the pointer leaves; with the translation off nothing is left."""
    site.add(PATH, PAGE)
    before = untouched(page, site.url(PATH), reader)
    _open(page, site, reader, display="replace")
    shown = f"document.querySelector({ONE!r}).hasAttribute('data-paperglot-shown')"
    for is_shown in (True, False, True):
        page.hover(ONE if page.evaluate(shown) else f"{ONE} + {TRANSLATION}")
        page.wait_for(shown)
        page.press("p")
        page.move_to(3, 3)
        page.wait_for(shown if is_shown else f"!{shown}")
        assert not page.evaluate(
            f"document.querySelector({TWO!r}).hasAttribute('data-paperglot-shown')"
        )
    browser.run_command("toggle-translation", page)
    page.wait_for(NO_TRANSLATION)
    assert page.evaluate(DOCUMENT) == before


def test_without_a_voice_reading_aloud_says_so(
    page: Page, site: ArxivSite, reader: Configure
) -> None:
    """Which a browser without a screen has none of; the language is said by its own name."""
    _open(page, site, reader, targetLanguage="sw")
    choose(page, words("controlReadAloud"))
    player = "document.querySelector('[data-paperglot=\"player\"]')"
    page.wait_for(f"{player}?.textContent.includes('Kiswahili')")
    page.press("Escape")
    page.wait_for(f"!{player}")
    page.press("r")
    page.wait_for(player)
