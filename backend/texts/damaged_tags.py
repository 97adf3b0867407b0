"""Placeholders that a model damaged: read where just they are missing, else taken out.

`placeholder_tags.tidy` knows other spellings of a placeholder; here the bracket is another one, the
letter is of another alphabet, or the number is gone: `</g>`, `<г1>`, `[x1]`, `<1/>`, `x1/>`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Final

_X: Final = "xXｘＸхХχΧ×"
_G: Final = "gGｇＧгГγΓɡ"
_OPEN: Final = r"(?:[<＜〈⟨\[［【⟦{(（《‹«]|&lt;)"
_CLOSE: Final = r"(?:[>＞〉⟩\]］】⟧})）》›»]|&gt;)"
_GAP: Final = r"[\s\u200c-\u200f\u061c]{0,2}"
_BRACKETED: Final = (
    rf"{_OPEN}{_GAP}(?P<slash>[/／\\]?){_GAP}(?P<kind>[{_X}{_G}]?)[\s_#:-]?(?P<number>\d{{1,4}})"
    rf"{_GAP}(?P<end>[/／\\]?){_GAP}{_CLOSE}"
)
# One of the brackets, or both, are gone.
_HALF: Final = (
    r"(?:<|&lt;)(?P<slash2>/?)(?P<kind2>[xg])(?P<number2>\d{1,4})(?P<end2>/?)(?![\w>])"
    r"|(?<![\w<])(?P<slash3>/?)(?P<kind3>[xg])(?P<number3>\d{1,4})(?:(?P<end3>/)(?:>|&gt;)?(?!\w)|(?![\w/>]))"
)
_NUMBERED: Final = re.compile(f"{_BRACKETED}|{_HALF}")
_UNNUMBERED: Final = re.compile(
    rf"(?:[<＜〈⟨]|&lt;){_GAP}(?P<slash>[/／]?){_GAP}(?P<kind>[{_X}{_G}])"
    rf"{_GAP}(?P<end>[/／]?){_GAP}(?:[>＞〉⟩]|&gt;)"
)
_TAG: Final = re.compile(r"<(?:x[1-9][0-9]{0,3}/|/?g[1-9][0-9]{0,3})>")
# What certainly was a placeholder, though it cannot be told which.
_REMAINS: Final = re.compile(
    rf"{_UNNUMBERED.pattern}"
    rf"|(?:[<＜〈⟨]|&lt;){_GAP}[/／]?{_GAP}[{_X}{_G}][\s_#-]?\d{{1,4}}{_GAP}[/／]?{_GAP}(?:[>＞〉⟩]|&gt;)"
    rf"|[\[［【⟦{{]{_GAP}[/／]?[{_X}{_G}]\d{{1,4}}{_GAP}[/／]?{_GAP}[\]］】⟧}}]"
    r"|(?:<|&lt;)/?[xg]\d{1,4}/?(?![\w>])|(?<![\w<])/?[xg]\d{1,4}/(?:>|&gt;)",
)


def read(source: str, translated: str) -> str:
    """The translation with damaged placeholders as they should be, where just those are missing."""
    wanted = _TAG.findall(source) if "<" in source else []
    missing = Counter(wanted) - Counter(_TAG.findall(translated)) if wanted else Counter()
    if not missing:
        return translated
    literal = _TAG.sub(" ", source)

    def numbered(match: re.Match[str]) -> str:
        groups = {name: value for name, value in match.groupdict().items() if value is not None}
        number, kind, slash, end = (
            next((value for name, value in groups.items() if name.startswith(part)), "")
            for part in ("number", "kind", "slash", "end")
        )
        if kind and kind in _G:
            tag = f"</g{int(number)}>" if slash or end else f"<g{int(number)}>"
        else:
            tag = f"<x{int(number)}/>"
        return _taken(tag, match[0])

    def _taken(tag: str, written: str) -> str:
        if missing[tag] <= 0 or written in literal:
            return written
        missing[tag] -= 1
        return tag

    translated = _between_tags(_NUMBERED, numbered, translated)
    return _unnumbered(source, translated) if +missing else translated


def _between_tags(
    pattern: re.Pattern[str], replace: Callable[[re.Match[str]], str], text: str
) -> str:
    """The text with a replacement made outside its whole placeholders."""
    parts: list[str] = []
    position = 0
    for tag in _TAG.finditer(text):
        parts += [pattern.sub(replace, text[position : tag.start()]), tag[0]]
        position = tag.end()
    return "".join([*parts, pattern.sub(replace, text[position:])])


def _unnumbered(source: str, translated: str) -> str:
    """`</g>` as the end of the pair that is open; `<g>` and `<x/>` where only one can be meant."""
    missing = Counter(_TAG.findall(source)) - Counter(_TAG.findall(translated))
    literal = _TAG.sub(" ", source)
    parts: list[str] = []
    waiting: list[str] = []
    position = 0
    for match in re.finditer(f"{_TAG.pattern}|(?P<damaged>{_UNNUMBERED.pattern})", translated):
        parts.append(translated[position : match.start()])
        position = match.end()
        tag = match[0]
        if match["damaged"] and tag not in literal:
            tag = _meant(match, missing, waiting) or tag
            missing[tag] -= 1
        if tag.startswith("<g"):
            waiting.append(f"</{tag[1:]}")
        elif tag in waiting:
            waiting.remove(tag)
        parts.append(tag)
    return "".join([*parts, translated[position:]])


def _meant(match: re.Match[str], missing: Counter[str], waiting: list[str]) -> str:
    if match["kind"] in _G and (match["slash"] or match["end"]):
        return waiting[-1] if waiting and missing[waiting[-1]] > 0 else ""
    beginning = "<g" if match["kind"] in _G else "<x"
    possible = [tag for tag in +missing if tag.startswith(beginning)]
    return possible[0] if len(possible) == 1 else ""


def has_remains(source: str, translated: str) -> bool:
    """Whether something in the translation was a placeholder and is none any more."""
    return without_remains(source, translated) != translated


def without_remains(source: str, translated: str) -> str:
    """The translation without what was a placeholder and is none any more."""
    literal = _TAG.sub(" ", source)
    return _between_tags(
        _REMAINS, lambda match: match[0] if match[0] in literal else "", translated
    )
