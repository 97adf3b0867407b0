"""What counts as an arXiv identifier, and which canonical form it gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.errors import InvalidRequest
from backend.papers.identifiers import ArxivId


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("2306.02707", "2306.02707"),
        (" 2306.02707\n", "2306.02707"),
        ("2306.02707v2", "2306.02707v2"),
        ("0704.0956", "0704.0956"),
        ("hep-th/9901001", "hep-th/9901001"),
        ("hep-th/9901001v3", "hep-th/9901001v3"),
        ("HEP-TH/9901001V3", "hep-th/9901001v3"),
        ("math.GT/0309136", "math/0309136"),
        ("arXiv:2306.02707", "2306.02707"),
        ("arxiv: hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/abs/2306.02707v2", "2306.02707v2"),
        ("http://www.arxiv.org/abs/hep-th/9901001", "hep-th/9901001"),
        ("https://arxiv.org/pdf/2306.02707v1.pdf", "2306.02707v1"),
        ("https://arxiv.org/pdf/2306.02707", "2306.02707"),
        ("https://arxiv.org/html/2306.02707v1#S3.p2", "2306.02707v1"),
        ("https://arxiv.org/abs/2306.02707?context=cs.CL", "2306.02707"),
        ("https:/arxiv.org/abs/2306.02707/", "2306.02707"),
        ("export.arxiv.org/abs/2306.02707", "2306.02707"),
        ("https://huggingface.co/papers/2306.02707", "2306.02707"),
        ("https://doi.org/10.48550/arXiv.2306.02707", "2306.02707"),
        ("10.48550/arXiv.2306.02707", "2306.02707"),
    ],
)
def test_reads_every_style_people_write(written, canonical):
    assert str(ArxivId.parse(written)) == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "2306",
        "2306.027",
        "2306.027077",
        "2313.02707",
        "2300.02707",
        "2306.02707v0",
        "2306.02707v1000",
        "2306.02707 2306.02708",
        "2306.02707,2306.02708",
        "2306.02707\x00",
        "hep-th/990100",
        "nosuch-ar/9901001",
        "../../etc/passwd",
        "https://example.org/abs/2306.02707",
        "https://arxiv.org/list/2306.02707",
        "٢٣٠٦.٠٢٧٠٧",
        "２３０６.02707",
        "2306.02707&max_results=2000",
        "1" * 100_000,
    ],
)
def test_refuses_anything_else_with_a_sentence(text):
    with pytest.raises(InvalidRequest, match=r"not an arXiv identifier; write it like .*\."):
        ArxivId.parse(text)


@given(st.text(max_size=60))
def test_any_text_is_an_identifier_or_an_invalid_request(text):
    """What parses is safe to put into an address and a list of ids, and reads back as itself."""
    try:
        identifier = ArxivId.parse(text)
    except InvalidRequest:
        return
    assert str(identifier).isascii()
    assert not set(str(identifier)) & set(" ,&?#%\n")
    assert ArxivId.parse(str(identifier)) == identifier


def test_links_to_the_pages_of_the_version_asked_for():
    identifier = ArxivId.parse("2306.02707v2")
    assert identifier.abs_url == "https://arxiv.org/abs/2306.02707v2"
    assert identifier.pdf_url == "https://arxiv.org/pdf/2306.02707v2"
    assert identifier.html_url == "https://arxiv.org/html/2306.02707v2"
    assert identifier.huggingface_url == "https://huggingface.co/papers/2306.02707"


def test_knows_the_version():
    assert ArxivId.parse("hep-th/9901001v3") == ArxivId("hep-th/9901001", 3)
    assert ArxivId.parse("2306.02707").version is None
