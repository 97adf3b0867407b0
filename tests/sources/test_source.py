"""What SOURCES may name, and what is refused with a line that says what to change."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.config import Config
from backend.errors import ConfigError
from backend.sources.arxiv_categories import NAMES


@pytest.fixture
def picks(tmp_path: Path) -> Path:
    file = tmp_path / "reading group.txt"
    file.write_text("2306.02707\n")
    return file


def test_lists_in_their_order_with_names_and_titles(picks: Path):
    config = Config.from_env({"SOURCES": f" arxiv:CS.cl , huggingface, arxiv:hep-th,file:{picks}"})
    assert [(source.name, source.title) for source in config.sources] == [
        ("arxiv:cs.CL", "New submissions in Computation and Language (cs.CL) at arXiv"),
        ("huggingface", "Daily papers at Hugging Face"),
        ("arxiv:hep-th", "New submissions in High Energy Physics - Theory (hep-th) at arXiv"),
        ("file:reading-group", "Picks of this server's owner: reading-group"),
    ]
    assert config.sources[3].target == str(picks)


def test_huggingface_alone_without_the_setting():
    assert [source.name for source in Config.from_env({}).sources] == ["huggingface"]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("hugging", "huggingface, arxiv:CATEGORY such as arxiv:cs.CL, or file:PATH; 'hugging' is"),
        (",", "must name a list: huggingface"),
        ("arxiv", "'arxiv' is none"),
        ("arxiv:", "'' is none; write it like arxiv:cs.CL"),
        ("arxiv:cs.LC", "did you mean arxiv:cs."),
        ("arxiv:cs", "one of arXiv's categories"),
        ("arxiv:cs.CL OR cat:cs.AI", "one of arXiv's categories"),
        ("huggingface,arxiv:cs.CL,arxiv:cs.cl", "each list once, but has arxiv:cs.CL twice"),
        ("file:/nowhere/picks.txt", "a file that is there"),
        ("file:/tmp", "a file that is there"),
        ("file:", "a file that is there"),
        ("http://example.org/list", "'http://example.org/list' is none"),
    ],
)
def test_refuses_what_is_no_list(value: str, words: str):
    with pytest.raises(ConfigError) as refused:
        Config.from_env({"SOURCES": value})
    assert str(refused.value).startswith("SOURCES: ")
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_two_files_of_one_name_would_be_one_list(picks: Path, tmp_path: Path):
    other = tmp_path / "other"
    other.mkdir()
    (other / picks.name).write_text("")
    with pytest.raises(ConfigError, match="give one of the files another name"):
        Config.from_env({"SOURCES": f"file:{picks},file:{other / picks.name}"})


def test_arxivs_categories_are_all_here():
    """The number at arXiv's category taxonomy, and a few names."""
    assert len(NAMES) == 155
    assert NAMES["cs.CL"] == "Computation and Language"
    assert NAMES["q-fin.TR"] == "Trading and Market Microstructure"
