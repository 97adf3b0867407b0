"""`flask --app backend forget --paper`: a paper's own terms go too, drawn ones and readers' changes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from backend import database
from backend.terminology.glossary import Term
from backend.terminology.paper_terms import PaperTerm, PaperTerms, changed_terms, drawn_terms

# The fixtures of the command's other tests: an edition of six papers at Hugging Face, three days ago.
from tests.test_commands import (  # noqa: F401
    IDS,
    arxiv,
    environment,
    huggingface,
    invoke,
)

pytestmark = pytest.mark.sql
OTHER = "2603.00099v1"
OLD = "cs.CL/0601001v2"


@pytest.fixture
def kept(environment: dict[str, str]) -> Iterator[PaperTerms]:  # noqa: F811
    """Terms of two versions of the first paper, of another one and of an old one, in two languages."""
    engine = database.connect(
        environment["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    )
    terms = PaperTerms(engine)
    drawn = [PaperTerm("widget lattice", "Gitter", "model", 2), PaperTerm("gate", "Tor", "model")]
    for paper in (f"{IDS[0]}v1", f"{IDS[0]}v2", OTHER, OLD):
        for lang in ("de", "ja"):
            terms.keep(paper, lang, drawn, model="fake-model")
            terms.change(paper, lang, Term("gate", "Pforte"))
    yield terms
    engine.dispose()


def left(environment: dict[str, str]) -> set[tuple[str, str, str]]:  # noqa: F811
    """Paper, language and table of what is kept."""
    url = environment["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
    engine = database.connect(url)
    with engine.connect() as connection:
        found = {
            (row.paper, row.lang, table.name)
            for table in (drawn_terms, changed_terms)
            for row in connection.execute(sa.select(table.c.paper, table.c.lang))
        }
    engine.dispose()
    return found


def test_a_papers_terms_go_with_its_translations(
    environment: dict[str, str],  # noqa: F811
    kept: PaperTerms,
):
    before = left(environment)
    tried = invoke(environment, "forget", "--paper", IDS[0], "--dry-run")
    assert tried.stdout == "0 translations and 12 terms would be forgotten\n", tried.stderr
    assert left(environment) == before
    done = invoke(environment, "forget", "--paper", f"https://arxiv.org/abs/{IDS[0]}")
    assert done.stdout == "0 translations and 12 terms are forgotten\n", done.stderr
    assert left(environment) == {row for row in before if not row[0].startswith(IDS[0])}


def test_one_version_one_language_one_origin(
    environment: dict[str, str],  # noqa: F811
    kept: PaperTerms,
):
    before = left(environment)
    done = invoke(
        environment, "forget", "--paper", f"{IDS[0]}v2", "--lang", "ja", "--origin", "reader"
    )
    assert done.stdout == "0 translations and 1 terms are forgotten\n", done.stderr
    gone = (f"{IDS[0]}v2", "ja", "paper_term_changes")
    assert before - left(environment) == {gone}
    done = invoke(environment, "forget", "--paper", f"{IDS[0]}v2", "--origin", "fake-model")
    assert done.stdout == "0 translations and 4 terms are forgotten\n", done.stderr
    done = invoke(environment, "forget", "--paper", IDS[0], "--before", "2020-01-01")
    assert done.stdout == "0 translations are forgotten\n", done.stderr
    assert (f"{IDS[0]}v1", "de", "paper_terms") in left(environment)


def test_a_paper_whose_text_nobody_gives(
    environment: dict[str, str],  # noqa: F811
    kept: PaperTerms,
):
    """Read as a whole paper only, it was never stored; an old identifier may carry a subject class."""
    done = invoke(environment, "forget", "--paper", "cs/0601001")
    assert done.stdout == "0 translations and 6 terms are forgotten\n", done.stderr
    assert not [row for row in left(environment) if row[0] == OLD]
    again = invoke(environment, "forget", "--paper", "cs/0601001")
    assert again.exit_code != 0
    assert "0601001" in again.stderr or "arXiv" in again.stderr
