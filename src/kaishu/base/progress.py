"""How far long work has come: work tells it as it goes, and whoever runs it may show it."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import threading
from contextvars import ContextVar
from itertools import count
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

T = TypeVar("T")

# A step of work that goes through a file, and how often its place is asked for.
MEGABYTE = 10**6
_ITEMS = 1000
# Smaller files are done before anybody wonders.
_LARGE = 20 * MEGABYTE
# How often a thread looks, in seconds; and how many characters are sent between processes.
_OFTEN = 0.25
_WORDS = 200


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
    with _stepped(display, words, size) as reach:
        for number, item in enumerate(items):
            yield item
            if number % _ITEMS == 0:
                reach(place())


@contextlib.contextmanager
def watched(words: Callable[[], str], place: Callable[[], int], size: int) -> Iterator[None]:
    """Within, work goes through a file of `size` bytes without a word; a thread asks `place` for it.

    `place` tells how many bytes have been dealt with; it is asked for large files alone. So are the
    `words`, since a language takes time to load.
    """
    display = _display.get()
    if display is None or size < _LARGE:
        yield
        return
    over = threading.Event()
    with _stepped(display, words(), size) as reach:

        def watch() -> None:
            while not over.wait(_OFTEN):
                reach(place())

        thread = threading.Thread(target=watch, daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


@contextlib.contextmanager
def _stepped(display: Display, words: str, size: int) -> Iterator[Callable[[int], None]]:
    """A file's work, and what is told how many of its bytes have been dealt with."""
    total, done = size // MEGABYTE, 0
    work = display.begin(words, total)

    def reach(place: int) -> None:
        nonlocal done
        reached = min(place // MEGABYTE, total)
        for _step in range(done, reached):
            display.advance(work)
        done = max(done, reached)

    try:
        yield reach
    finally:
        display.end(work)


class Sent:
    """A display that sends what it is told to the process that shows it."""

    def __init__(self, to: Connection) -> None:
        self._to, self._works = to, count()

    def begin(self, words: str, total: int) -> int:
        """See Display."""
        work = next(self._works)
        self._send(work, words[:_WORDS], total)
        return work

    def advance(self, work: int) -> None:
        """See Display."""
        self._send(work)

    def end(self, work: int) -> None:
        """See Display."""
        self._send(work, None)

    def _send(self, *told: object) -> None:
        # So short a message is written whole or not at all, whoever else writes and whatever dies.
        with contextlib.suppress(OSError):
            self._to.send((os.getpid(), *told))


def send(to: Connection | None) -> None:
    """From now on the progress of this process's work is sent to the process that began it."""
    _display.set(None if to is None else Sent(to))


@contextlib.contextmanager
def gathered() -> Iterator[Connection | None]:
    """Within, what other processes `send` to the connection is shown here; None where nothing is shown."""
    display = _display.get()
    if display is None:
        yield None
        return
    receiver, sender = multiprocessing.Pipe(duplex=False)
    over = threading.Event()
    works: dict[tuple[int, int], int] = {}

    def show() -> None:
        while receiver.poll(_OFTEN) or not over.is_set():
            if receiver.poll():
                process, work, *told = receiver.recv()
                _show(display, works, (process, work), told)

    thread = threading.Thread(target=show, daemon=True)
    thread.start()
    try:
        yield sender
    finally:
        over.set()
        thread.join()
        # A process that was killed ended nothing.
        for work in works.values():
            display.end(work)
        receiver.close()
        sender.close()


def _show(
    display: Display, works: dict[tuple[int, int], int], key: tuple[int, int], told: list[Any]
) -> None:
    if len(told) == 2:
        works[key] = display.begin(*told)
    elif told:
        display.end(works.pop(key))
    else:
        display.advance(works[key])
