"""Pictures with at most 256 colours: a picture of text has few that matter, and weighs a third."""

from __future__ import annotations

import base64
import struct
import zlib

from tests.browser.driver import Page

# Gives width and height, the palette and one byte a pixel.
_REDUCE = """(async source => {
  const image = new Image();
  image.src = source;
  await image.decode();
  const { width, height } = image;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, width, height);
  const counts = new Map();
  for (let at = 0; at < data.length; at += 4) {
    const colour = (data[at] << 16) | (data[at + 1] << 8) | data[at + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const parts = colour => [colour >> 16, (colour >> 8) & 255, colour & 255];
  const distance = (one, other) => {
    const [r, g, b] = parts(one);
    const [red, green, blue] = parts(other);
    return (r - red) ** 2 + (g - green) ** 2 + (b - blue) ** 2;
  };
  const palette = [];
  const nearest = new Map([...counts.keys()].map(colour => [colour, { place: 0, far: Infinity }]));
  const add = colour => {
    const place = palette.push(colour) - 1;
    for (const [other, known] of nearest) {
      const far = distance(colour, other);
      if (far < known.far) Object.assign(known, { place, far });
    }
  };
  // The commonest, then whatever is least like those: a small sign keeps its colour.
  [...counts].sort((one, other) => other[1] - one[1]).slice(0, 128).forEach(([colour]) => add(colour));
  while (palette.length < 256) {
    const [colour, { far }] = [...nearest].reduce((one, other) => (other[1].far > one[1].far ? other : one));
    if (!far) break;
    add(colour);
  }
  let pixels = '';
  for (let at = 0; at < data.length; at += 4) {
    pixels += String.fromCharCode(nearest.get((data[at] << 16) | (data[at + 1] << 8) | data[at + 2]).place);
  }
  return { width, height, palette: palette.flatMap(parts), pixels: btoa(pixels) };
})"""


def source(png: bytes) -> str:
    """The picture as the address of an image."""
    return f"data:image/png;base64,{base64.b64encode(png).decode()}"


def reduced(page: Page, png: bytes) -> bytes:
    """The picture with at most 256 colours; an empty page does the work."""
    found = page.evaluate(f"{_REDUCE}({source(png)!r})")
    width, height = found["width"], found["height"]
    pixels = base64.b64decode(found["pixels"])
    rows = (pixels[at : at + width] for at in range(0, len(pixels), width))
    return b"".join(
        (
            b"\x89PNG\r\n\x1a\n",
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(found["palette"])),
            _chunk(b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows), 9)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
