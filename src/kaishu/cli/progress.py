"""Progress on the terminal: a bar for each long piece of work, with what is left and how long.

Where standard error is no terminal, nothing is written at all.
"""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from kaishu.base import progress

if TYPE_CHECKING:
    from collections.abc import Iterator


class Bars:
    """A line that says what is going on, and a bar for each piece of work that can be counted."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._phase: TaskID | None = None

    def say(self, words: str) -> None:
        """Another phase of the command has begun."""
        if self._phase is not None:
            self._bars.remove_task(self._phase)
        self._phase = self._bars.add_task(words, total=None)

    def begin(self, words: str, total: int) -> int:
        """See Display."""
        self._show_phase(shown=False)
        return self._bars.add_task(words, total=total)

    def advance(self, work: int) -> None:
        """See Display."""
        self._bars.advance(TaskID(work))

    def end(self, work: int) -> None:
        """See Display."""
        self._bars.remove_task(TaskID(work))
        self._show_phase(shown=True)

    def _show_phase(self, *, shown: bool) -> None:
        if self._phase is not None:
            self._bars.update(self._phase, visible=shown)


@contextlib.contextmanager
def shown() -> Iterator[Bars]:
    """Within, the terminal shows how far the work has come; afterwards the bars are gone."""
    bars = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty(),
    )
    display = Bars(bars)
    with bars, progress.shown_by(display):
        yield display
