"""Work is counted as it is done, and silently where nobody looks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from multiprocessing.connection import Connection

import pytest
from tests.displays import Seen

from kaishu.base import progress


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


def test_work_without_a_word_is_watched_from_beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress, "_OFTEN", 0.001)
    seen, size, place = Seen(), 30 * progress.MEGABYTE, 0
    with progress.shown_by(seen), progress.watched(lambda: "query", lambda: place, size):
        for place in (0, 10_000_000, 30_000_000):
            _until_told(seen, 1 + place // progress.MEGABYTE)
    assert seen.told == [("query", 30), *[7] * 30, -7]
    with progress.shown_by(seen), progress.watched(lambda: "small", lambda: 0, 1000):
        pass

    def unasked() -> str:
        raise AssertionError

    with progress.watched(unasked, lambda: 0, size):
        pass
    with progress.shown_by(seen), progress.watched(unasked, lambda: 0, 1000):
        pass
    assert len(seen.told) == 32


def test_what_other_processes_do_is_shown_and_what_is_killed_is_over() -> None:
    seen = Seen()
    with progress.shown_by(seen), progress.gathered() as shown:
        processes = [multiprocessing.Process(target=_work, args=(shown, n)) for n in (3, 4, -1)]
        for process in processes:
            process.start()
        for process in processes:
            process.join()
    assert [one.exitcode for one in processes] == [0, 0, -signal.SIGKILL]
    assert sorted(one for one in seen.told if isinstance(one, tuple)) == [
        ("killed", 5), ("work", 3), ("work", 4)
    ]  # fmt: skip
    assert (seen.told.count(7), seen.told.count(-7)) == (3 + 4 + 1, 3)
    with progress.gathered() as shown:
        assert shown is None


def _work(shown: Connection | None, steps: int) -> None:
    progress.send(shown)
    if steps > 0:
        assert list(progress.track("work", range(steps), steps)) == list(range(steps))
        return
    for step in progress.track("killed", range(5), 5):
        if step == 1:
            os.kill(os.getpid(), signal.SIGKILL)


def _until_told(seen: Seen, times: int) -> None:
    end = time.monotonic() + 30
    while len(seen.told) < times and time.monotonic() < end:
        time.sleep(0.001)
    assert len(seen.told) >= times
