r"""One TeX formula as MathML that browsers draw by themselves.

latex2mathml does the reading; this module decides what it is given (no macro definitions, bounded
size and depth, authors' habits rewritten to what it knows), and what is kept of its answer: only
listed elements and attributes, in the form that browsers implement (MathML Core: styled letters are
characters, not `mathvariant`), every text escaped. What cannot be read, or would lose a letter or a
digit, is None: the caller shows the source.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter
from functools import lru_cache
from xml.etree.ElementTree import Element

from . import tex_symbols

_LONGEST, _DEEPEST = 2000, 24

_LENGTHS = frozenset({"width", "height", "depth", "lspace", "voffset", "minsize", "maxsize"})
# Element -> its attributes. https://www.w3.org/TR/mathml-core/
ALLOWED = {
    "math": frozenset({"display"}),
    "mi": frozenset({"mathvariant"}),
    "mn": frozenset[str](),
    "mo": frozenset(
        {"stretchy", "fence", "form", "accent", "movablelimits", "largeop", "minsize", "maxsize"}
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
_MOST_EM = 6.0
_IN_EM = {"em": 1.0, "ex": 0.5, "px": 0.0625, "pt": 0.1, "cm": 2.8, "mm": 0.28, "in": 7.2,
          "pc": 1.2, "mu": 1 / 18}  # fmt: skip


def mathml(tex: str, *, display: bool = False) -> str | None:
    """The formula as a `<math>` element, or None where it cannot be read without loss."""
    if len(tex) > _LONGEST or not tex.strip() or _depth(tex) > _DEEPEST or _UNWELCOME.search(tex):
        return None
    readable = _rewritten(tex)
    # Loading its symbol table takes a tenth of a second, which a start need not wait for.
    from latex2mathml.converter import convert_to_element

    try:
        tree = convert_to_element(readable, display="block" if display else "inline")
        written = _written(tree)
    # Its parser has many ways to fail (index, key, recursion, its own exceptions) and each means
    # the same to us.
    except Exception:
        return None
    return written if _has_everything(readable, written) else None


# What is given to the reader

# Definitions could be expanded without end; citations and references are no formulas.
_UNWELCOME = re.compile(
    r"\\(?:def|gdef|edef|xdef|let|futurelet|newcommand|renewcommand|providecommand|newenvironment"
    r"|DeclareMathOperator|require|catcode|csname|expandafter|loop|unicode|style|class|cssId"
    r"|cite[a-z]*|ref|eqref|includegraphics|footnote|href|url)(?![A-Za-z])"
    r"|[\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        # TeX would drop the rest of the line; authors of abstracts mean the sign.
        (r"(?<!\\)%", r"\\%"),
        (r"\\label\s*\{[^{}]*\}|\\(?:nonumber|notag|nolimits|displaylimits|relax|null)(?![A-Za-z])",
         " "),
        (r"\\(?:phantomsection|allowdisplaybreaks|boldmath|unboldmath|protect|mathsurround)"
         r"(?![A-Za-z])", " "),
        (r"\\(begin|end)\s*\{(?:equation|displaymath|math|subequations|multline|gather)\*?\}", " "),
        (r"\\(begin|end)\s*\{(?:align|alignat|flalign|eqnarray|aligned|alignedat)\*?\}",
         r"\\\1{align*}"),
        (r"\\(begin|end)\s*\{(?:dcases|rcases)\*?\}", r"\\\1{cases}"),
        (r"\\(begin|end)\s*\{(?:gathered)\*?\}", r"\\\1{matrix}"),
        (r"\\ensuremath\s*(?=\{)|\\mathstrut(?![A-Za-z])|\\xspace(?![A-Za-z])", " "),
        (r"\\(?:mathds|mathbbm|mathbbmss|Bbb)(?![A-Za-z])", r"\\mathbb"),
        (r"\\(?:euscr|EuScript)(?![A-Za-z])", r"\\mathscr"),
        (r"\\(?:operatorname|mathop)\s*\{\s*\\(?:rm|mathrm)\s+([A-Za-z]+)\s*\}",
         r"\\operatorname{\1}"),
        (r"\\hspace\s*\*", r"\\hspace"),
        (r"\\(?:text|mbox|textrm|textnormal)\s*\{([^{}$]*\$[^{}]*)\}", r"\\hbox{\1}"),
        (r"\\AA(?![A-Za-z])", "Å"),
        (r"\\(?:textdegree|deg(?=\s*[CFK](?![A-Za-z])))(?![A-Za-z])", "°"),
        (r"\\textmu(?![A-Za-z])", "µ"),
        (r"\\(?:textgreater)(?![A-Za-z])", ">"),
        (r"\\(?:textless)(?![A-Za-z])", "<"),
        (r"\\(?:textsubscript)\s*(?=\{)", "_"),
        (r"\\(?:textsuperscript)\s*(?=\{)", "^"),
        (r"\\\\\s*\[[^\[\]]{0,20}\]", r"\\\\"),
    )
)  # fmt: skip
_ACCENT = re.compile(r"""\\['`"]""")


def _rewritten(tex: str) -> str:
    """The formula in the part of TeX that the reader knows."""
    for pattern, replacement in _REWRITES:
        tex = pattern.sub(replacement, tex)
    parts: list[str] = []
    position = 0
    for match in _ACCENT.finditer(tex):
        decoded = tex_symbols.decode_accent(tex, match.start(), end=len(tex))
        if decoded is not None and match.start() >= position:
            parts += [tex[position : match.start()], decoded[0]]
            position = decoded[1]
    return "".join([*parts, tex[position:]])


def _depth(tex: str) -> int:
    """How deep the formula's braces go; endless if they do not match."""
    depth = deepest = 0
    for match in re.finditer(r"\\.|[{}]", tex, re.DOTALL):
        if match.group() == "{":
            depth += 1
            deepest = max(deepest, depth)
        elif match.group() == "}":
            depth -= 1
            if depth < 0:
                break
    return deepest if depth == 0 else _DEEPEST + 1


# What is kept of the answer


def _written(element: Element) -> str:
    """The element as MathML Core, with nothing in it that is not listed."""
    name = element.tag
    children = [_written(child) for child in element]
    if name not in ALLOWED:
        return f"<mrow>{''.join(children)}</mrow>"
    if name in _TOKENS and children:
        # \mathop{…}: a token may hold text only.
        name = "mrow"
    if name in _ARITY and len(children) != _ARITY[name]:
        raise ValueError(name)
    if name == "mrow" and len(children) == 1 and not element.text:
        return children[0]
    attributes = "".join(
        f' {key}="{value}"'
        for key, raw in element.attrib.items()
        if key in ALLOWED[name] and (value := _value(key, raw)) is not None
    )
    text = html.unescape(element.text or "")
    variant = element.attrib.get("mathvariant", "normal")
    if variant != "normal":
        text = "".join(_styled(character, variant) for character in text)
    return f"<{name}{attributes}>{_escaped(text)}{''.join(children)}</{name}>"


def _value(key: str, raw: str) -> str | None:
    """An attribute's value if browsers can use it and it cannot do harm, else None."""
    if key == "mathvariant":
        return "normal" if raw == "normal" else None
    if key == "display":
        return raw if raw == "block" else None
    if key in _LENGTHS or key == "linethickness":
        raw = _NAMED_SPACES.get(raw, raw)
        match = _LENGTH_VALUE.fullmatch(raw.strip())
        if match is None or not match[2] or match[2] == ".":
            return None
        size = float(match[2]) * _IN_EM[match[3] or "em"]
        return f"{match[1]}{min(size, _MOST_EM):.3g}em" if size else "0"
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


_NOT_SHOWN = re.compile(
    r"\\(?:begin|end)\s*\{[^{}]*\}(?:\s*(?:\[[^\[\]]*\])?\s*\{[lcr|@{}\s]*\})?"
    r"|\\(?:hspace|hskip|kern|mkern|mskip|mspace|vspace|rule|raise|lower|color|textcolor|above)"
    r"\s*(?:\{[^{}]*\}\s*)?(?:-?[\d.]+\s*[a-z]{2})?"
    r"|\\[A-Za-z]+"
)
_MARKUP = re.compile(r"<[^>]*>")


def _has_everything(tex: str, written: str) -> bool:
    """Whether each letter and digit that stands in the TeX outside commands is in the MathML."""
    wanted = Counter(filter(str.isalnum, unicodedata.normalize("NFKC", _NOT_SHOWN.sub(" ", tex))))
    shown = Counter(unicodedata.normalize("NFKC", html.unescape(_MARKUP.sub("", written))))
    return wanted <= shown
