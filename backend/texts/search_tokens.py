"""Texts cut into search tokens, by ourselves, so that every database answers alike.

Pure. An *atom* is what words and phrases are made of: a word of a script with spaces (of `GPT-4` two, `gpt` and
`4`), or one character of a script without them (Chinese, Japanese, Korean as its particles need it, Thai, Lao,
Khmer, Burmese). A *token* is what an index holds:

- an atom; the whole of a joined word (`gpt4` for GPT-4, so that GPT4 finds it), `c++`, `3.5x`, and its parts;
- two atoms of one unspaced run (`模型`): what such a language has for words;
- `~` and five characters: two neighbours of which one is a word, as a digest of 17 bits: what phrases need.

Tokens hold letters, marks and digits of any script, and `+ # . - ~`: no white space and no quotation mark.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from . import search_folding
from .placeholder_tags import TAG
from .placeholders import unescape

fold = lru_cache(maxsize=20_000)(search_folding.fold)

BREAK = "\x1f"
"""Stands in a text where a formula or the like stood: no phrase reaches across it."""

MAX_TOKEN = 40
"""Characters of a token; of a longer word the beginning counts."""

_MARKS = "".join(
    c for c in map(chr, range(0x10000)) if unicodedata.category(c) in ("Mn", "Mc", "Me")
)


def as_class(characters: str) -> str:
    """The ranges of a character class."""
    ranges: list[list[int]] = []
    for code in map(ord, characters):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\u{first:04x}-\\u{last:04x}" for first, last in ranges)


MARK = as_class(_MARKS)
"""Accents, vowel signs and the like, as ranges of a character class."""
# Base characters of scripts that put no spaces between words, and Korean.
UNSPACED = (
    "\u0e01-\u0e2e\u0e2f\u0e30\u0e32\u0e33\u0e3f-\u0e46\u0e50-\u0e59\u0e80-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6"
    "\u1000-\u102a\u103f-\u1049\u1050-\u1055\u1100-\u11ff\u1780-\u17b3\u17d7\u17dc\u17e0-\u17e9"
    "\u3005-\u3007\u3021-\u3029\u3038-\u303c\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f"
    "\u3131-\u318e\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d"
    "\U0001b000-\U0001b16f\U00020000-\U000323af"
)
_LETTER = rf"(?![{UNSPACED}])[^\W_]"
_CHUNK = rf"{_LETTER}(?:{_LETTER}|[{MARK}\u0640\u200c\u200d])*"
_JOINER = r"(?:[-\u2010\u2011'\u2019\u05f4\u05f3_]|(?<=\d)[.,](?=\d))"
_PIECE = re.compile(
    rf"(?P<run>(?:[{UNSPACED}][{MARK}\uff9e\uff9f]*)+)"
    rf"|(?P<word>{_CHUNK}(?:{_JOINER}{_CHUNK})*(?:\+\+|[#+])?(?![\w+#])|{_CHUNK}(?:{_JOINER}{_CHUNK})*)"
    rf"|(?P<break>{BREAK})"
)
_HAN = re.compile("[\u4e00-\u9fff]+")
_UNIT = re.compile(rf"[{UNSPACED}][{MARK}\uff9e\uff9f]*")
_JOINED = re.compile(r"[-\u2010\u2011'\u2019\u05f4\u05f3_]")
_SUFFIX = re.compile(r"[+#]+$")
_SUBPART = re.compile(r"\d+(?:\.\d+)*|[^\W\d]+")


class Atom(NamedTuple):
    """A word or a character of a text.

    Args:
        start, end: where it stands in the text, in characters.
        token: as it is indexed.
        run: number of the unspaced run it belongs to; 0 for a word.
        block: number of the stretch between two breaks.
    """

    start: int
    end: int
    token: str
    run: int
    block: int


class Form(NamedTuple):
    """A further token that a joined or mixed word is found by, and where it stands."""

    start: int
    end: int
    token: str


class Cut(NamedTuple):
    """A text, cut. Atoms and forms stand in the text's order."""

    atoms: list[Atom]
    forms: list[Form]


