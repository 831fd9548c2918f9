"""Threads of one interpreter that take turns: one works, in order, and others stand by.

Several that compute at once only take the interpreter from each other: all are served later. But
whoever takes long, or waits for something, must not keep everybody: another one then steps in.
"""

from __future__ import annotations

import threading
import time
from queue import SimpleQueue
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

# Seconds after which a piece of work takes long.
PATIENCE: Final = 0.02


class Turns:
    """Work to be done, in the order of arrival. `run` is for each thread, and never returns."""

    def __init__(self) -> None:
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._turn = threading.Lock()
        self._late = threading.Semaphore(0)
        # Whose turn it is, since when (0: not) the work at hand is done, and whether it is watched.
        self._holder = 0
        self._since = 0.0
        self._is_watched = False

    def put(self, work: Callable[[], None]) -> None:
        """Have this done."""
        self._waiting.put(work)
        if self._since:
            self._watch()

    def run(self) -> None:
        """Do what is waiting, whenever it is this thread's turn."""
        me = threading.get_ident()
        while True:
            self._stand_by(me)
            while self._holder == me:
                work = self._waiting.get()
                self._since = time.monotonic()
                if not self._waiting.empty():
                    self._watch()
                work()
                with self._turn:
                    if self._holder == me:
                        self._since = 0.0

    def _watch(self) -> None:
        """Have one of those who stand by see how long the work at hand takes."""
        with self._turn:
            if not self._is_watched:
                self._is_watched = True
                self._late.release()

    def _stand_by(self, me: int) -> None:
        """Return when it is this thread's turn: nobody has it, or whoever has it takes long."""
        with self._turn:
            if not self._holder:
                self._holder = me
                return
        while True:
            self._late.acquire()
            while (since := self._worked_at()) is not None:
                time.sleep(max(0.0, since + PATIENCE - time.monotonic()))
                with self._turn:
                    if self._since == since and not self._waiting.empty():
                        self._holder, self._since, self._is_watched = me, 0.0, False
                        return

    def _worked_at(self) -> float | None:
        """Since when others wait for the work at hand; None, and watched no more, where none do."""
        with self._turn:
            if self._since and not self._waiting.empty():
                return self._since
            self._is_watched = False
            return None
