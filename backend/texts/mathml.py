r"""One TeX formula as MathML that browsers draw by themselves.

latex2mathml does the reading; this module decides what it is given (no macro definitions, bounded
size and depth, authors' habits rewritten to what it knows), and what is kept of its answer (see
`mathml_core`). What cannot be read, or would lose a letter or a
digit, is None: the caller shows the source.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter

from .mathml_core import written
from .tex import symbols

_MAX_LENGTH, _MAX_DEPTH = 2000, 24


def mathml(tex: str, *, display: bool = False) -> str | None:
    """The formula as a `<math>` element, or None where it cannot be read without loss."""
    if (
        len(tex) > _MAX_LENGTH
        or not tex.strip()
        or _depth(tex) > _MAX_DEPTH
        or _UNWELCOME.search(tex)
    ):
        return None
    readable = _rewritten(tex)
    # Loading its symbol table takes a tenth of a second, which a start need not wait for.
    from latex2mathml.converter import convert_to_element

    try:
        tree = convert_to_element(readable, display="block" if display else "inline")
        result = written(tree)
    # Its parser has many ways to fail (index, key, recursion, its own exceptions) and each means
    # the same to us.
    except Exception:
        return None
    return result if _has_everything(readable, result) and not _names_a_command(result) else None


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
        (r"\\arg\s*\\(min|max|inf|sup)(?![A-Za-z])", r"\\mathop{\\mathrm{arg\\,\1}}"),
        (r"\\operatorname(?:\s*\*|withlimits)\s*\{([^{}]*)\}", r"\\mathop{\\mathrm{\1}}"),
        (r"\\(arg|Tr|tr|rank|diag|sgn|sign|supp|argmin|argmax)(?![A-Za-z])", r"\\operatorname{\1}"),
        (r"\\(?:nicefrac|sfrac|flatfrac)(?![A-Za-z])", r"\\frac"),
        (r"\\abs\s*\{([^{}]*)\}", r"\\left|\1\\right|"),
        (r"\\norm\s*\{([^{}]*)\}", r"\\left\\|\1\\right\\|"),
        (r"\\dag(?![A-Za-z])", r"\\dagger "),
        (r"\\ddag(?![A-Za-z])", r"\\ddagger "),
        (r"\\hdots(?![A-Za-z])", r"\\ldots "),
        (r"\\enskip(?![A-Za-z])", r"\\;"),
        (r"\\hfill(?![A-Za-z])", " "),
        (r"\\textsc\s*(?=\{)", r"\\text"),
        (r"\\not\s*\\sim(?![A-Za-z])", "≁"),
        (r"\\sim(?![A-Za-z])", "∼"),
        (r"\\infin(?![A-Za-z])", "∞"),
        (r"\\vcentcolon(?![A-Za-z])", ":"),
        (r"\\backslash(?![A-Za-z])", "∖"),
        (r"\\hspace\s*\*", r"\\hspace"),
        # A comma in braces parts thousands, and takes no space.
        (r"(?<![\d.,}])(\d{1,3})\{,\}(\d{3})\{,\}(\d{3})(?!\d)", r"\\text{\1,\2,\3}"),
        (r"(?<![\d.,}])(\d{1,3})\{,\}(\d{3})(?!\d)", r"\\text{\1,\2}"),
        (r"\\(?:text|mbox|textrm|textnormal)\s*\{([^{}$]*\$[^{}]*)\}", r"\\hbox{\1}"),
        (r"\\not\s*=", r"\\neq "),
        (r"\\not\s*<", r"\\nless "),
        (r"\\not\s*>", r"\\ngtr "),
        # It would give a single letter without its font.
        (r"\\math(rm|it|normal)\{(?=[A-Za-z]\})", r"\\math\1 {"),
        (r"\\AA(?![A-Za-z])", "Å"),
        (r"\\(?:textdegree|deg(?=\s*[CFK](?![A-Za-z])))(?![A-Za-z])", "°"),
        (r"\\(?:textsubscript)\s*(?=\{)", "_"),
        (r"\\(?:textsuperscript)\s*(?=\{)", "^"),
        (r"\\\\\s*\[[^\[\]]{0,20}\]", r"\\\\"),
    )
)  # fmt: skip
_ACCENT = re.compile(r"""\\['`"]""")
# Symbols of text that stand in formulas too; those with other names are known there.
_SYMBOL = re.compile(
    r"\\(text[a-z]+|P|S|copyright|pounds|euro|ss|aa|ae|AE|oe|OE|guillemot[a-z]+)(?![A-Za-z])"
)


def _rewritten(tex: str) -> str:
    """The formula in the part of TeX that the reader knows."""
    for pattern, replacement in _REWRITES:
        tex = pattern.sub(replacement, tex)
    tex = _SYMBOL.sub(lambda match: symbols.NAMED.get(match[1], match[0]), tex)
    parts: list[str] = []
    position = 0
    for match in _ACCENT.finditer(tex):
        decoded = symbols.decode_accent(tex, match.start(), end=len(tex))
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
    return deepest if depth == 0 else _MAX_DEPTH + 1


_NOT_SHOWN = re.compile(
    r"\\(?:begin|end)\s*\{[^{}]*\}(?:\s*(?:\[[^\[\]]*\])?\s*\{[lcr|@{}\s]*\})?"
    r"|\\(?:hspace|hskip|kern|mkern|mskip|mspace|vspace|rule|raise|lower|color|textcolor|above)"
    r"\s*(?:\{[^{}]*\}\s*)?(?:-?[\d.]+\s*[a-z]{2})?"
    r"|\\[A-Za-z]+"
)
_MARKUP = re.compile(r"<[^>]*>")
_COMMAND = re.compile(r"\\([A-Za-z]+)")
# Commands of LaTeX, AMS and the packages of physicists that no rewriting helps.
_STANDARD = frozenset(
    """
    ang aa ae i intertext j l L lq micro num o O ohm prescript qty raisebox rq shortintertext shortparallel
    SI si sideset ss unit celsius dv pdv Braket ketbra abs norm hline cline doublecap doublecup label tag
    """.split()  # noqa: SIM905 - read more easily as words
)


def _names_a_command(written: str) -> bool:
    r"""Whether a standard command is left by its name; an author's macro says more than its source."""
    left = {match[1] for match in _COMMAND.finditer(written)}
    if not left:
        return False
    from pylatexenc.latex2text import get_default_latex_context_db

    known = get_default_latex_context_db()
    return any(name in _STANDARD or known.get_macro_spec(name) is not None for name in left)


def _has_everything(tex: str, written: str) -> bool:
    """Whether each letter and digit that stands in the TeX outside commands is in the MathML."""
    wanted = Counter(filter(str.isalnum, unicodedata.normalize("NFKC", _NOT_SHOWN.sub(" ", tex))))
    shown = Counter(unicodedata.normalize("NFKC", html.unescape(_MARKUP.sub("", written))))
    return wanted <= shown
