"""A reader's own wording of a translation: checked like any other, kept for all, taken back by `forget`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import InvalidRequest
from ..languages import Language
from ..texts import placeholders
from ..texts.placeholder_tags import TAG
from ..texts.placeholders import Protected
from ..translation.lookup import kind_of, needs_no_translation
from ..translation.memory import TranslationMemory
from ..translation.records import READER, Translation
from ..verification.verify import check


@dataclass(frozen=True)
class Correction:
    """What became of a reader's wording.

    Args:
        translation: the wording with what the checks say of it.
        kept: whether it is what readers get from now on; a worse one never replaces a verified one.
    """

    translation: Translation
    kept: bool


def correct(
    memory: TranslationMemory, source: Protected, wording: str, *, key: str, language: Language
) -> Correction:
    """Check a reader's wording of a text and keep it where it is no worse than what is kept.

    Args:
        source: the text that is translated.
        wording: in API form, with the source's own placeholders and TeX.
        key: the memory's key of the source, in this language.

    Raises:
        InvalidRequest: nothing to translate, no words, or placeholders that do not nest.
    """
    if needs_no_translation(source.text, language):
        raise InvalidRequest("This text has no words to translate, or is in the language already.")
    text, foreign = in_places_of(source, placeholders.protect(wording))
    if not text:
        raise InvalidRequest("Write the translation that readers are to get; it is empty.")
    verdict = check(source.text, text, language=language, kind=kind_of(source.text))
    issues = dict.fromkeys(issue.name for issue in verdict.issues)
    if foreign:
        issues.setdefault("placeholder")
    verified = not issues.keys() - {"term"}
    offered = Translation(text, verified, tuple(issues), READER)
    kept = memory.store(key, language.tag, offered, source=source.text)
    return Correction(offered, kept == offered)


def in_places_of(source: Protected, wording: Protected) -> tuple[str, bool]:
    """A wording in protected form with the source's numbers, and whether it has placeholders of its own.

    A placeholder of the wording is the source's with the same content, the first that is not taken yet; one
    that the source does not have stands as the characters it was written with, a client's mark is left out.
    """
    numbers: dict[int, int] = {}
    foreign = False
    for number, content in wording.originals.items():
        same = _first_free(content, source.originals, set(numbers.values()))
        if same is None:
            foreign = True
        else:
            numbers[number] = same

    pieces: list[str] = []
    position = 0
    for match in TAG.finditer(wording.text):
        pieces.append(wording.text[position : match.start()])
        position = match.end()
        number = int(match["opaque"] or match["pair"] or 0)
        if number in numbers:
            name = f"x{numbers[number]}/" if match["opaque"] else f"g{numbers[number]}"
            pieces.append(f"</{name}>" if match["closes"] else f"<{name}>")
        elif number:
            opening, closing = wording.originals.get(number, ("", ""))
            pieces.append(TAG.sub("", closing if match["closes"] else opening))
        else:
            pieces.append(match.group())
    pieces.append(wording.text[position:])
    return "".join(pieces).strip(), foreign


def _first_free(
    content: tuple[str, str], originals: Mapping[int, tuple[str, str]], taken: set[int]
) -> int | None:
    equal = [number for number, original in originals.items() if original == content]
    return next((number for number in equal if number not in taken), equal[0] if equal else None)
