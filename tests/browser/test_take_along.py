"""A translated paper as a file, saved from the control's menu."""

from __future__ import annotations

import base64
import io
import zipfile
from collections.abc import Callable

import pytest

from tests.browser.arxiv_site import ArxivSite
from tests.browser.driver import Page
from tests.browser.test_papers import OWN, SETTLED

Configure = Callable[..., None]

BUTTON = "[data-paperglot='control-button']"
# Holds what would be downloaded: headless browsers ask where to put it.
CATCH = """void document.addEventListener('click', async (event) => {
  const { download, href } = event.target;
  if (!download) return;
  event.preventDefault();
  const bytes = new Uint8Array(await (await fetch(href)).arrayBuffer());
  globalThis.saved = [download, btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))];
}, true)"""


def _saved(page: Page, label: str) -> tuple[str, bytes]:
    page.evaluate("void (delete globalThis.saved)")
    page.click(BUTTON)
    page.click(f"button[data-format='{label}']")
    page.wait_for("globalThis.saved", seconds=30)
    name, content = page.evaluate("saved")
    page.press("Escape")
    return name, base64.b64decode(content)


@pytest.mark.parametrize("display", ["below", "replace"])
def test_a_translated_paper_is_taken_along(
    page: Page, site: ArxivSite, reader: Configure, display: str
) -> None:
    reader(pages={"html": "always"}, display=display, control=True)
    page.set_viewport(1200, 6_000)
    page.goto(site.url(OWN))
    page.wait_for(SETTLED, seconds=30)
    page.wait_for(f"document.querySelector({BUTTON!r})")
    page.evaluate(CATCH)
    translated = page.evaluate(
        """[...document.querySelectorAll('[data-paperglot=translation]')].map(
          node => node.cloneNode(true).textContent.slice(0, 12).trim())"""
    )

    name, content = _saved(page, "html")
    html = content.decode()
    assert name == "arXiv-2401.01003v2.zh-Hans.html"
    assert "data-paperglot" not in html
    assert "paperglot-away" not in html
    assert 'id="footnote1"' in html
    assert "G. Gale. A book of lamps" in html  # the bibliography
    assert "We ask how far" not in html
    assert "fake-model" in html
    assert sum(words in html for words in translated) > len(translated) / 2

    name, content = _saved(page, "md")
    assert name.endswith(".md")
    assert "$r^{2}$" in content.decode()

    name, content = _saved(page, "epub")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert book.testzip() is None
        assert book.namelist()[0] == "mimetype"
        assert book.read("mimetype") == b"application/epub+zip"

    page.click(BUTTON)
    page.click("[data-paperglot='menu-group'] input[type='checkbox']")
    page.press("Escape")
    name, content = _saved(page, "html")
    assert "We ask how far" in content.decode()
