"""Bars as inline SVG, made while the pages are: lengths are attributes, as no style may be inline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

FULL = 100.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar, from `x` for `width`, of a full length of 100; `kind` names its colour."""

    kind: str
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart: what it is of, where that is, its numbers and its parts."""

    label: str
    path: str
    numbers: tuple[tuple[str, int], ...]
    segments: tuple[Segment, ...]

    @property
    def total(self) -> int:
        """All of its numbers together."""
        return sum(n for _kind, n in self.numbers)


def bars(rows: Sequence[tuple[str, str, Sequence[tuple[str, int]]]]) -> list[Bar]:
    """A bar for each row (label, path, numbers by kind), all to the scale of the longest."""
    longest = max((sum(n for _kind, n in numbers) for _label, _path, numbers in rows), default=0)
    return [
        Bar(label, path, tuple(numbers), _segments(numbers, longest))
        for label, path, numbers in rows
    ]


def share(value: float, kind: str = "share") -> tuple[Segment, ...]:
    """The bar of a share from 0 to 1."""
    return (Segment(kind, 0.0, round(FULL * min(max(value, 0.0), 1.0), 2)),)


def _segments(numbers: Sequence[tuple[str, int]], longest: int) -> tuple[Segment, ...]:
    found = []
    x = 0.0
    for kind, n in numbers:
        if n:
            width = FULL * n / longest
            found.append(Segment(kind, round(x, 2), round(width, 2)))
            x += width
    return tuple(found)
