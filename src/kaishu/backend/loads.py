"""How much each process of a server has to do, so that connections come to be shared out evenly.

The system gives new connections to processes by chance, and a client keeps its own. A process that
has clearly more to answer than the others lets go of a connection after its answer (RFC 9112, 9.6):
whoever held it opens another, which may come to one of the others.
"""

from __future__ import annotations

import mmap
from typing import Final

# A quarter more than the processes have in hand on average, and one, are too many. Less evens out by
# itself: a connection that is let go may come back to the same process, and costs both sides.
_SHARE: Final = 1.25
_ABOVE: Final = 1


class Loads:
    """The number of requests that each of so many processes has in hand, in memory that they share."""

    def __init__(self, processes: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, 4 * processes)).cast("i")

    def tell(self, place: int, count: int) -> None:
        """The process of this number has so many in hand."""
        self._counts[place] = count

    def lets_go(self, place: int) -> bool:
        """Whether the process of this number is to let go of a connection now."""
        counts = self._counts
        if counts[place] <= sum(counts) / len(counts) * _SHARE + _ABOVE:
            return False
        # It counts as gone at once, so that of many answers not all let go.
        counts[place] -= 1
        return True
