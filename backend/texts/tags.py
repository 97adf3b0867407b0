"""Placeholders in a model's answer: put in order, compared with the source, completed.

Everything here is about *protected* text (see `placeholders`): `<x1/>` stands for something opaque,
`<g2>…</g2>` wraps words, a literal `<`, `>` or `&` is an entity.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

TAG = re.compile(r"<(?:x([1-9][0-9]{0,3})/|(/?)g([1-9][0-9]{0,3}))>")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a translation.

    Args:
        name: `placeholder` (missing, foreign or too often) or `nesting`.
        detail: one short English sentence, fit for asking the model again.
    """

    name: str
    detail: str


def compare(source: str, translated: str) -> tuple[Fault, ...]:
    """The faults of a translation's placeholders against its source; none if all are there.

    Order does not matter, as languages put things differently.
    """
    faults = []
    wanted, found = _counted(source), _counted(translated)
    for tag in dict.fromkeys([*wanted, *found]):
        if wanted[tag] == found[tag]:
            continue
        if not wanted[tag]:
            detail = f"{tag} is not in the source; leave it out."
        elif not found[tag]:
            detail = f"{tag} is missing."
        else:
            detail = f"{tag} must occur {_times(wanted[tag])}, not {_times(found[tag])}."
        faults.append(Fault("placeholder", detail))
    misplaced = _misplaced(translated)
    if misplaced:
        faults.append(
            Fault("nesting", f"{misplaced} is out of place: each <gN> needs its </gN> after it.")
        )
    return tuple(faults)


def complete(source: str, translated: str) -> str:
    """The translation with every formula of the source exactly as often as there.

    Foreign and surplus placeholders go, pairs are made to nest, pairs that are missing stay away
    (their words are there, only the mark-up is lost), and what is missing is appended.
    """
    wanted = _counted(source)
    left = Counter({tag: count for tag, count in wanted.items() if tag.startswith("<x")})
    pairs = Counter({tag: count for tag, count in wanted.items() if tag.startswith("<g")})
    pieces: list[str] = []
    open_at: list[tuple[str, int]] = []
    position = 0
    for match in TAG.finditer(translated):
        pieces.append(translated[position : match.start()])
        position = match.end()
        tag = match.group()
        if match[1]:
            if left[tag] > 0:
                left[tag] -= 1
                pieces.append(tag)
        elif not match[2]:
            if pairs[tag] > 0:
                pairs[tag] -= 1
                open_at.append((tag, len(pieces)))
                pieces.append(tag)
        else:
            opening = f"<g{match[3]}>"
            if any(opening == waiting for waiting, _ in open_at):
                # What was opened inside and not closed is closed here.
                while open_at:
                    inner, _ = open_at.pop()
                    pieces.append(f"</{inner[1:]}")
                    if inner == opening:
                        break
    pieces.append(translated[position:])
    for _, index in open_at:
        pieces[index] = ""
    text = "".join(pieces)
    missing = [tag for tag in _in_order(source) if tag.startswith("<x") and _take(left, tag)]
    if missing:
        text = " ".join([text.rstrip(), *missing]).strip()
    return text


def _take(left: Counter[str], tag: str) -> bool:
    left[tag] -= 1
    return left[tag] >= 0


def _in_order(text: str) -> list[str]:
    return [match.group() for match in TAG.finditer(text)]


def _counted(text: str) -> Counter[str]:
    return Counter(_in_order(text))


def _misplaced(text: str) -> str | None:
    """The first tag that crosses another, closes nothing or is never closed."""
    waiting: list[str] = []
    for match in TAG.finditer(text):
        if match[1]:
            continue
        if not match[2]:
            waiting.append(match[3])
        elif not waiting or waiting.pop() != match[3]:
            return match.group()
    return f"<g{waiting[-1]}>" if waiting else None


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


_LOOSE_TAG = re.compile(
    r"[<＜〈]\s{0,3}(?P<slash>[/／]?)\s{0,3}(?P<kind>[xXgGｘｇ])\s?(?P<number>[0-9０-９]{1,4})"
    r"\s{0,3}(?P<end>[/／\\]?)\s{0,3}[>＞〉]"
)
_ESCAPED_TAG = re.compile(r"&lt;\s?(/?)([xg])([1-9][0-9]{0,3})\s?(/?)&gt;")


def tidy(source: str, translated: str) -> str:
    """The translation with its placeholders in our form, where a model only wrote them differently.

    Models write `<x1 />`, `<X1/>`, `＜x1／＞`, `<x1>`, `<x1></x1>`, `<x１/>` or `&lt;x1/&gt;` for `<x1/>`,
    and `<g1/>` for an empty pair. The escaped form counts only for a placeholder the source has, and only
    if the source holds no such literal itself.
    """
    if not _ESCAPED_TAG.search(source):
        known = set(_in_order(source))
        translated = _ESCAPED_TAG.sub(lambda match: _unescaped(match, known), translated)
    parts: list[str] = []
    position = 0
    unclosed: set[str] = set()
    for match in _LOOSE_TAG.finditer(translated):
        number = str(int(match["number"]))
        if number == "0":
            continue
        parts.append(translated[position : match.start()])
        position = match.end()
        if match["kind"] in "gGｇ":
            if match["end"] and not match["slash"]:
                parts.append(f"<g{number}></g{number}>")
            else:
                parts.append(f"<{'/' if match['slash'] else ''}g{number}>")
        elif match["slash"] and number in unclosed:
            unclosed.remove(number)  # the end of <x1></x1>
        else:
            parts.append(f"<x{number}/>")
            if not match["end"] and not match["slash"]:
                unclosed.add(number)
    parts.append(translated[position:])
    return "".join(parts)


def _unescaped(match: re.Match[str], known: set[str]) -> str:
    slash, kind, number, _ = match.groups()
    if kind == "x":
        return f"<x{number}/>" if f"<x{number}/>" in known else match.group()
    return f"<{slash}g{number}>" if f"<g{number}>" in known else match.group()
