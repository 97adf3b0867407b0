"""When a request may leave, told by a clock that the test turns."""

from __future__ import annotations

from backend.llm.circuit_breaker import BackOff, CircuitBreaker


class Clock:
    """Seconds that pass when the test says so."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def opened(clock: Clock) -> CircuitBreaker:
    breaker = CircuitBreaker(clock=clock)
    for _ in range(5):
        assert breaker.admit() == 0
        breaker.failed()
    return breaker


def test_opens_at_the_fifth_fault_in_a_row():
    breaker = CircuitBreaker(clock=Clock())
    for _ in range(4):
        breaker.failed()
    assert breaker.admit() == 0
    breaker.failed()
    assert breaker.admit() == 10


def test_a_success_begins_the_count_anew():
    breaker = CircuitBreaker(clock=Clock())
    for _ in range(3):
        for _ in range(4):
            breaker.failed()
        breaker.succeeded()
    assert breaker.admit() == 0


def test_lets_one_probe_pass_after_ten_seconds():
    clock = Clock()
    breaker = opened(clock)
    clock.now += 9.5
    assert breaker.admit() == 0.5
    clock.now += 0.5
    assert breaker.admit() == 0
    assert breaker.admit() > 0
    breaker.succeeded()
    assert breaker.admit() == 0
    assert breaker.admit() == 0


def test_a_failed_probe_means_ten_seconds_more():
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    assert breaker.admit() == 0
    breaker.failed()
    assert breaker.admit() == 10
    clock.now += 10
    assert breaker.admit() == 0


def test_an_abandoned_probe_makes_way_for_another():
    clock = Clock()
    breaker = opened(clock)
    clock.now += 10
    assert breaker.admit() == 0
    breaker.abandoned()
    assert breaker.admit() == 0


def test_a_pause_lasts_as_long_as_was_said_but_not_longer_than_allowed():
    clock = Clock()
    pause = BackOff(clock=clock)
    assert pause.remaining == 0
    pause.begin(30)
    clock.now += 10
    assert pause.remaining == 20
    pause.begin(5)
    assert pause.remaining == 20
    pause.begin(7200)
    assert pause.remaining == 120
    clock.now += 121
    assert pause.remaining == 0


def test_pauses_of_unknown_length_grow_until_a_success():
    clock = Clock()
    pause = BackOff(clock=clock)
    lengths = []
    for _ in range(7):
        pause.begin(None)
        lengths.append(pause.remaining)
        clock.now += pause.remaining
    assert lengths == [1, 2, 4, 8, 16, 30, 30]
    pause.succeeded()
    pause.begin(None)
    assert pause.remaining == 1
