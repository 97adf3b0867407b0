"""A file the reader chooses, as text."""

from __future__ import annotations

import pytest

from tests.extension.conftest import Module

MODULE = "options/files.js"

# The browser's own dialogue is out of reach: this file is chosen in it, or none.
CHOOSE = """async ({ choose }, bytes) => {
  const { click } = HTMLInputElement.prototype;
  HTMLInputElement.prototype.click = function () {
    const chosen = new DataTransfer();
    if (bytes) chosen.items.add(new File([Uint8Array.from(bytes)], 'file'));
    this.files = chosen.files;
    this.dispatchEvent(new Event(bytes ? 'change' : 'cancel'));
  };
  try {
    return await choose('.csv');
  } finally {
    HTMLInputElement.prototype.click = click;
  }
}"""


def _chosen(module: Module, content: bytes | None) -> str | None:
    text: str | None = module.run(CHOOSE, None if content is None else list(content))
    return text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_what_excel_writes_is_read(module: Module, encoding: str) -> None:
    text = "token\t词元\r\n"
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""
    assert _chosen(module, mark + text.encode(encoding)) == text


@pytest.mark.parametrize(
    "content",
    [b"", bytes(range(256)) * 40, "术语,词\n".encode("gb18030"), b"\xff", b"\xff\xfe\x00"],
    ids=["empty", "binary", "gb18030", "byte", "half"],
)
def test_what_is_no_text_is_empty(module: Module, content: bytes) -> None:
    assert _chosen(module, content) == ""


def test_a_file_that_is_too_large_is_not_read(module: Module) -> None:
    lengths = f"""async (module) => [
      (await ({CHOOSE})(module, new Uint8Array(5_000_000).fill(97))).length,
      (await ({CHOOSE})(module, new Uint8Array(5_000_001).fill(97))).length,
    ]"""
    assert module.run(lengths) == [5_000_000, 0]


def test_a_reader_who_changes_their_mind_chooses_none(module: Module) -> None:
    assert _chosen(module, None) is None
