"""Titles and abstracts as authors write them, in small: own examples of every habit seen in real ones."""

from __future__ import annotations

PROSE = (
    "A study of things",
    "BERT",
    "On <think> tokens & other tags: J3<0, J2>0",
    "Literal ⟦1⟧, {1}, [[q]], <x1/>, </g2>, &lt;x1/&gt; and &amp;",
    "A % comment sign, 12% of it, and a line\nthat goes on",
    "Two  spaces,\ta tab and a hard\nline end",
)

FORMULAS = (
    "The $S=1/2$ chain in (TMTSF)2$SO3",
    "It costs $3 and $4, not $5",
    "We pay \\$5 and \\$10 for $n$ samples",
    "A flow $v_{2}=-12%$ and a mean $<v>$ of $\\mathbb{Z}[[q]]$",
    "Thus\n\\[ \\sum_{i=1}^n x_i \\leq \\frac{a}{b} \\] holds",
    "and $$ \\displaylines{a = b \\\\ c = d} $$ too",
    "are \\begin{align*}\n  a &= b, \\\\\n  c &= \\begin{cases} 1 & x>0 \\\\ 0 & x<0 \\end{cases}\n"
    "\\end{align*} so",
    "maths $a +\nb$ across lines, \\(x\\) and \\(y_1\\)",
    "$\\text{if $x$ then}$ and ${}^{14}$N or YBa$_2$Cu$_3$O$_{7-\\delta}$",
    "a bare N_c, 10^{-3}, U_q(g), \\la r^2\\ra and \\tau_i",
    "500\\kms or $500\\kms$ with \\undefined{x}",
    "$a$$b$ and $$c$$",
    "one $stray dollar before many plain words and then $x$",
)

COMMANDS = (
    "1\\textit{T}-TiSe$_{2}$ and {\\bf A} and {\\it two words}",
    "\\textbf{bold \\emph{both} $x$} and \\textsc{Name}",
    "as in \\cite{a},\\cite{b}, \\citep[p.~3]{c} and Eq.~\\eqref{e}",
    "code at~\\url{https://example.org/a_b/.} or \\href{https://example.org}{our page}.",
    "\\method{} beats \\ours, \\eg by 50\\%",
    "\\texttt{x_1 < 2} with `pip install` and a\\footnote{A note of words.}",
    "an unclosed \\textbf{group and \\begin{equation} without end",
    "line one\\\\line two \\newline three",
    "\\method{some words of prose} stay words",
)

TYPING = (
    'Gr\\"obner, Verdi\\`ere, {\\AA}ngstr\\"om, Erd\\H{o}s, K{\\"u}nneth, \\c{C}elik, na\\"{\\i}ve, Stra\\ss e',
    "``quotes'' and `single' ones, pages 1--5, a dash---so, don't",
    "10~km of ~20 km, Fig.~3",
    "--verbose is an option; ---- is a line",
    "5'' of arc and a ``half open quote",
)

NAMES = (
    "see https://example.org/a?b=c&d=e. Or www.example.org, Node.js (example.org/x).",
    "write to a.b@example.org about doi 10.1000/182 or arXiv:2306.02707v2 and hep-th/9901001.",
    "shown before [12, 13], [1-3], (Smith et al., 2023; Li and Wu, 2020a,b) but not (May 2020)",
    "the value 2450.2744 and HJD=2450.2744",
)

PARAGRAPHS = (
    "First.\n  Second paragraph.\n  Third.",
    "First.\n\nSecond, after an empty line.",
)

ALL = (*PROSE, *FORMULAS, *COMMANDS, *TYPING, *NAMES, *PARAGRAPHS)

HOSTILE = (
    "$", "$$", "{", "}", "\\", "<", "&", "`", "'", '"', "(", "[", "_", "^", "~", "-", " ", "\n", "a", "1",
    "${", "${$}", "{$}", "$a", "$1 ", "\\(", "\\[", "\\\\", "\\'", "\\c", "\\a ", "\\a{", "\\a{a b}",
    "\\begin{", "\\begin{a}", "\\begin{a}\\begin{b}", "\\textbf{", "{\\bf ", "{\\'", "\\cite{", "\\cite[",
    "\\href{a}{", "<g", "<x1", "[1,", "(A, 2000;", "(a ", "a.", "a-", "a@", "a_", "a_b ", "x^", "x_{", "^{",
    "http://", "10.1000/", "\n ", "\U000f0000", "\U00100000", "\ud800", "\x00",
)  # fmt: skip
"""What may be repeated thousands of times to make a reader slow or deep."""
