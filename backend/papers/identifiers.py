"""arXiv identifiers: every style people write them in, one canonical form.

The forms are those of arXiv's identifier scheme (https://info.arxiv.org/help/arxiv_identifier.html):
`2306.02707` since April 2007, `hep-th/9901001` before, each perhaps with a version (`v2`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..errors import InvalidRequest

# Archives that issued identifiers before April 2007; none was added since.
_ARCHIVES = """
    acc-phys|adap-org|alg-geom|ao-sci|astro-ph|atom-ph|bayes-an|chao-dyn|chem-ph|cmp-lg|comp-gas
    |cond-mat|cs|dg-ga|funct-an|gr-qc|hep-ex|hep-lat|hep-ph|hep-th|math-ph|math|mtrl-th|nlin
    |nucl-ex|nucl-th|patt-sol|physics|plasm-ph|q-alg|q-bio|quant-ph|solv-int|supr-con
"""

# What may stand before the identifier: a page's address, a DOI, the prefix of a citation.
# A proxy may have merged the two slashes of an address in a path, hence `:/+`.
_PREFIX = re.compile(
    r"""(?:https?:/+)?(?:www\.|export\.)?(?:
            arxiv\.org/(?:abs|pdf|html|format|src|e-print)/
          | huggingface\.co/papers/
          | (?:dx\.)?doi\.org/10\.48550/arxiv\.
        )
      | 10\.48550/arxiv\.
      | arxiv:\s*""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_IDENTIFIER = re.compile(
    rf"""(?: (?P<new>\d{{2}}(?:0[1-9]|1[0-2])\.\d{{4,5}})
          | (?P<archive>{_ARCHIVES})(?:\.[a-z]{{2}})?
            /(?P<number>\d{{2}}(?:0[1-9]|1[0-2])\d{{3}})
        )
        (?:v(?P<version>[1-9]\d{{0,2}}))?""",
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_NAME = re.compile(
    r"(?:\d{4}\.\d{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/\d{7})(?:v[1-9]\d{0,2})?", re.ASCII
)
_LONGEST = 200
_WRONG = (
    "This is not an arXiv identifier; write it like 2306.02707, 2306.02707v2 or hep-th/9901001."
)


def page_name(text: str) -> str:
    """The identifier in a page's address, by its form alone: nothing is asked of arXiv by it.

    Raises:
        InvalidRequest: it has another form.
    """
    if not _NAME.fullmatch(text):
        raise InvalidRequest(_WRONG)
    return text


@dataclass(frozen=True, order=True)
class ArxivId:
    """One paper on arXiv, or one version of it.

    Args:
        base: `2306.02707` or `hep-th/9901001`, without a version.
        version: from 1; None means the newest.
    """

    base: str
    version: int | None = None

    @classmethod
    def parse(cls, text: str) -> ArxivId:
        """Read an identifier as people write it: bare, `arXiv:…`, a DOI or a page's address.

        Raises:
            InvalidRequest: when it is none of these.
        """
        bare = text.strip() if len(text) <= _LONGEST else ""
        if prefix := _PREFIX.match(bare):
            bare = re.split(r"[?#]", bare[prefix.end() :])[0].rstrip("/")
            bare = re.sub(r"\.pdf$", "", bare, flags=re.IGNORECASE)
        found = _IDENTIFIER.fullmatch(bare)
        if not found:
            raise InvalidRequest(_WRONG)
        base = found["new"] or f"{found['archive'].lower()}/{found['number']}"
        return cls(base, int(found["version"]) if found["version"] else None)

    def __str__(self) -> str:
        return self.base if self.version is None else f"{self.base}v{self.version}"

    @property
    def abs_url(self) -> str:
        """The abstract's page."""
        return f"https://arxiv.org/abs/{self}"

    @property
    def pdf_url(self) -> str:
        """The PDF."""
        return f"https://arxiv.org/pdf/{self}"

    @property
    def html_url(self) -> str:
        """The full text as HTML, which arXiv has for most papers since December 2023."""
        return f"https://arxiv.org/html/{self}"

    @property
    def huggingface_url(self) -> str:
        """The paper's page at Hugging Face, which knows no versions."""
        return f"https://huggingface.co/papers/{self.base}"
