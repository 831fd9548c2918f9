"""Many at once, answers in order, and nothing more begun once one has failed."""

from __future__ import annotations

import threading

import pytest

from kaishu.base.parallel import AT_ONCE, each


def test_answers_come_in_the_order_of_the_items() -> None:
    together = threading.Barrier(AT_ONCE)

    def square(number: int) -> int:
        together.wait(timeout=60)
        return number * number

    assert list(each(square, range(2 * AT_ONCE))) == [n * n for n in range(2 * AT_ONCE)]


def test_what_has_not_begun_when_one_fails_is_not_begun() -> None:
    begun: list[int] = []
    failed = threading.Event()

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            failed.set()
            raise ValueError(number)
        failed.wait()

    with pytest.raises(ValueError, match="0"):
        list(each(work, range(10_000)))
    assert len(begun) < 10_000