def cut(text: str) -> Cut:
    """Cut plain text into atoms and further forms of words."""
    atoms: list[Atom] = []
    forms: list[Form] = []
    block = runs = 0
    for match in _PIECE.finditer(text):
        start = match.start()
        if run := match["run"]:
            runs += 1
            if _HAN.fullmatch(run):  # most are, and then a character is a token
                atoms += [
                    tuple.__new__(Atom, (place, place + 1, folded, runs, block))
                    for place, folded in enumerate(search_folding.fold(run), start)
                ]
                continue
            for unit in _UNIT.finditer(text, start, match.end()):
                if folded := fold(unit.group())[:MAX_TOKEN]:
                    atoms.append(Atom(unit.start(), unit.end(), folded, runs, block))
        elif match["word"]:
            for first, last, token, is_atom in _word(match["word"]):
                if is_atom:
                    atoms.append(Atom(start + first, start + last, token, 0, block))
                else:
                    forms.append(Form(start + first, start + last, token))
        else:
            block += 1
    return Cut(atoms, forms)


@lru_cache(maxsize=20_000)
def _word(word: str) -> tuple[tuple[int, int, str, bool], ...]:
    """The atoms and forms of a word: start, end, token, and whether it is an atom."""
    found: list[tuple[int, int, str, bool]] = []
    body = _SUFFIX.sub("", word)
    suffix = word[len(body) :]
    for first, last in _parts(body):
        part = fold(body[first:last]).replace(",", "").strip("\u200c\u200d")[:MAX_TOKEN]
        if not part:
            continue
        if suffix and last == len(body):  # of C++ the C alone is a further form
            found.append((first, len(word), part + suffix, True))
            found.append((first, last, part, False))
        else:
            found.append((first, last, part, True))
        pieces = list(_SUBPART.finditer(part)) if len(part) == last - first else []
        for piece in pieces if len(pieces) > 1 else []:
            if len(piece.group()) > 1 or piece.group().isdigit():
                begin = first + piece.start()
                found.append((begin, first + piece.end(), piece.group(), False))
    whole = whole_token(word)
    if whole and all(whole != token for _, _, token, _ in found):
        found.append((0, len(word), whole, False))
    return tuple(found)


def _parts(body: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a word begin and end that hyphens and the like join."""
    start = 0
    for joint in _JOINED.finditer(body):
        yield start, joint.start()
        start = joint.end()
    yield start, len(body)


def whole_token(word: str) -> str:
    """The token of a joined word as a whole: GPT-4 and GPT4 are one, 3-5 and 35 are not."""
    joined = re.sub(
        r"(?<!\d)[-\u2010\u2011_]|[-\u2010\u2011_](?!\d)|['\u2019\u05f4\u05f3,]", "", word
    )
    return fold(joined.replace("\u2010", "-").replace("\u2011", "-").replace("_", "-"))[:MAX_TOKEN]


def neighbours(first: Atom, second: Atom) -> str | None:
    """The token of two atoms that follow each other; None where a formula stands between them."""
    if first.block != second.block:
        return None
    if first.run and first.run == second.run:
        return first.token + second.token
    return pair(first.token, second.token)


def pair(first: str, second: str) -> str:
    """The token of two words that follow each other."""
    number = zlib.crc32(f"{first} {second}".encode("utf-8", "replace")) & 0x1FFFF
    return f"~{number:05x}"


def tokens(text: str) -> set[str]:
    """Everything a text is found by."""
    atoms, forms = cut(text)
    found = {atom.token for atom in atoms}
    found.update(form.token for form in forms)
    found.update(filter(None, (neighbours(*both) for both in pairwise(atoms))))
    return found


def readable(protected_text: str) -> str:
    """The words of a text in protected form (see `placeholders`): a formula is a `BREAK`."""

    def without(tag: re.Match[str]) -> str:
        return "" if tag["pair"] else BREAK

    return unescape(TAG.sub(without, protected_text))
