"""Text from an API, half TeX and half Unicode, as TeX that sets with plain LaTeX and BibTeX.

The extension has the same in popup/tex-text.js, for those without a server; a test holds that both write
the same bytes.
"""

from __future__ import annotations

import re
import unicodedata

from .tex_symbols import (
    ACCENTS,
    EMOJI,
    MATH_COMMANDS,
    SPECIAL,
    SUBSCRIPTS,
    SUPERSCRIPTS,
    SYMBOLS,
)

_LETTER = r"[^\W\d_]"

# LaTeX's own commands of text; the name of any other would stop it, and is shown as it is written.
_TEXT_COMMAND = re.compile(
    r"\\(?:text(?:bf|it|tt|sc|rm|sf|sl|md|up|normal|(?:super|sub)script|quote\w+|ascii\w+|backslash"
    r"|underscore|bar|less|greater|dollar)|emph|em|bf|it|tt|rm|sc|sf|sl|mbox|[oOlLij]|ss|a[ea]|A[EA]"
    r"|oe|OE|[Hcvurdbkt]|d?dag|[SP]|copyright|pounds|l?dots|(?:La)?TeX)",
    re.ASCII,
)
_KEPT = re.compile(r"\\[%&$#_ ,;:!@*/-]")
_PIECE = re.compile(
    "|".join(
        (
            r"\\[A-Za-z]+",
            rf"(?P<accent>\\[`'^~=.](?={_LETTER}|[{{\\])|\\\"(?=[aeiouwxyAEIOUWXY{{\\]))",
            r"\\[^A-Za-z]",
            r"[\\_$%&#^~<>|]",
            f"[{''.join(SYMBOLS)}]+",
            f"[{SUPERSCRIPTS}]+",
            f"[{SUBSCRIPTS}]+",
            "[\u0180-\u024f\u1e00-\u1eff]",
        )
    )
)
# Formulas, by their kinds of fences. `$5 and $6` is money: a fence of one dollar touches what it holds.
_FORMULA = re.compile(
    "|".join(
        (
            r"\$\$(?P<display>[^$]+)\$\$",
            r"\\\((?P<round>(?:(?!\\[()]).)+)\\\)",
            r"\\\[(?P<square>(?:(?!\\[\[\]]).)+)\\\]",
            r"\\ensuremath\s*\{(?P<ensured>[^{}$]+)\}",
            r"(?<!\\)\$(?P<touching>[^\s$](?:(?:\\\$|[^$])*[^\s$\\])?)\$(?![0-9])",
            rf"(?<!\\)\$(?P<spaced>\s*(?:{_LETTER}\s*|[^$]*[\\^_][^$]*))\$(?![0-9])",
        )
    )
)
_STYLED = re.compile("[\U0001d400-\U0001d7ff\ufb00-\ufb06]")
_PICTURES = re.compile(f"[{EMOJI}\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d\u180f]")


def tex_text(text: str) -> str:
    """A field's text.

    Formulas stay formulas; braces are balanced, so that nothing ends the field but its end.
    """
    plain = _STYLED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    plain = _PICTURES.sub("", plain)
    plain = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    plain = re.sub("[\u2010\u2011]", "-", plain).replace("\u2212", "$-$")
    plain = re.sub(r"\s+", " ", plain).strip()
    parts: list[str] = []
    end = 0
    for match in _FORMULA.finditer(plain):
        body = _formula(next(group for group in match.groups() if group is not None))
        if body is None:
            continue
        parts += [_words(plain[end : match.start()]), f"${body}$"]
        end = match.end()
    return _balanced("".join(parts) + _words(plain[end:]))


def _formula(body: str) -> str | None:
    """The body of a formula; None when its braces do not pair, so that it is none."""
    safe = body.replace(r"\{", r"\lbrace ").replace(r"\}", r"\rbrace ")
    safe = re.sub(r"(?<!\\)[%#]", lambda match: "\\" + match[0], safe)
    if "\\begin" not in body:
        safe = re.sub(r"(?<!\\)&", r"\\&", safe)
    safe = _PIECE.sub(lambda match: _mathematics(match[0]) or match[0], safe)
    return safe.strip() if _balanced(safe) == safe else None


def _words(text: str) -> str:
    """Text without formulas."""
    return _PIECE.sub(_word, text)


def _word(match: re.Match[str]) -> str:
    piece, name = match[0], match[0][1:]
    if (symbols := _mathematics(piece)) is not None:
        return f"${symbols.strip()}$"
    if name in MATH_COMMANDS:
        return f"${piece}$"
    if match["accent"] or _TEXT_COMMAND.fullmatch(piece) or _KEPT.fullmatch(piece):
        return piece
    if re.match(r"\\[A-Za-z]", piece):
        return rf"\textbackslash{{}}{name}"
    if piece in SPECIAL:
        return SPECIAL[piece]
    return SPECIAL.get(name, name) if name and piece[0] == "\\" else _accented(piece)


def _mathematics(piece: str) -> str | None:
    """Commands for symbols and raised or lowered digits; None for anything else."""
    if piece[0] in SUPERSCRIPTS or piece[0] in SUBSCRIPTS:
        digits = unicodedata.normalize("NFKC", piece).replace("\u2212", "-")
        return f"{'^' if piece[0] in SUPERSCRIPTS else '_'}{{{digits}}}"
    if piece[0] not in SYMBOLS:
        return None
    return "".join(f"\\{SYMBOLS[character]} " for character in piece)


def _accented(letter: str) -> str:
    """A letter that LaTeX does not know by itself, such as those of Vietnamese names."""
    decomposed = unicodedata.normalize("NFD", letter)
    base, marks = decomposed[0], decomposed[1:]
    # A hook above and a horn (ả, ơ) need fonts that few documents load; Vietnamese names are read without them.
    accents = [ACCENTS.get(mark) for mark in marks if mark not in "\u0309\u031b"]
    if not marks or None in accents:
        return letter
    for accent in accents:
        base = f"{{\\{accent}{' ' if accent and accent.isalpha() else ''}{base}}}"
    return base


def _balanced(text: str) -> str:
    depth = 0
    parts: list[str] = []
    for character in text:
        if character == "}" and depth == 0:
            continue
        depth += (character == "{") - (character == "}")
        parts.append(character)
    return "".join(parts) + "}" * depth
