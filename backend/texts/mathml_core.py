"""MathML as browsers draw it, from the element tree of a converter that knows more or less of it.

Only listed elements and attributes are written, every text is escaped, and the form is that of MathML Core,
which browsers implement: styled letters are characters, not `mathvariant`; operators are `mo`, so that they
have their space, and what is not an operator in TeX has none.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from xml.etree.ElementTree import Element

_LENGTHS = frozenset(
    {
        "width",
        "height",
        "depth",
        "lspace",
        "rspace",
        "voffset",
        "minsize",
        "maxsize",
        "linethickness",
    }
)
# Element -> its attributes. https://www.w3.org/TR/mathml-core/
ALLOWED = {
    "math": frozenset({"display"}),
    "mi": frozenset({"mathvariant"}),
    "mn": frozenset[str](),
    "mo": frozenset(
        {
            "stretchy",
            "fence",
            "form",
            "accent",
            "movablelimits",
            "largeop",
            "minsize",
            "maxsize",
            "lspace",
            "rspace",
        }
    ),
    "mtext": frozenset[str](),
    "mspace": frozenset({"width", "height", "depth"}),
    "mrow": frozenset[str](),
    "mstyle": frozenset({"displaystyle", "scriptlevel"}),
    "mpadded": frozenset({"width", "height", "depth", "lspace", "voffset"}),
    "mphantom": frozenset[str](),
    "mfrac": frozenset({"linethickness"}),
    "msqrt": frozenset[str](),
    "mroot": frozenset[str](),
    "msub": frozenset[str](),
    "msup": frozenset[str](),
    "msubsup": frozenset[str](),
    "mover": frozenset({"accent"}),
    "munder": frozenset({"accentunder"}),
    "munderover": frozenset({"accent", "accentunder"}),
    "mtable": frozenset({"displaystyle", "columnalign"}),
    "mtr": frozenset[str](),
    "mtd": frozenset({"columnalign"}),
}
# How many children an element must have to be drawn at all.
_ARITY = {
    "mfrac": 2, "mroot": 2, "msub": 2, "msup": 2, "mover": 2, "munder": 2, "msubsup": 3,
    "munderover": 3,
}  # fmt: skip
_TOKENS = frozenset({"mi", "mn", "mo", "mtext"})
_WORD_VALUE = re.compile(r"[a-z]{1,12}|[0-3]")
_LENGTH_VALUE = re.compile(r"([+-]?)(\d{0,3}(?:\.\d{1,4})?)(em|ex|px|pt|cm|mm|in|pc|mu)?")
_NAMED_SPACES = {"negativethinmathspace": "-0.167em", "thinmathspace": "0.167em"}
_MAX_EM = 6.0
_IN_EM = {"em": 1.0, "ex": 0.5, "px": 0.0625, "pt": 0.1, "cm": 2.8, "mm": 0.28, "in": 7.2,
          "pc": 1.2, "mu": 1 / 18}  # fmt: skip


def written(element: Element) -> str:
    """The element as MathML Core.

    Raises:
        ValueError: an element lacks a child, so that nothing of it could be drawn.
    """
    return _written(element, {})


def _written(element: Element, given: Mapping[str, str]) -> str:
    name = element.tag if element.tag in ALLOWED else "mrow"
    text = _text(element)
    if name in _TOKENS:
        # \mathop{…}: a token may hold text only.
        name = "mrow" if len(element) else _token(name, text)
        if name == "mo" and _FUNCTION.fullmatch(text) and "movablelimits" not in element.attrib:
            name = "mi"  # an operator's space is too much for argmax and rank
    if name in _ARITY and len(element) != _ARITY[name]:
        raise ValueError(name)
    children = _row(list(element)) if name in _ROWS else [_written(child, {}) for child in element]
    if name == "mrow" and len(children) == 1 and not text:
        return children[0]
    if name == "mo" and "minsize" in element.attrib:
        # Big brackets and bars: browsers let a bar grow only when told to, and give it an operator's space.
        given = {"stretchy": "true", "lspace": "0", "rspace": "0", **given}
    attributes = "".join(
        f' {key}="{value}"'
        for key, raw in {**element.attrib, **given}.items()
        if key in ALLOWED[name]
        and (value := _value(key, raw)) is not None
        # More than one letter is upright anyway.
        and not (key == "mathvariant" and len(text) > 1)
    )
    return f"<{name}{attributes}>{_escaped(text)}{''.join(children)}</{name}>"


def _text(element: Element) -> str:
    """The element's own text, its letters in their style."""
    text = html.unescape(element.text or "")
    if text == "\u2015" and element.tag == "mo":
        return "\u203e"  # the bar over letters that grows with them
    variant = element.attrib.get("mathvariant", "normal")
    if variant == "normal":
        return text
    return "".join(_styled(character, variant) for character in text)


# Space as TeX has it: browsers go by whether an element is an operator, and by its neighbours

_ROWS = frozenset({"math", "mrow", "mtd", "mstyle", "msqrt", "mpadded", "mphantom"})
_LETTER_LIKE = frozenset("∞∂∅∇∀∃∄∠⊤⊥△□♯♮♭…⋯°")
_OPERATOR_LIKE = frozenset("±:⟨⟩·")
_SIGNS = frozenset("+-−±∓")
_CLOSING = frozenset(")]}⟩|‖!′″…")
_CLOSE_TO_BOTH = frozenset("/|‖")
_SCRIPTED = frozenset({"msub", "msup", "msubsup", "munder", "mover", "munderover"})
_FUNCTION = re.compile(r"[A-Za-z][A-Za-z\u2006\u2009]+")
_THIN = '<mspace width="0.167em"></mspace>'


