"""Threads that want to write at the same moment share a transaction, and each gets its own answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from backend.write_groups import WriteGroup
from tests.conditions import wait_until

THREADS = 40


def test_who_comes_while_another_writes_is_written_with_all_the_others():
    first_writes, go_on = threading.Event(), threading.Event()
    groups: list[list[int]] = []

    def write(items: Sequence[int]) -> list[int]:
        groups.append(sorted(items))
        if len(groups) == 1:
            first_writes.set()
            assert go_on.wait(10)
        return [item * 2 for item in items]

    group = WriteGroup(write)
    with ThreadPoolExecutor(THREADS) as pool:
        first = pool.submit(group, 0)
        assert first_writes.wait(10)
        others = [pool.submit(group, number) for number in range(1, THREADS)]
        wait_until(lambda: len(group._waiting) == THREADS - 1)
        go_on.set()
        assert [each.result(10) for each in [first, *others]] == [2 * n for n in range(THREADS)]
    assert groups == [[0], list(range(1, THREADS))]


def test_what_cannot_be_written_is_told_to_all_of_the_group_and_nobody_else():
    def write(items: Sequence[int]) -> list[int]:
        if -1 in items:
            raise ValueError("no")
        return list(items)

    group = WriteGroup(write)
    with pytest.raises(ValueError, match="no"):
        group(-1)
    assert group(1) == 1
