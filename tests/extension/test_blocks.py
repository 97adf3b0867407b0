"""The blocks of a page, found a few at a time."""

from __future__ import annotations

from tests.extension.conftest import Module

MODULE = "content/document/blocks.js"

# For each block, in the order they are told of: its class, and those of what stands in its text by then.
TOLD = """async ({ Blocks }, html) => {
  const root = document.createElement('div');
  root.innerHTML = html;
  const expected = root.querySelectorAll('.text').length;
  document.body.append(root);
  const leave = new AbortController();
  const told = [];
  const slow = () => {
    const end = performance.now() + 20; // longer than is spent on finding in one go
    while (performance.now() < end);
    return true;
  };
  const inner = (block) => block.inner.map((each) => [each.original.className, ...inner(each)]);
  try {
    await new Promise((resolve) => {
      const blocks = new Blocks({
        blocks: [{ select: '.text, .note', kind: 'prose', place: 'after', accept: slow }],
      }, {
        onFound: (elements) => {
          for (const block of blocks.of(elements)) told.push([block.original.className, ...inner(block)]);
          if (told.length === expected) resolve();
        },
        onChanged() {}, onLost() {}, signal: leave.signal,
      });
    });
  } finally {
    leave.abort();
    root.remove();
  }
  return told;
}"""


def test_a_text_is_told_of_with_what_stands_within_it(module: Module) -> None:
    """However slow the machine is: nothing leads from the one to the other later."""
    noted = (
        "<p class=text>A<i class=note>first<i class=note>inner</i></i>B<i class=note>other</i></p>"
    )
    text = ["text", ["note", ["note"]], ["note"]]
    assert module.run(TOLD, noted * 3 + "<p class=text>C</p>") == [text, text, text, ["text"]]
