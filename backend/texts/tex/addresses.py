"""Addresses, identifiers and citations in prose: what no translation may touch.

What counts as an address follows what arXiv's pages turn into links (checked against its open-source
front end), because there the same words are a link: a bare host name (`example.org`, `Node.js`), an
arXiv identifier, a DOI. Where it would take two sentences without a space between them for a host
(`at zero temperature.The atoms`) we do not follow it.
"""

from __future__ import annotations

import re

from .symbols import reading

# What stands for \_ or \% in TeX may stand in an address; other unsafe characters (RFC 1738) not.
_TAIL = r"(?:\\[_~#%&]|[!#-;=?-Z_a-z~])"
_URL = re.compile(rf"(?:(?:https?|ftp)://|www\.){_TAIL}+", re.IGNORECASE)
_HOST = re.compile(
    r"(?:(?:[A-Za-z0-9-]+\.)+[a-z]{2,}|(?:[A-Z]\.)+[A-Z][a-z]+)(?::\d+)?(?!\.?\w)"
    rf"(?:[/?]{_TAIL}*)?"
)
_EMAIL = re.compile(r"[\w.+-]+@(?:[\w-]+\.)+[A-Za-z]{2,}")
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")
# https://info.arxiv.org/help/arxiv_identifier.html
_ARCHIVES = (
    "acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas"
    "|cond-mat|cs|dg-ga|econ|eess|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th"
    "|nlin|nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|q-fin|quant-ph|solv-int|stat"
    "|supr-con"
)
_ARXIV_ID = re.compile(
    rf"(?:arXiv:)?(?:(?:{_ARCHIVES})(?:\.[A-Z]{{2}})?/\d{{7}}|\d{{4}}\.\d{{4,5}})(?:v\d+)?(?!\.?\w)",
    re.IGNORECASE,
)
_KINDS = (
    (_URL, "url"),
    (_EMAIL, "email"),
    (_DOI, "identifier"),
    (_ARXIV_ID, "identifier"),
    (_HOST, "url"),
)
# How all of them begin: most words are none of them.
_BEGINNING = re.compile(r"[\w+-]*[.:/@]")


def address_at(text: str, start: int, *, end: int) -> tuple[int, str] | None:
    """Where the address that begins at `start`, the beginning of a word, ends, and its role."""
    if not _BEGINNING.match(text, start, end):
        return None
    for pattern, role in _KINDS:
        match = pattern.match(text, start, end)
        if match is None:
            continue
        if pattern is _ARXIV_ID and start and text[start - 1] == "=":
            continue  # the value of something: HJD=2450.2744
        return _without_punctuation(text, start, match.end()), role
    return None


def _without_punctuation(text: str, start: int, end: int) -> int:
    """The end of an address without the sentence's punctuation after it."""
    brackets = text.count("(", start, end) - text.count(")", start, end)
    while end > start + 1:
        last = text[end - 1]
        if last == ")" and brackets < 0:
            brackets += 1
        elif last not in ".,;:!?'*":
            break
        end -= 1
    return end


_NAME = r"(?:(?:de|den|der|di|du|la|le|van|von)\s)*[^\W\d_a-z][\w'’.-]*"
_NAMES = rf"{_NAME}(?:(?:,?\s(?:and|&)\s|,\s|\s){_NAME})*(?:,?\s(?:et\sal\.?|and\sothers|and\scoworkers))?"
_YEARS = r"(?:1[89]|20)\d\d[a-z]?(?:,\s?(?:(?:1[89]|20)\d\d[a-z]?|[a-z]))*"
_CITED = re.compile(
    rf"(?:(?:see|also|e\.g\.,?|i\.e\.,?|cf\.?)\s)*({_NAMES})(,)?\s({_YEARS})(?:,\s.{{0,20}})?"
)
# {\it et al.}, \emph{et~al.}
_ET_AL = re.compile(r"(?:\{\\[a-z]{2}\s|\\(?:textit|emph)\{)(et[\s~]al\.?)\}")
_SEASONS = re.compile(
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Spring|Summer|Autumn|Fall|Winter)"
)
_JOINED = re.compile(r"\set\sal|\sand\s|&")


def is_citation(inside: str) -> bool:
    """Whether what stands in brackets cites works: `Smith et al., 2023; Li and Wu, 2020a,b`.

    A name without a comma before the year (`Japan 2011`) and a month are prose.
    """
    for work in reading(_ET_AL.sub(r"\1", inside)).replace("~", " ").split(";"):
        match = _CITED.fullmatch(" ".join(work.split()))
        if match is None or _SEASONS.match(match[1]):
            return False
        if not match[2] and not _JOINED.search(match[1]):
            return False
    return True
