"""Placeholders in a model's answer: put in order, compared with the source, completed.

Everything here is about *protected* text (see `placeholders`): `<x1/>` stands for something opaque,
`<g2>…</g2>` wraps words, `<p1/>` stands between parts, a literal `<`, `>` or `&` is an entity.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from . import damaged_tags, parts
from .entities import read_entities

TAG = re.compile(
    r"<(?:x(?P<opaque>[1-9][0-9]{0,3})/|(?P<closes>/?)g(?P<pair>[1-9][0-9]{0,3})|p(?P<part>[1-9][0-9]{0,3})/)>"
)
"""A placeholder, or a mark between parts (see `parts`)."""


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

    Order does not matter, as languages put things differently; it does for marks between parts.
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
    if not faults and (detail := parts.fault(source, translated)):
        faults.append(Fault("placeholder", detail))
    if not faults and damaged_tags.has_remains(source, translated):
        faults.append(Fault("placeholder", "A placeholder is damaged; write each as it is."))
    misplaced = _misplaced(translated)
    if misplaced:
        faults.append(
            Fault("nesting", f"{misplaced} is out of place: each <gN> needs its </gN> after it.")
        )
    return tuple(faults)


def complete(source: str, translated: str) -> str:
    """The translation with every formula of the source exactly as often as there, and every part.

    Foreign, surplus and damaged placeholders go, pairs are made to nest, pairs that are missing stay away
    (their words are there, only the mark-up is lost), and what is missing is appended, to its own part.
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
        if match["part"]:
            pieces.append(tag)
        elif match["opaque"]:
            if left[tag] > 0:
                left[tag] -= 1
                pieces.append(tag)
        elif not match["closes"]:
            if pairs[tag] > 0:
                pairs[tag] -= 1
                open_at.append((tag, len(pieces)))
                pieces.append(tag)
        else:
            opening = f"<g{match['pair']}>"
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
    text = parts.complete(source, damaged_tags.without_remains(source, text))
    missing = [tag for tag in _in_order(source) if tag.startswith("<x") and _take(left, tag)]
    return parts.append(source, text, missing) if missing else text


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
        if not match["pair"]:
            continue
        if not match["closes"]:
            waiting.append(match["pair"])
        elif not waiting or waiting.pop() != match["pair"]:
            return match.group()
    return f"<g{waiting[-1]}>" if waiting else None


def _times(count: int) -> str:
    return {1: "once", 2: "twice"}.get(count, f"{count} times")


# A model that writes Russian may take the Cyrillic letter, one that writes Arabic a mark of direction.
_GAP = r"[\s\u200c-\u200f\u061c]{0,3}"
_LOOSE_TAG = re.compile(
    rf"[<＜〈⟨]{_GAP}(?P<slash>[/／]?){_GAP}(?P<kind>[xXgGｘｇхХ])(?:\s?|\s{{1,3}}id\s?=\s?[\"'“”]?)"
    rf"(?P<number>\d{{1,4}})[\"'“”]?{_GAP}(?P<end>[/／\\]?){_GAP}[>＞〉⟩]"
)
_ESCAPED_TAG = re.compile(r"&lt;\s?(/?)([xg])\s?([1-9][0-9]{0,3})\s?(/?)\s?&gt;", re.IGNORECASE)


def tidy(source: str, translated: str) -> str:
    """The translation with its placeholders in our form, where a model only wrote them differently.

    Models write `<x1 />`, `<X1/>`, `＜x1／＞`, `<x1>`, `<x1></x1>`, `<x id="1"/>`, `<x１/>` or `&lt;x1/&gt;`
    for `<x1/>`, `<g1/>` for an empty pair or to close one. The escaped form counts only for a placeholder
    the source has, and only if the source holds no such literal itself.
    """
    translated = read_entities(source, translated)
    if "&" in translated and not _ESCAPED_TAG.search(source):
        known = set(_in_order(source))
        translated = _ESCAPED_TAG.sub(lambda match: _unescaped(match, known), translated)
    found: list[str] = []
    position = 0
    unclosed: Counter[str] = Counter()
    before = ""
    for match in _LOOSE_TAG.finditer(translated):
        number = str(int(match["number"]))
        if number == "0":
            continue
        gap = translated[position : match.start()]
        tag = _tidied(match, number, unclosed, follows=before if not gap.strip() else "")
        found += [gap, tag]
        position, before = match.end(), tag
    found.append(translated[position:])
    return damaged_tags.read(source, parts.tidy(source, "".join(found)))


def _tidied(match: re.Match[str], number: str, unclosed: Counter[str], *, follows: str) -> str:
    """One tag in our form; empty for what only ends another.

    Args:
        unclosed: how many pairs with a number, `x` before it for something opaque, wait for their end.
        follows: the tag right before this one.
    """
    if match["kind"] in "gGｇ":
        closes = bool(match["slash"]) or (bool(match["end"]) and unclosed[number] > 0)
        if match["end"] and not closes:
            return f"<g{number}></g{number}>"
        unclosed[number] += -1 if closes else 1
        return f"</g{number}>" if closes else f"<g{number}>"
    tag = f"<x{number}/>"
    if match["slash"] and (unclosed[f"x{number}"] > 0 or follows == tag):
        unclosed[f"x{number}"] = 0
        return ""  # the end of <x1></x1> or <x1/></x1>
    if not match["end"] and not match["slash"]:
        unclosed[f"x{number}"] = 1
    return tag


def _unescaped(match: re.Match[str], known: set[str]) -> str:
    slash, kind, number, _ = match.groups()
    if kind in "xX":
        return f"<x{number}/>" if f"<x{number}/>" in known else match.group()
    return f"<{slash}g{number}>" if f"<g{number}>" in known else match.group()
