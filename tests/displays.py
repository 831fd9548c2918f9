"""A display of progress for tests, in place of a terminal."""

from __future__ import annotations


class Seen:
    """Remembers what it was told: words and total, 7 for each step, -7 at the end."""

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
