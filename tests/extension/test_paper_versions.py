"""What is new in a version of a paper, by what was kept of the earlier ones."""

from __future__ import annotations

from typing import Any

import pytest

from tests.extension.conftest import Module

MODULE = "paper-versions.js"

# Compares one version after the other, in a storage that holds nothing of papers before and after.
COMPARE = """async ({ compareVersions }, versions) => {
  const { browser } = await import('/browser.js');
  const keys = async () => Object.keys(await browser.storage.local.get(null))
    .filter((key) => key.startsWith('paperVersions'));
  await browser.storage.local.remove(await keys());
  const news = [];
  for (const [id, texts] of versions) news.push(await compareVersions(id, texts));
  const kept = await browser.storage.local.get(await keys());
  await browser.storage.local.remove(await keys());
  return { news, kept };
}"""


def _news(module: Module, *versions: tuple[str, list[str]]) -> list[Any]:
    return list(module.run(COMPARE, versions)["news"])


def test_texts_that_the_last_earlier_version_did_not_have_are_new(module: Module) -> None:
    """Wherever they stand, and as often as they stand there."""
    first = [f"Lamp {number}" for number in range(6)]
    second = [*reversed(first[1:]), "Boat 1", "Boat 2", "Boat 2"]
    third = [*second, "River"]
    news = _news(
        module,
        ("2401.00001v1", first),
        ("2401.00001v2", second),
        ("2401.00001v4", third),
        ("2401.00001v4", second),
        ("2401.00001v2", first),
        ("2401.00001v1", first),
    )
    assert news == [
        None,
        {"version": "v2", "fresh": 3, "total": 8},
        {"version": "v4", "fresh": 1, "total": 9},
        {"version": "v4", "fresh": 0, "total": 8},
        {"version": "v2", "fresh": 0, "total": 6},
        None,
    ]


def test_old_identifiers_are_papers_of_their_own(module: Module) -> None:
    news = _news(
        module, ("hep-th/9901001v1", ["Lamp"]), ("hep-th/9901001v2", ["Boat"]), ("9901001v2", ["X"])
    )
    assert news == [None, {"version": "v2", "fresh": 1, "total": 1}, None]


@pytest.mark.parametrize(
    ("paper", "texts"), [("2401.00001", 1), ("2401.00001v1", 0), ("2401.00001v1", 4_001)]
)
def test_what_says_no_version_or_is_too_much_is_not_kept(
    module: Module, paper: str, texts: int
) -> None:
    found = module.run(COMPARE, [(paper, [f"Lamp {number}" for number in range(texts)])])
    assert found == {"news": [None], "kept": {}}


def test_little_is_kept_and_no_word(module: Module) -> None:
    """Six characters of a text, three versions of a paper, the papers that were read last."""
    texts = [f"Lamps of the quiet river {number}" for number in range(2_000)]
    papers = [(f"2401.{number:05}v1", ["Lamp"]) for number in range(51)]
    versions = [(f"2402.00001v{number}", texts) for number in range(1, 6)]
    kept = module.run(COMPARE, [*papers, *versions])["kept"]
    listed = kept.pop("paperVersions")
    assert listed == ["2402.00001", *(f"2401.{number:05}" for number in range(50, 1, -1))]
    assert set(kept) == {f"paperVersions:{paper}" for paper in listed}
    last = kept["paperVersions:2402.00001"]
    assert set(last) == {"3", "4", "5"}
    assert {len(hashes) for hashes in last.values()} == {2_000 * 6}
    hashes = [last["5"][at : at + 6] for at in range(0, 12_000, 6)]
    assert len(set(hashes)) == 2_000
