"""Work is counted as it is done, and silently where nobody looks."""

from __future__ import annotations

import pytest

from kaishu.base import progress


class Seen:
    """Remembers what it was told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def begin(self, words: str, total: int) -> int:
        """See Display."""
        self.told.append((words, total))
        return 7

    def advance(self, work: int) -> None:
        """See Display."""
        self.told.append(work)

    def end(self, work: int) -> None:
        """See Display."""
        self.told.append(-work)


def test_each_item_counts_once_it_was_dealt_with() -> None:
    seen = Seen()
    with progress.shown_by(seen):
        for item in progress.track("work", "ab", 2):
            seen.told.append(item)
    assert seen.told == [("work", 2), "a", 7, "b", 7, -7]


def test_work_that_fails_is_over_too() -> None:
    seen = Seen()
    with progress.shown_by(seen), pytest.raises(ZeroDivisionError):
        for number in progress.track("work", (1 // n for n in (1, 0)), 2):
            assert number == 1
    assert seen.told == [("work", 2), 7, -7]


def test_nothing_is_shown_outside_and_nothing_of_no_work() -> None:
    seen = Seen()
    with progress.shown_by(seen):
        assert list(progress.track("work", [], 0)) == []
    assert list(progress.track("work", [1, 2], 2)) == [1, 2]
    assert seen.told == []


def test_a_large_file_counts_by_the_megabyte_and_a_small_one_not_at_all() -> None:
    seen, size = Seen(), 30 * progress.MEGABYTE
    places = iter(range(10_000_000, 10**9, 10_000_000))
    with progress.shown_by(seen):
        assert len(list(progress.through("file", range(3000), places.__next__, size))) == 3000
        assert list(progress.through("small", "ab", lambda: 0, 1000)) == ["a", "b"]
    assert seen.told == [("file", 30), *[7] * 30, -7]
    assert list(progress.through("unseen", "ab", lambda: 0, size)) == ["a", "b"]
