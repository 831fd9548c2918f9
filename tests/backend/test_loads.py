"""A process that has clearly more to do than the others lets go of those that are too many."""

from __future__ import annotations

import os

import pytest

from kaishu.backend.loads import Loads


@pytest.mark.parametrize(
    ("counts", "place", "lets_go"),
    [
        ((12, 4), 0, True),
        ((12, 4), 1, False),
        ((9, 7), 0, False),
        ((11, 5), 0, False),
        ((15, 7), 0, True),
        ((4, 0), 0, True),
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


def test_no_more_go_than_are_too_many_until_more_is_heard() -> None:
    loads = Loads(2)
    loads.tell(0, 12)
    loads.tell(1, 4)
    gone = [loads.lets_go(0) for _answer in range(12)]
    assert sum(gone) == 3
    assert gone == sorted(gone, reverse=True)
    loads.tell(0, 10)
    assert loads.lets_go(0)


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
    loads.tell(0, 25)
    assert loads.lets_go(0)
