"""A process that has clearly more to do than the others lets go of connections, one at a time."""

from __future__ import annotations

import os
import time

import pytest

from kaishu.backend.loads import Loads


@pytest.mark.parametrize(
    ("counts", "place", "lets_go"),
    [
        ((12, 4), 0, True),
        ((12, 4), 1, False),
        ((9, 7), 0, False),
        ((10, 7), 0, True),
        ((1, 0), 0, False),
        ((2, 0), 0, False),
        ((0, 0), 0, False),
        ((40,), 0, False),
        ((3, 9, 3), 1, True),
    ],
)
def test_who_has_clearly_more_than_the_average_lets_go(
    counts: tuple[int, ...], place: int, lets_go: bool
) -> None:
    loads = Loads(len(counts))
    for number, count in enumerate(counts):
        loads.tell(number, count)
    assert loads.lets_go(place) is lets_go


def test_the_next_goes_only_when_the_first_can_have_shown_what_it_changes() -> None:
    loads = Loads(2)
    loads.tell(0, 12)
    begun = time.monotonic()
    gone = [loads.lets_go(0) for _time in range(20)]
    assert gone[0]
    # Twenty questions take no time; on a machine that stands still meanwhile another one may go.
    assert sum(gone) <= 1 + (time.monotonic() - begun) / 0.001


def test_processes_hear_of_each_other() -> None:
    loads = Loads(2)
    loads.tell(0, 3)
    assert not Loads(2).lets_go(0)
    child = os.fork()
    if child == 0:
        loads.tell(1, 12)
        os._exit(0 if loads.lets_go(1) else 1)
    assert os.waitpid(child, 0)[1] == 0
    loads.tell(0, 9)
    assert not loads.lets_go(0)
    loads.tell(0, 15)
    assert loads.lets_go(0)