def _token(name: str, text: str) -> str:
    """Whether a sign is written as an operator or as a letter."""
    if name == "mtext" or len(text) != 1:
        return name
    if text in _LETTER_LIKE:
        return "mi"
    is_operator = unicodedata.category(text) == "Sm" or text in _OPERATOR_LIKE
    return "mo" if is_operator else name


def _row(children: list[Element]) -> list[str]:
    """Elements that stand in a row, with the space between them."""
    parts: list[str] = []
    previous: Element | None = None
    for child in _joined(children):
        if previous is not None and _needs_space(previous, child):
            parts.append(_THIN)
        parts.append(_written(child, _spacing(child, previous)))
        previous = child
    return parts


def _joined(children: list[Element]) -> list[Element]:
    r"""The elements with the upright letters of a word (`\mathrm{GeV}`) as one."""
    result: list[Element] = []
    for child in children:
        if result and _is_upright(child) and _is_upright(result[-1]):
            word = Element("mi", {"mathvariant": "normal"})
            word.text = _text(result[-1]) + _text(child)
            result[-1] = word
        else:
            result.append(child)
    return result


def _is_upright(element: Element) -> bool:
    return (
        element.tag == "mi"
        and element.attrib.get("mathvariant") == "normal"
        and not len(element)
        and _text(element).isalpha()
    )


def _spacing(element: Element, previous: Element | None) -> dict[str, str]:
    text = _text(element)
    if element.tag not in ("mi", "mo") or len(element):
        return {}
    if text in _SIGNS and (previous is None or _is_open_operator(previous)):
        return {"form": "prefix"}
    if text in _CLOSE_TO_BOTH or _is_function(element):
        return {"lspace": "0", "rspace": "0"}
    return {}


def _is_operator(element: Element) -> bool:
    return element.tag in ("mi", "mo") and _token(element.tag, _text(element)) == "mo"


def _is_open_operator(element: Element) -> bool:
    """Whether a sign after this one belongs to what follows: `(-1`, `= -1`."""
    return (
        _is_operator(element) and _text(element) not in _CLOSING and not _is_function(element)
    ) or element.tag == "mspace"


def _is_function(element: Element) -> bool:
    if element.tag in _SCRIPTED and len(element):
        return _is_function(element[0])
    if element.tag in ("mrow", "mo") and len(element) == 1:
        return _is_function(element[0])
    if element.tag == "mrow" and len(element):  # arg min
        return all(child.tag == "mspace" or _is_upright(child) for child in element)
    if element.tag not in ("mi", "mo") or "mathvariant" in element.attrib:
        return False
    return bool(_FUNCTION.fullmatch(_text(element)))


def _needs_space(left: Element, right: Element) -> bool:
    """Whether one of two neighbours is a function's name that would touch the other."""
    if not (_is_function(left) or _is_function(right)):
        return False
    if left.tag == "mspace" or right.tag == "mspace":
        return False
    touches_left = _is_operator(left) and not _is_function(left) and _text(left) not in _CLOSING
    touches_right = _is_operator(right) and not _is_function(right)
    return not (touches_left or touches_right)


def _value(key: str, raw: str) -> str | None:
    """An attribute's value if browsers can use it and it cannot do harm, else None."""
    if key == "mathvariant":
        return "normal" if raw == "normal" else None
    if key == "display":
        return raw if raw == "block" else None
    if key in _LENGTHS:
        raw = _NAMED_SPACES.get(raw, raw)
        match = _LENGTH_VALUE.fullmatch(raw.strip())
        if match is None or not match[2] or match[2] == ".":
            return None
        size = float(match[2]) * _IN_EM[match[3] or "em"]
        return f"{match[1]}{min(size, _MAX_EM):.3g}em" if size else "0"
    return raw if _WORD_VALUE.fullmatch(raw) else None


def _escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\xa0", "&#160;")
    )


_STYLES = {
    "bold": "BOLD", "italic": "ITALIC", "bold-italic": "BOLD ITALIC", "script": "SCRIPT",
    "bold-script": "BOLD SCRIPT", "fraktur": "FRAKTUR", "bold-fraktur": "BOLD FRAKTUR",
    "double-struck": "DOUBLE-STRUCK", "sans-serif": "SANS-SERIF",
    "bold-sans-serif": "SANS-SERIF BOLD", "sans-serif-italic": "SANS-SERIF ITALIC",
    "sans-serif-bold-italic": "SANS-SERIF BOLD ITALIC", "monospace": "MONOSPACE",
}  # fmt: skip


@lru_cache(maxsize=1024)
def _styled(character: str, variant: str) -> str:
    """The letter in a mathematical style, as the character Unicode has for it."""
    style = _STYLES.get(variant)
    name = unicodedata.name(character, "")
    match = re.fullmatch(r"(?:LATIN|GREEK) (SMALL|CAPITAL) LETTER (\w+)|(DIGIT) (\w+)", name)
    if style is None or match is None:
        return character
    letter = " ".join(part for part in match.groups() if part)
    # The letters that were in Unicode before the mathematical alphabets keep their old names.
    older = {"FRAKTUR": "BLACK-LETTER"}.get(style, style)
    for full_name in (f"MATHEMATICAL {style} {letter}", f"{older} {letter}"):
        try:
            return unicodedata.lookup(full_name)
        except KeyError:
            continue
    return character
