"""Draw the icons' PNG files from their SVG: python -m scripts.icons

Small sizes have a drawing of their own, with fewer lines. Run it after a change of either drawing.
"""

from __future__ import annotations

import base64
import sys
import tempfile
from pathlib import Path

from tests.browser.chromium import Chromium
from tests.browser.driver import Page

ROOT = Path(__file__).parent.parent
ICONS = ROOT / "extension" / "icons"
LARGE, SMALL = ICONS / "paperglot.svg", ROOT / "scripts" / "icons" / "small.svg"
DRAWINGS = {16: SMALL, 32: SMALL, 48: LARGE, 128: LARGE}


def draw(page: Page, size: int) -> bytes:
    """The drawing as PNG, transparent where it draws nothing."""
    svg = base64.b64encode(DRAWINGS[size].read_bytes()).decode()
    url = page.evaluate(
        f"""new Promise(done => {{
          const image = new Image({size}, {size});
          image.onload = () => {{
            const canvas = Object.assign(document.createElement('canvas'), {{ width: {size}, height: {size} }});
            canvas.getContext('2d').drawImage(image, 0, 0, {size}, {size});
            done(canvas.toDataURL('image/png'));
          }};
          image.src = 'data:image/svg+xml;base64,{svg}';
        }})"""
    )
    return base64.b64decode(url.partition(",")[2])


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        browser = Chromium(ROOT / "extension", site_port=9, folder=Path(name))
        try:
            page = browser.new_page()
            for size in DRAWINGS:
                path = ICONS / f"paperglot-{size}.png"
                path.write_bytes(draw(page, size))
                sys.stdout.write(f"{path.relative_to(ROOT)}\n")
        finally:
            browser.close()


if __name__ == "__main__":
    main()
