r"""TeX's accents and text symbols as Unicode.

What stands outside formulas in titles and abstracts: `Gr\"obner`, `Verdi\`ere`, `{\AA}`, `\c{c}`,
`\ss`. The accents are composed by Unicode itself (base letter + combining character, NFC), so that
none is missing from a table; the named letters and symbols are LaTeX's (source: The LaTeX
Companion, tables of text accents and of text symbols). Greek letters are here too, because
arXiv's title pages show `\alpha` outside a formula as α.
"""

from __future__ import annotations

import re
import unicodedata

# \'e and its like: the accent is a sign, the letter may follow at once.
SIGN_ACCENTS = {
    "`": "\u0300",
    "'": "\u0301",
    "^": "\u0302",
    "~": "\u0303",
    "=": "\u0304",
    ".": "\u0307",
    '"': "\u0308",
}
# \c{c}, \c c: the accent is a letter and needs braces or a space.
LETTER_ACCENTS = {
    "u": "\u0306",
    "r": "\u030a",
    "H": "\u030b",
    "v": "\u030c",
    "d": "\u0323",
    "c": "\u0327",
    "k": "\u0328",
    "b": "\u0331",
    "t": "\u0361",
}
# \2 is written for a character that a command stands for.
LETTERS = {
    "AA": "Å", "AE": "Æ", "DH": "Ð", "DJ": "Đ", "L": "Ł", "NG": "Ŋ", "O": "Ø", "OE": "Œ",
    "TH": "Þ", "aa": "å", "ae": "æ", "dh": "ð", "dj": "đ", "i": "ı", "j": "ȷ", "l": "ł",
    "ng": "ŋ", "o": "ø", "oe": "œ", "ss": "ß", "SS": "ẞ", "th": "þ",
}  # fmt: skip
SYMBOLS = {
    "P": "¶", "S": "§", "copyright": "©", "pounds": "£", "dag": "†", "ddag": "‡", "deg": "°",
    "degree": "°", "ldots": "…", "dots": "…", "LaTeX": "LaTeX", "TeX": "TeX", "BibTeX": "BibTeX",
    "guillemotleft": "«", "guillemotright": "»", "slash": "/", "textdegree": "°",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "textgreater": ">",
    "textless": "<", "textbar": "|", "textbackslash": "\\", "textasciitilde": "~",
    "textasciicircum": "^", "textunderscore": "_", "textdollar": "$", "textendash": "–",
    "textemdash": "—", "textquoteleft": "‘", "textquoteright": "’", "textquotedblleft": "“",
    "textquotedblright": "”", "textquotesingle": "'", "textellipsis": "…", "textmu": "µ",
    "texteuro": "€", "euro": "€", "textsterling": "£", "textbullet": "•", "textperiodcentered": "·",
    "textonehalf": "½", "textpm": "±", "texttimes": "×", "textordfeminine": "ª",
    "textordmasculine": "º", "textsection": "§", "textparagraph": "¶", "textexclamdown": "¡",
    "textquestiondown": "¿", "textvisiblespace": "␣", "lbrack": "[", "rbrack": "]",
}  # fmt: skip
GREEK = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
    "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "alpha": "α", "beta": "β",
    "gamma": "γ", "delta": "δ", "epsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
    "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο",
    "pi": "π", "rho": "ρ", "varsigma": "ς", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "varphi": "φ", "phi": "ϕ", "chi": "χ", "psi": "ψ", "omega": "ω",
}  # fmt: skip
# Under an accent a dotless letter is the plain one.
_DOTTED = {"ı": "i", "ȷ": "j"}
# \% and its like stand for the sign itself; \, and its like are spaces of some width.
ESCAPED_SIGNS = "%&_#${}"
SPACES = " ,;:\n\t"
NOTHING = "!/-@"

NAMED = {**LETTERS, **SYMBOLS, **GREEK}

_BASE = (
    r"(?:\{\s*(?:\\(?P<dotless_in_braces>[ij])|(?P<letter_in_braces>[^\W\d_]))\s*\}"
    r"|\\(?P<dotless>[ij])(?![A-Za-z])\s?|(?P<letter>[^\W\d_]))"
)
_SIGN_ACCENT = re.compile(r"""\\(?P<accent>[`'^~=."])""" + _BASE)
_LETTER_ACCENT = re.compile(
    r"\\(?P<accent>[urHvdckbt])(?:(?=\{)|\s(?=\\[ij](?![A-Za-z])|[^\W\d_](?!\w)))" + _BASE
)
_NAMED = re.compile(r"\\(?P<name>[A-Za-z]+)(?:\{\}|(?P<space>[ ]))?")


def decode(text: str, position: int, *, end: int) -> tuple[str, int] | None:
    """What the accent or named character at `position` reads as and where it ends, or None."""
    return decode_accent(text, position, end=end) or decode_named(text, position, end=end)


def decode_accent(text: str, position: int, *, end: int) -> tuple[str, int] | None:
    """The composed letter of an accent command at `position` and where it ends, or None."""
    match = _SIGN_ACCENT.match(text, position, end) or _LETTER_ACCENT.match(text, position, end)
    if match is None:
        return None
    letter = (
        match["letter"]
        or match["letter_in_braces"]
        or match["dotless"]
        or match["dotless_in_braces"]
    )
    letter = _DOTTED.get(letter, letter)
    combining = SIGN_ACCENTS.get(match["accent"]) or LETTER_ACCENTS[match["accent"]]
    return unicodedata.normalize("NFC", letter + combining), match.end()


def decode_named(text: str, position: int, *, end: int) -> tuple[str, int] | None:
    r"""The character that `\ss`, `\AA{}` or `\alpha` at `position` stands for and its end, or None.

    TeX eats the space after a command; for a letter inside a word (`Stra\ss e`) so do we, for a
    symbol that stands alone the space is what people meant.
    """
    match = _NAMED.match(text, position, end)
    if match is None or match["name"] not in NAMED:
        return None
    after = match.end()
    if match["space"] and match["name"] not in LETTERS:
        after -= 1
    return NAMED[match["name"]], after


def reading(text: str) -> str:
    """The text with its accents and named characters decoded and everything else as it is."""
    parts: list[str] = []
    position = 0
    while (found := text.find("\\", position)) >= 0:
        decoded = decode(text, found, end=len(text)) or ("\\", found + 1)
        parts += [text[position:found], decoded[0]]
        position = decoded[1]
    return "".join([*parts, text[position:]])
