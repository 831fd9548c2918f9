"""How far long work has come: work tells it as it goes, and whoever runs it may show it."""

from __future__ import annotations

import contextlib
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")

# A step of work that goes through a file, and how often its place is asked for.
MEGABYTE = 10**6
_ITEMS = 1000
# Smaller files are done before anybody wonders.
_LARGE = 20 * MEGABYTE


class Display(Protocol):
    """What shows progress, a terminal's bar for one."""

    def begin(self, words: str, total: int) -> int:
        """A new piece of work of `total` steps; the number that it is advanced by."""

    def advance(self, work: int) -> None:
        """One more step of it is done."""

    def end(self, work: int) -> None:
        """It is over, or was given up."""


_display: ContextVar[Display | None] = ContextVar("kaishu_progress", default=None)


@contextlib.contextmanager
def shown_by(display: Display) -> Iterator[None]:
    """Within, `display` shows the progress of all work; outside, none is shown."""
    token = _display.set(display)
    try:
        yield
    finally:
        _display.reset(token)


def track(words: str, items: Iterable[T], total: int) -> Iterator[T]:
    """The `items`, each counted as one of `total` steps once it has been dealt with."""
    display = _display.get()
    if display is None or not total:
        yield from items
        return
    work = display.begin(words, total)
    try:
        for item in items:
            yield item
            display.advance(work)
    finally:
        display.end(work)


def through(words: str, items: Iterable[T], place: Callable[[], int], size: int) -> Iterator[T]:
    """The `items` of a file of `size` bytes, each megabyte of it a step; none of a smaller file.

    `place` tells how many bytes have been dealt with.
    """
    display = _display.get()
    if display is None or size < _LARGE:
        yield from items
        return
    total, done = size // MEGABYTE, 0
    work = display.begin(words, total)
    try:
        for number, item in enumerate(items):
            yield item
            if number % _ITEMS == 0:
                reached = min(place() // MEGABYTE, total)
                for _step in range(done, reached):
                    display.advance(work)
                done = max(done, reached)
    finally:
        display.end(work)
