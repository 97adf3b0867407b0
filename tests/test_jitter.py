"""Chance of our own: nobody who seeds the common generator hears of it."""

from __future__ import annotations

import random

from backend import jitter


def test_stays_within_its_bounds_and_leaves_the_common_generator_alone():
    before = random.getstate()
    numbers = [jitter.between(0.5, 1.0) for _ in range(100)]
    assert random.getstate() == before
    assert all(0.5 <= number <= 1.0 for number in numbers)
    assert len(set(numbers)) > 90
