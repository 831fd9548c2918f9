"""Many things at once: by threads where they are waited for, by processes where they are worked out."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar

from kaishu.base import i18n
from kaishu.base.errors import BuildError
from kaishu.base.i18n import gettext as _
from kaishu.base.progress import gathered, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from multiprocessing.connection import Connection

T = TypeVar("T")
R = TypeVar("R")

AT_ONCE = 8


def each(do: Callable[[T], R], items: Iterable[T]) -> Iterator[R]:
    """What `do` gives for each item, in their order; eight are done at once.

    Where one fails, or nobody asks for more, those that have not begun are not.
    """
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield from pool.map(do, items)
    finally:
        pool.shutdown(cancel_futures=True)


def in_processes(
    do: Callable[[T], R], items: Iterable[T], jobs: int, *, in_turn: int = 1
) -> Iterator[R]:
    """What `do` gives for each item, in their order, from `jobs` processes.

    A process begins as a copy of this one: `do` may hold anything, and only items and results are
    sent, `in_turn` items at a time; their progress is shown here. Where nobody asks for more, those
    that have not begun are not. What `do` raises is raised; BuildError where a process ends before
    its work is done.
    """
    with gathered() as shown:
        pool = ProcessPoolExecutor(
            jobs, multiprocessing.get_context("fork"), _begin, (do, i18n.current(), shown)
        )
        # Looking for garbage would write to, and so copy, all that the processes share.
        gc.freeze()
        try:
            yield from pool.map(_do, items, chunksize=in_turn)
        except BrokenProcessPool as error:
            raise BuildError(
                _(
                    "A process ended before its work was done; perhaps there was not memory enough. "
                    "Build again, with fewer processes if it happens again (--jobs)."
                )
            ) from error
        finally:
            pool.shutdown(cancel_futures=True)
            gc.unfreeze()


# What this process does where it is one of several, whether it is doing it, and whether it should.
_own: Callable[[Any], Any]
_busy = _stopped = False


def _begin(do: Callable[[Any], Any], language: i18n.Language, shown: Connection | None) -> None:
    global _own
    _own = do
    i18n.activate(language)
    send(shown)
    # A build in the background is not interrupted, and neither is this.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, _interrupted)
    Thread(target=_end_with_parent, daemon=True).start()


def _do(item: Any) -> Any:
    global _busy
    _busy = True
    try:
        if _stopped:
            raise _Interrupted
        return _own(item)
    finally:
        _busy = False


def _interrupted(_signal: int, _frame: object) -> None:
    """Who interrupts the build interrupts this process too: it gives up its work, and says nothing.

    It does not end, as others would take it for killed: the one that asked ends it.
    """
    global _stopped
    _stopped = True
    if _busy:
        raise _Interrupted


class _Interrupted(Exception):
    pass


def _end_with_parent() -> None:
    """A build that is killed cannot tell: its processes would wait for it, and keep others out."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
