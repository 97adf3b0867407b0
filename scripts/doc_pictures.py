"""Take the pictures of README and of the stores anew: python -m scripts.doc_pictures docs

The stores get one folder a language, in the extension's eight: an abstract page of arXiv's as a reader of
that language has it, and the popup in light and dark, in the stores' size. Real browser, real extension,
real backend, as in `screenshots.py`.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from scripts.reduced_png import reduced, source
from scripts.screenshots import PAPER, TRANSLATED, Studio, open_page, open_popup, open_studio
from tests.browser.driver import ColorScheme, Page

WIDTH, HEIGHT = 1280, 800
# Folder of the store: the browser's locale, the language papers are read in.
READERS = {
    "en": ("en-US", "zh-Hans"),
    "zh_CN": ("zh-CN", "zh-Hans"),
    "zh_TW": ("zh-TW", "zh-Hant"),
    "ja": ("ja", "ja"),
    "ko": ("ko", "ko"),
    "es": ("es", "es"),
    "fr": ("fr", "fr"),
    "de": ("de", "de"),
}
README = "images"
_TWO_POPUPS = """(async pictures => {
  document.body.style.cssText = 'margin:0;height:100vh;display:flex;gap:96px;align-items:center;'
    + 'justify-content:center;background:#dfe7e6';
  document.body.replaceChildren(...await Promise.all(pictures.map(async source => {
    const image = new Image();
    image.src = source;
    await image.decode();
    image.style.cssText = 'border-radius:8px;outline:1px solid #9fb0ae';
    return image;
  })));
})"""
# A constructed style sheet: the extension's own pages allow no other from outside.
_NO_SCROLLBARS = """(sheet => {
  sheet.replaceSync('* { scrollbar-width: none !important; scrollbar-gutter: auto !important; }');
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
})(new CSSStyleSheet())"""


def _photograph(page: Page) -> bytes:
    page.evaluate(_NO_SCROLLBARS)
    page.evaluate("document.fonts.ready.then(() => new Promise(done => setTimeout(done, 350)))")
    with tempfile.TemporaryDirectory() as name:
        page.screenshot(path := Path(name) / "picture.png")
        return path.read_bytes()


def abstract_page(
    studio: Studio, language: str, display: str, *, width: int = WIDTH, height: int = HEIGHT
) -> bytes:
    """arXiv's page of a paper with its translation."""
    studio.settle(targetLanguage=language, display=display)
    page = open_page(studio, f"{PAPER}?mathjax=before", width, "light", height=height)
    page.wait_for(TRANSLATED)
    return _photograph(page)


def popup(studio: Studio, language: str, scheme: ColorScheme, *, unfolded: bool = False) -> bytes:
    """The popup with the day's list; its first paper unfolded or not."""
    studio.settle(targetLanguage=language)
    page = open_popup(studio, scheme)
    if unfolded:
        # Not with the mouse: what the refresh brings may move the list under the pointer.
        page.evaluate("document.querySelector('[data-paper-id] button.title').click()")
        page.wait_for("document.querySelector('.unfolded')")
    return _photograph(page)


def two_popups(studio: Studio, language: str) -> bytes:
    """The list by day, and the same list at night with a paper unfolded."""
    by_day = popup(studio, language, "light")
    by_night = popup(studio, language, "dark", unfolded=True)
    page = studio.browser.new_page()
    page.set_viewport(WIDTH, HEIGHT)
    page.evaluate(f"{_TWO_POPUPS}({[source(by_day), source(by_night)]!r})")
    return _photograph(page)


def for_readme(studio: Studio) -> dict[str, bytes]:
    """README's pictures, by name."""
    return {
        "abs-below": abstract_page(studio, "zh-Hans", "below", width=1200, height=900),
        "abs-side-ar": abstract_page(studio, "ar", "side", width=1200, height=900),
        "popup-light": popup(studio, "zh-Hans", "light", unfolded=True),
        "popup-dark-ja": popup(studio, "ja", "dark"),
    }


def for_store(studio: Studio, language: str) -> dict[str, bytes]:
    """A store's pictures, by name."""
    return {
        "1-page": abstract_page(studio, language, "below"),
        "2-list": two_popups(studio, language),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="docs")
    parser.add_argument(
        "--only", choices=(README, *READERS), action="append", help="default: all of them"
    )
    chosen = parser.parse_args()
    for name in chosen.only or (README, *READERS):
        locale, language = READERS.get(name, ("en-US", ""))
        folder = chosen.folder / (name if name == README else f"store/{name}")
        folder.mkdir(parents=True, exist_ok=True)
        with open_studio("chromium", folder, locale=locale) as studio:
            pictures = for_readme(studio) if name == README else for_store(studio, language)
            canvas = studio.browser.new_page()
            for picture, png in pictures.items():
                path = folder / f"{picture}.png"
                path.write_bytes(reduced(canvas, png))
                sys.stdout.write(f"{path} {path.stat().st_size}\n")


if __name__ == "__main__":
    main()
