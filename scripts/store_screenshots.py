"""Take the stores' screenshots: python -m scripts.store_screenshots docs/store

One folder a language, in the extension's eight: an abstract page of arXiv's as a reader of that language
has it, and the popup in light and dark. Real browser, real extension, real backend, as in
`screenshots.py`; the pictures have the stores' size and are reduced to 256 colours.
"""

from __future__ import annotations

import argparse
import base64
import struct
import sys
import tempfile
import zlib
from pathlib import Path

from scripts.screenshots import (
    PAPER,
    TRANSLATED,
    Studio,
    knowing,
    open_page,
    open_popup,
    open_studio,
)
from tests.browser.driver import Page

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
# The sample edition is in simplified characters only, so this reader's second picture is another page.
WITHOUT_SAMPLE = "zh-Hant"
# Gives the palette and one byte a pixel; a picture of text has few colours that matter.
_REDUCE = """(async source => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height);
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const palette = [...counts].sort((one, other) => other[1] - one[1]).slice(0, 256).map(([colour]) => colour);
  const parts = colour => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const places = new Map();
  for (const colour of counts.keys()) {
    const [red, green, blue] = parts(colour);
    let best = Infinity;
    palette.forEach((other, index) => {
      const [r, g, b] = parts(other);
      const distance = (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
      if (distance < best) {
        best = distance;
        places.set(colour, index);
      }
    });
  }
  let pixels = '';
  for (let at = 0; at < data.length; at += 4) {
    pixels += String.fromCharCode(places.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]));
  }
  return { palette: palette.flatMap(parts), pixels: btoa(pixels) };
})"""
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


def _source(png: bytes) -> str:
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def reduced(page: Page, png: bytes) -> bytes:
    """The picture with at most 256 colours."""
    found = page.evaluate(f"{_REDUCE}({_source(png)!r})")
    pixels = base64.b64decode(found["pixels"])
    rows = (pixels[at : at + WIDTH] for at in range(0, len(pixels), WIDTH))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 3, 0, 0, 0)
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", header),
            _chunk(b"PLTE", bytes(found["palette"])),
            _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


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


def abstract_page(studio: Studio, language: str, display: str) -> bytes:
    studio.settle(targetLanguage=language, display=display)
    studio.llm.scenario = knowing(language)
    page = open_page(studio, f"{PAPER}?mathjax=before", WIDTH, "light", height=HEIGHT)
    page.wait_for(TRANSLATED)
    return _photograph(page)


def popups(studio: Studio, language: str) -> bytes:
    """The list by day, and the same list at night with a paper unfolded."""
    studio.settle(targetLanguage=language)
    by_day = _photograph(open_popup(studio, "light"))
    by_night = open_popup(studio, "dark")
    # Not with the mouse: what the refresh brings may move the list under the pointer.
    by_night.evaluate("document.querySelector('[data-paper-id] button.title').click()")
    by_night.wait_for("document.querySelector('.unfolded')")
    sources = [_source(by_day), _source(_photograph(by_night))]
    page = studio.browser.new_page()
    page.set_viewport(WIDTH, HEIGHT)
    page.evaluate(f"{_TWO_POPUPS}({sources!r})")
    return _photograph(page)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path, help="gets a folder for each language")
    parser.add_argument("--only", choices=READERS, action="append", help="default: every language")
    chosen = parser.parse_args()
    for folder in chosen.only or READERS:
        locale, language = READERS[folder]
        with open_studio("chromium", chosen.folder, locale=locale) as studio:
            pictures = {"1-page": abstract_page(studio, language, "below")}
            if language == WITHOUT_SAMPLE:
                pictures["2-side"] = abstract_page(studio, language, "side")
            else:
                pictures["2-list"] = popups(studio, language)
            canvas = studio.browser.new_page()
            for name, png in pictures.items():
                path = chosen.folder / folder / f"{name}.png"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(reduced(canvas, png))
                sys.stdout.write(f"{path} {path.stat().st_size}\n")


if __name__ == "__main__":
    main()
