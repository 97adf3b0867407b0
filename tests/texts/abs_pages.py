"""Reads the title and abstract of an arXiv abs page as the page script does: a segment each."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = {"br", "img", "link", "meta", "input", "hr"}
_MATHJAX = {"MathJax_Preview", "MathJax", "MathJax_Display"}


class Node:
    """An element of the page."""

    def __init__(self, tag: str, attributes: dict[str, str], parent: Node | None) -> None:
        self.tag, self.attributes, self.parent = tag, attributes, parent
        self.children: list[Node | str] = []

    def has_class(self, *names: str) -> bool:
        return bool(set(self.attributes.get("class", "").split()) & set(names))

    def is_mathjax(self) -> bool:
        return self.has_class(*_MATHJAX) or self.attributes.get("type", "").startswith("math/tex")


class AbsPage(HTMLParser):
    """The page as a tree, its title and abstract as segments, its meta elements by name."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self._blocks: dict[str, Node] = {}
        self._current = Node("html", {}, None)
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs}, self._current)
        self._current.children.append(node)
        if tag == "meta":
            self.meta.setdefault(
                node.attributes.get("name", ""), node.attributes.get("content", "")
            )
        for kind in ("title", "abstract"):
            if node.has_class("mathjax") and node.has_class(kind):
                self._blocks.setdefault(kind, node)
        if tag not in _VOID:
            self._current = node

    def handle_endtag(self, tag: str) -> None:
        node: Node | None = self._current
        while node is not None and node.tag != tag:
            node = node.parent
        if node is not None and node.parent is not None:
            self._current = node.parent

    def handle_data(self, data: str) -> None:
        self._current.children.append(data)

    def segment(self, kind: str, *, breaks: bool = True) -> str:
        """The `title` or `abstract` as a segment; without its line breaks if they are not wanted."""
        text = "".join(_text(self._blocks[kind], breaks))
        numbers = iter(range(1, 1000))
        return re.sub(r"<x/>", lambda _: f"<x{next(numbers)}/>", " ".join(text.split()))


def _text(node: Node, breaks: bool) -> list[str]:
    parts: list[str] = []
    in_formula = False
    for child in node.children:
        if isinstance(child, str):
            parts.append(child.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))
        elif child.is_mathjax():
            if not in_formula:
                parts.append("<x/>")
            in_formula = child.tag != "script"
            continue
        elif child.tag == "br":
            parts.append("<x/>" if breaks else " ")
        elif child.tag == "a":
            parts.append("<x/>")
        elif not child.has_class("descriptor"):
            parts += _text(child, breaks)
        in_formula = False
    return parts


_TYPESET = re.compile(r"\$[^$]+\$|\\begin\{(\w+\*?)\}.*?\\end\{\1\}", re.DOTALL)


def typeset(segment: str) -> str:
    """The segment of the same page after MathJax: each formula is one opaque thing."""
    numbers = iter(range(1, 1000))
    formulas = _TYPESET.sub("<x0/>", segment)
    return re.sub(r"<x\d+/>", lambda _: f"<x{next(numbers)}/>", formulas)
