r"""Scientific text as people read it: a safe fragment of HTML.

The API's `*_html`: TeX's accents and symbols as characters, formulas as MathML, emphasis as
elements, every other character escaped. It is made from text that strangers wrote, so nothing of
it can become markup: the elements and attributes are the ones in `ALLOWED_ELEMENTS` and no others.
There are no links: addresses are text.
"""

from __future__ import annotations

import re
from functools import lru_cache

from .mathml import mathml
from .mathml_core import ALLOWED
from .placeholder_tags import TAG
from .placeholders import Protected, unescape
from .tex import scanner
from .tex.scanner import Kind, Piece

# Every element this module can write, with its attributes; what shows the text may refuse others.
ALLOWED_ELEMENTS = {
    "bdi": frozenset[str](),
    "br": frozenset[str](),
    "em": frozenset[str](),
    "span": frozenset({"class"}),
    "strong": frozenset[str](),
    "sub": frozenset[str](),
    "sup": frozenset[str](),
    **ALLOWED,
}

# Longer than any abstract; beyond it text is only escaped.
_MAX_CHARACTERS = 50_000


def to_html(text: str) -> str:
    """The HTML of plain text that may hold TeX; raises nothing, whatever the text is."""
    return _kept_together(_fragment(text).strip())


def _fragment(text: str) -> str:
    if len(text) > _MAX_CHARACTERS:
        return _words(text)
    closings: list[str] = []
    parts: list[str] = []
    for piece in scanner.scan(_UNPRINTABLE.sub("", text)):
        if piece.kind is Kind.PROSE:
            parts.append(_words(piece.text))
        elif piece.kind is Kind.BREAK:
            parts.append(" <br/>")
        elif piece.kind is Kind.OPAQUE:
            parts.append(_opaque(piece))
        elif piece.kind is Kind.OPEN:
            opening, closing = _pair(piece)
            parts.append(opening)
            closings.append(closing)
        else:
            parts.append(closings.pop())
    return "".join(parts)


def translation_to_html(protected: Protected, translated: str) -> str:
    """The HTML of a translation in protected form, each formula read as it was in the source.

    Better than `to_html` of the restored text: between other words, or in a language without spaces, the
    same dollars could be read otherwise. Elements nest whatever the translation's pairs do.
    """
    parts: list[str] = []
    open_pairs: list[tuple[str, str]] = []
    position = 0
    for match in TAG.finditer(translated):
        parts.append(_words(unescape(translated[position : match.start()])))
        position = match.end()
        number = match["opaque"] or match["pair"]
        opening, closing = protected.originals.get(int(number or 0), ("", ""))
        if bool(closing) != bool(match["pair"]) or match["part"]:
            continue
        if not closing:
            parts.append(" <br/>" if opening.isspace() else _isolated(_fragment(unescape(opening))))
        elif not match["closes"]:
            before, after = _pair_around(opening, closing)
            parts.append(before)
            open_pairs.append((number, after))
        elif any(number == other for other, _ in open_pairs):
            while open_pairs[-1][0] != number:
                parts.append(open_pairs.pop()[1])
            parts.append(open_pairs.pop()[1])
    parts.append(_words(unescape(translated[position:])))
    parts += [after for _, after in reversed(open_pairs)]
    return _kept_together("".join(parts).strip())


def _isolated(fragment: str) -> str:
    """A formula that keeps its place among formulas and marks, whichever way the language runs.

    Browsers would put "3, 2, n=1" for "n=1, 2, 3" into Arabic; CSS that isolates is an error in an EPUB.
    """
    return f"<bdi>{fragment}</bdi>" if _FORMULA.search(fragment) else fragment


_FORMULA = re.compile("<(?:math|sub|sup)[ >]")
_MARKED = re.compile(
    r"([(\[（［「『“‘«„]*)((?:<bdi>)?<math[ >](?:(?!<math[ >]).)*?</math>(?:</bdi>)?)"
    r"([,.;:!?)\]’”»%‰°，。、；：！？）］」』…،؛؟۔।-]*)",
    re.DOTALL,
)
_WIDEST = 1_200  # characters of MathML that certainly fit into a line


def _kept_together(html: str) -> str:
    """The HTML with each formula and the marks that touch it in a span, for style sheets.

    What is `formula` should not be broken, what is `formula-wide` scroll where it does not fit.
    """
    return _MARKED.sub(_with_marks, html) if "<math" in html else html


def _with_marks(match: re.Match[str]) -> str:
    opening, formula, closing = match.groups()
    if len(formula) > _WIDEST or 'display="block"' in formula:
        return f'{opening}<span class="formula-wide">{formula}</span>{closing}'
    return f'<span class="formula">{match[0]}</span>' if opening or closing else match[0]


def _pair_around(opening: str, closing: str) -> tuple[str, str]:
    # Two words, as an unknown command around less would be taken for a name.
    first = scanner.scan(f"{unescape(opening)}some words{unescape(closing)}")[0]
    return _pair(first) if first.kind is Kind.OPEN else ("", "")


