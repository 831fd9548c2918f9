"""Commits that many share: a durable one costs a disk the same for one filing as for many.

While requests are answered, what they store is kept back (`storage.holding`) and handed over here
with what is to be done once it is durable. Nobody waits for others for longer than `LONGEST`.
"""

from __future__ import annotations

import logging
import threading
import time
from typing import TYPE_CHECKING, Final, NamedTuple

from kaishu.cases import storage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kaishu.cases.inserts import Insert

# In one commit; and how long, in seconds, the first waits for others that are being computed.
MOST: Final = 16
LONGEST: Final = 0.012
_MOMENT: Final = 0.0003
_log = logging.getLogger(__name__)


class _Work(NamedTuple):
    """Rows, what is to be done when they are stored or not, and since when they wait."""

    rows: Sequence[Insert]
    then: Callable[[bool], None]
    since: float


class Committer:
    """Stores what is handed over, in a thread of its own: see `run`.

    `expect` says that a request has come which may bring rows, `bring` and `let_go` that it has
    brought some or none. A commit begins as soon as nobody is expected.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._waiting: list[_Work] = []
        self._expected = 0

    def expect(self) -> None:
        """One more may bring something."""
        with self._changed:
            self._expected += 1

    def let_go(self) -> None:
        """One of those that were expected has nothing to store."""
        with self._changed:
            self._expected -= 1
            if self._waiting and not self._expected:
                self._changed.notify()

    def bring(self, rows: Sequence[Insert], then: Callable[[bool], None]) -> None:
        """One of those that were expected has rows; `then` is told whether they are durable."""
        with self._changed:
            self._expected -= 1
            self._waiting.append(_Work(rows, then, time.monotonic()))
            if len(self._waiting) == 1 or self._is_due():
                self._changed.notify()

    def run(self) -> None:
        """Commit what is brought, for ever."""
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting)
            # Who stands at the door needs the interpreter to come in.
            time.sleep(_MOMENT)
            with self._changed:
                rest = max(0.0, self._waiting[0].since + LONGEST - time.monotonic())
                self._changed.wait_for(self._is_due, rest)
                works, self._waiting = self._waiting, []
            for one, is_stored in zip(works, _stored(works), strict=True):
                try:
                    one.then(is_stored)
                except Exception:
                    _log.exception("what follows a commit could not be done")

    def _is_due(self) -> bool:
        return not self._expected or len(self._waiting) >= MOST


def _stored(works: Sequence[_Work]) -> list[bool]:
    """Which works are durable. Whatever happens, the thread goes on: others wait for it."""
    try:
        return storage.store([one.rows for one in works])
    except Exception:
        _log.exception("a commit could not be made")
        return [False] * len(works)
