"""The formats that citations come in, by the names that programs use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from . import bibtex, csl, ris
from .record import Citation


@dataclass(frozen=True, slots=True)
class Format:
    """A format of citations.

    Args:
        name: in unAPI.
        suffix: of addresses and files.
        content_type: the value of Content-Type.
        write: makes the text, of one record or of many.
        docs: where the format is described.
    """

    name: str
    suffix: str
    content_type: str
    write: Callable[[Sequence[Citation]], str]
    docs: str


BIBTEX = Format(
    "bibtex",
    "bib",
    "application/x-bibtex; charset=utf-8",
    bibtex.write,
    "https://www.ctan.org/pkg/bibtex",
)
RIS = Format(
    "ris",
    "ris",
    "application/x-research-info-systems; charset=utf-8",
    ris.write,
    "https://en.wikipedia.org/wiki/RIS_(file_format)",
)
CSL = Format(
    "csl",
    "json",
    "application/vnd.citationstyles.csl+json",
    csl.write,
    "https://citeproc-js.readthedocs.io/en/latest/csl-json/markup.html",
)
BY_NAME: Mapping[str, Format] = {each.name: each for each in (BIBTEX, RIS, CSL)}
BY_SUFFIX: Mapping[str, Format] = {each.suffix: each for each in BY_NAME.values()}