def _words(text: str) -> str:
    return _escaped(_SPACE.sub(" ", _UNPRINTABLE.sub("", text)))


# What XML 1.0 does not allow, and halves of surrogate pairs.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_SPACE = re.compile(r"\s+")
_STRONG = frozenset({"textbf", "bf", "bfseries"})
_EM = frozenset({"emph", "em", "textit", "it", "itshape", "textsl", "sl", "slshape"})
# Commands whose source says nothing to a reader: only their words are shown.
_UNMARKED = frozenset(
    {
        "textsc", "textrm", "textsf", "textmd", "textup", "textnormal", "underline", "uline",
        "mbox", "hbox", "text", "sc", "rm", "sf", "tt", "scshape", "ttfamily", "rmfamily",
        "sffamily", "small", "large", "Large", "normalfont", "boldmath", "textcolor",
    }
)  # fmt: skip


def _pair(piece: Piece) -> tuple[str, str]:
    """What opens and closes a pair."""
    if piece.role in _STRONG:
        return "<strong>", "</strong>"
    if piece.role in _EM:
        return "<em>", "</em>"
    if piece.role in _UNMARKED:
        return "", ""
    if piece.role == "footnote":
        return " (", ")"
    if piece.role == "href":
        address = piece.source.partition("{")[2].partition("}")[0]
        return "", f" ({_escaped(_address(address))})"
    return _escaped(piece.source), "}"


def _opaque(piece: Piece) -> str:
    """What an opaque piece reads as; its source where nothing better is known."""
    if piece.role in ("math", "display"):
        return _formula(piece.text, piece.role == "display") or _escaped(piece.source)
    if piece.role == "bare":
        return _bare(piece.source)
    if piece.role == "url":
        return _escaped(_address(piece.source))
    if piece.role == "command":
        return _command(piece.source)
    return _escaped(piece.source)


@lru_cache(maxsize=4096)
def _formula(source: str, display: bool) -> str | None:
    # The same short formulas ($n$, $\alpha$) stand in many abstracts, in original and translation.
    return mathml(source, display=display)


_SCRIPT = re.compile(r"([_^])(?:([0-9]+|[A-Za-zͰ-Ͽ]{1,3}|[+*-])|\{([A-Za-z0-9+*-]{1,12})\})")
_SIMPLE_SCRIPTS = re.compile(
    rf"[A-Za-z0-9Ͱ-Ͽ]{{0,12}}(?:{_SCRIPT.pattern}[A-Z]?[A-Za-z]{{0,6}}){{1,3}}"
)
_IDENTIFIER = re.compile(r"[A-Za-z0-9]{3,}(?:_[A-Za-z0-9]{2,})+")


def _bare(source: str) -> str:
    """Maths that stands in prose without dollars: `10^33`, `N_c`, `q_i \\in k^{\\times}`."""
    if _IDENTIFIER.fullmatch(source):
        return _escaped(source)
    if _SIMPLE_SCRIPTS.fullmatch(source):
        return _SCRIPT.sub(_script, source)
    formula = _formula(source, False)
    # With an unknown macro in it the source is easier to read.
    return formula if formula is not None and "\\" not in formula else _escaped(source)


def _script(match: re.Match[str]) -> str:
    element = "sub" if match[1] == "_" else "sup"
    return f"<{element}>{(match[2] or match[3]).replace('-', '−')}</{element}>"


_ONE_ARGUMENT = re.compile(r"\\([A-Za-z]+)\s*\{([^{}]*)\}")
_SHOWN_AS = {"textsuperscript": "sup", "textsubscript": "sub"}
_SHOWN_PLAIN = frozenset({"url", "path", "doi", "email", "texttt", "code"})


def _command(source: str) -> str:
    argument = _ONE_ARGUMENT.fullmatch(source)
    if argument is not None:
        name, inside = argument[1], argument[2]
        if name in _SHOWN_PLAIN and ("\\" not in inside or name == "url"):
            return _escaped(_address(inside))
        if name in _SHOWN_AS and "\\" not in inside:
            element = _SHOWN_AS[name]
            return f"<{element}>{_escaped(inside)}</{element}>"
    if source in ("\\\\", "\\newline"):
        return " <br/>"
    return _escaped(_symbols(source))


@lru_cache(maxsize=1024)
def _symbols(source: str) -> str:
    r"""A command that stands for a character (`\pm`, `\times`) as this character, else as it is."""
    if re.fullmatch(r"\\[A-Za-z]+", source) is None:
        return source
    # Imported when first needed: most texts have no such command.
    from pylatexenc.latex2text import get_default_latex_context_db

    known = get_default_latex_context_db().get_macro_spec(source[1:])
    symbol = getattr(known, "simplify_repl", None)
    return symbol if isinstance(symbol, str) and len(symbol) == 1 else source


def _address(source: str) -> str:
    """A URL without the backslashes that TeX needs."""
    return re.sub(r"\\([_~#%&])", r"\1", source)


def _escaped(text: str) -> str:
    return (
        text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    )
