"""One thread works, in order; another one steps in where it takes long."""

from __future__ import annotations

import itertools
import threading
import time
from typing import TYPE_CHECKING

import pytest

from kaishu.backend.turns import PATIENCE, Turns

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = 5.0


@pytest.fixture
def turns() -> Turns:
    made = Turns()
    for _number in range(3):
        threading.Thread(target=made.run, daemon=True).start()
    return made


def done(turns: Turns, work: Callable[[], object]) -> threading.Event:
    """What is set when the work was done."""
    event = threading.Event()

    def both() -> None:
        work()
        event.set()

    turns.put(both)
    return event


def test_work_is_done_one_after_the_other_in_order(turns: Turns) -> None:
    began: list[int] = []
    busy, most = 0, 0
    guard = threading.Lock()

    def work(number: int) -> None:
        nonlocal busy, most
        with guard:
            began.append(number)
            busy += 1
            most = max(most, busy)
        time.sleep(PATIENCE / 100)
        with guard:
            busy -= 1

    events = [done(turns, lambda n=n: work(n)) for n in range(100)]  # type: ignore[misc]
    assert all(event.wait(LONG) for event in events)
    # A machine that is busy elsewhere may make any of it take long.
    assert most <= 3
    assert sorted(began) == list(range(100))
    assert sum(a > b for a, b in itertools.pairwise(began)) <= 3


@pytest.mark.parametrize("how_many", [1, 2])
def test_what_takes_long_keeps_nobody_waiting(turns: Turns, how_many: int) -> None:
    over = threading.Event()
    # Both are there before anybody has begun, and nothing comes after them.
    long = [done(turns, lambda: over.wait(LONG)) for _number in range(how_many)]
    assert done(turns, lambda: None).wait(LONG / 2)
    assert not any(one.is_set() for one in long)
    # Later work is done too, as long as it takes.
    assert all(done(turns, lambda: None).wait(LONG / 2) for _number in range(20))
    over.set()
    assert all(one.wait(LONG) for one in long)
    assert done(turns, lambda: None).wait(LONG)


def test_where_all_take_long_the_next_is_done_after_the_first_of_them(turns: Turns) -> None:
    first, others = threading.Event(), threading.Event()
    ends = [done(turns, lambda: first.wait(LONG))]
    ends += [done(turns, lambda: others.wait(LONG)) for _number in range(2)]
    last = done(turns, lambda: None)
    assert not last.wait(10 * PATIENCE)
    first.set()
    assert last.wait(LONG / 2)
    others.set()
    assert all(one.wait(LONG) for one in ends)
