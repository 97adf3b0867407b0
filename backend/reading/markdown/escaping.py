r"""Text of strangers inside Markdown: it reads as it is and makes no mark-up, link, image, list or HTML.

Every renderer has extensions of its own; what is escaped covers CommonMark 0.31.2, GitHub's (strikethrough,
addresses that become links, footnotes, `$…$`) and Pandoc's (`^2^`, `@key`, `{.class}`, `(1)`, `: definition`).
A backslash before any ASCII punctuation mark is that mark. Addresses stand in code spans, as an escaped
address is still made a link by many.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ..readable_text import pieces

_INLINE = re.compile(r"[\\`*_\[\]<~^${}]|&(?=#?\w+;)|@(?=\w)|(?<!#)#+$")
_LINE_START = re.compile(r"[#>+\-=:%|]")
_NUMBERED = re.compile(r"(\(?[0-9A-Za-z#]{1,9}|\(@[\w-]*)(?=[.)](?:\s|$))")
_TOKEN = re.compile(r"[^\s`]+")
# What a renderer may make a link of without being told to.
_ADDRESS = re.compile(
    r"//|www\.|[\w.+-]@[\w-]|\b(?:mailto|xmpp|ftp|javascript|data):", re.IGNORECASE
)
_TRAILING = re.compile(r"[.,;:!?)\]}>'\"]+$")
# A formula with one of these would be more than a formula to some renderer.
_UNUSUAL = re.compile(r"[`$]|//|www\.|@|:\s*[a-z]+\(|^\s|[\s_]$|^$", re.IGNORECASE)


@lru_cache(maxsize=2_000)
def inline(text: str) -> str:
    """Text, half TeX and half Unicode, as one line of Markdown; formulas stay `$…$`.

    It may begin a paragraph, a heading or an item.
    """
    parts: list[str] = []
    for words, fence, role in pieces(_one_line(text)):
        if fence and not _UNUSUAL.search(words):
            parts.append(f"{fence}{_formula(words)}{fence}")
        elif role in ("url", "email"):
            parts.append(_code(words))
        else:
            parts.append(_words(f"{fence}{words}{fence}"))
    return _as_beginning(" ".join("".join(parts).split()))


def _one_line(text: str) -> str:
    kept = (" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in text)
    return "".join(kept)


def _words(text: str) -> str:
    parts: list[str] = []
    end = 0
    for match in _TOKEN.finditer(text):
        if not _ADDRESS.search(match[0]):
            continue
        address = _TRAILING.sub("", match[0])
        parts += [_escaped(text[end : match.start()]), _code(address)]
        end = match.start() + len(address)
    return "".join(parts) + _escaped(text[end:])


def _escaped(text: str) -> str:
    return _INLINE.sub(lambda match: "".join(f"\\{mark}" for mark in match[0]), text)


def _code(text: str) -> str:
    """A code span, in which nothing is read but its end."""
    return f"`{text}`" if text and "`" not in text else _escaped(text)


def _as_beginning(line: str) -> str:
    """The line as it may begin a block: no list, quotation, heading, definition or title."""
    if _LINE_START.match(line):
        return "\\" + line
    return _NUMBERED.sub(r"\1\\", line, count=1) if _NUMBERED.match(line) else line


def _formula(tex: str) -> str:
    r"""A formula that is no mark-up either where nobody knows formulas: TeX does not mind the spaces."""
    tex = re.sub(r"<(?=[A-Za-z/!?])", "< ", tex)
    # A fence with a space before it closes nothing.
    tex = re.sub(r"\*$", r"\\ast", tex.rstrip("~ "))
    tex = re.sub(r"([*~]+)(?=[^\s*~])", r"\1 ", tex)
    tex = re.sub(r"(?<![^\W_])(_+)(?=[^\s_])", r"\1 ", tex)
    return tex.replace("](", "] (")
