"""Which of the machine's cores a process works on: one of its own, where each has one.

Threads of one interpreter work in turn: on one core they hand over to each other in no time, and
what they need is at hand there.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def available() -> list[int]:
    """The cores that this process may work on, by number; none where the system cannot say."""
    return sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []


# What this process could choose from before it was kept to one; empty where it never was.
_left: list[int] = []


def keep_to_one(place: int, processes: int) -> None:
    """Keep this thread, and all that it starts, to a core, as one of so many like processes.

    Where there are more cores than processes they are left to choose.
    """
    global _left
    found = available()
    if found and processes >= len(found):
        _left = found
        os.sched_setaffinity(0, {found[place % len(found)]})


@contextlib.contextmanager
def all_of_them() -> Iterator[None]:
    """Within, what this thread starts may work on all cores, as a build does."""
    if not _left:
        yield
        return
    own = available()
    os.sched_setaffinity(0, _left)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)
