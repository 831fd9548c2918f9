"""What a table's columns hold, in numbers: counted in the pass that writes its files."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaishu.packaging.values import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.packaging.model import PublishedField

# Beyond this many different values a column is only said to have more.
DISTINCT_COUNTED = 10_000
TOP = 5
BINS = 20
_SHOWN = 80
_NUMBERS = frozenset((int, float, Decimal))
# A longer text is counted by its beginning and its hash, so that memory stays bounded.
_LONG = 200
# Beyond this, a column has no mean and no histogram: their bounds would be no doubles.
_WIDEST = 1e300


class Profile:
    """The profile of one table, row by row; memory is bounded whatever its length."""

    def __init__(self, fields: Sequence[PublishedField]) -> None:
        self.rows = 0
        self._columns = [_Column(field) for field in fields]

    def row(self, values: Sequence[Any]) -> None:
        """Count one row."""
        self.rows += 1
        for column, value in zip(self._columns, values, strict=True):
            column.see(value)

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready: `rows`, and for each of `columns`:

        - `name`, `type`; `nulls`; `distinct`, and `more`: whether there are more than were counted.
        - `min`, `max` of numbers, dates and times; `mean` of numbers; as texts.
        - `top`: the commonest values with their counts, where some occur more than once.
        - `histogram` of numbers: `low`, `high` and the counts of equal bins in between.
        """
        return {"rows": self.rows, "columns": [column.as_dict() for column in self._columns]}


class _Column:
    def __init__(self, field: PublishedField) -> None:
        self.name, self.type = field.name, field.type
        self.nulls = self.numbers = 0
        self.counts: Counter[Any] = Counter()
        self.more = self.beyond = False
        self.low: Any = None
        self.high: Any = None
        self.total: Any = 0
        self.histogram = Histogram()

    def see(self, value: Any) -> None:
        kind = type(value)
        if kind is not str:
            if value is None:
                self.nulls += 1
                return
            if kind in _NUMBERS:
                if not _is_finite(value):
                    return
                if -_WIDEST < value < _WIDEST:
                    self.numbers += 1
                    self.total += value
                    self.histogram.add(float(value))
                else:
                    self.beyond = True
            if kind is list or kind is dict:
                value = as_text(value)
            elif kind is not bool:
                self._range(value)
        if not self.more:
            self.counts[_brief(value)] += 1
            self.more = len(self.counts) > DISTINCT_COUNTED

    def _range(self, value: Any) -> None:
        if self.low is None:
            self.low = self.high = value
            return
        try:
            if value < self.low:
                self.low = value
            elif value > self.high:
                self.high = value
        except TypeError:
            # Times with and without a zone cannot be compared; the range keeps to the first.
            return

    def as_dict(self) -> dict[str, Any]:
        found: dict[str, Any] = {"name": self.name, "type": self.type, "nulls": self.nulls}
        found |= {"distinct": min(len(self.counts), DISTINCT_COUNTED), "more": self.more}
        if self.low is not None:
            found |= {"min": as_text(self.low), "max": as_text(self.high)}
        if self.numbers and not self.beyond:
            found["mean"] = f"{float(Decimal(self.total) / self.numbers):.6g}"
            if self.histogram.width:
                found["histogram"] = self.histogram.as_dict()
        top = [] if self.more else self.counts.most_common(TOP)
        if top and top[0][1] > 1:
            # The order of equal counts is that of the values' texts, not of their hashes.
            listed = sorted(top, key=lambda one: (-one[1], as_text(one[0])))
            found["top"] = [[as_text(value)[:_SHOWN], count] for value, count in listed]
        return found


def _is_finite(value: float | Decimal) -> bool:
    if type(value) is int:
        return True
    return value.is_finite() if isinstance(value, Decimal) else math.isfinite(value)


def _brief(value: Any) -> Any:
    if type(value) is not str or len(value) <= _LONG:
        return value
    return value[:_SHOWN] + hashlib.sha256(value.encode(errors="replace")).hexdigest()


class Histogram:
    """Counts in equal bins whose range doubles when a value lies outside; nothing is read twice."""

    def __init__(self) -> None:
        self.low = self.width = 0.0
        self.bins = [0] * BINS
        self._same = 0

    def add(self, value: float) -> None:
        """Count one finite value."""
        if not self.width:
            self._begin(value)
            return
        while value < self.low:
            self._double(down=True)
        while value >= self.low + self.width * BINS:
            self._double(down=False)
        self.bins[min(int((value - self.low) / self.width), BINS - 1)] += 1

    def as_dict(self) -> dict[str, Any]:
        """`low` and `high` of the bins that hold anything, and their counts."""
        used = [n for n, count in enumerate(self.bins) if count]
        first, last = (used[0], used[-1]) if used else (0, 0)
        low = self.low + self.width * first
        high = self.low + self.width * (last + 1)
        return {
            "low": float(f"{low:.6g}"),
            "high": float(f"{high:.6g}"),
            "counts": self.bins[first : last + 1],
        }

    def _begin(self, value: float) -> None:
        """Until two values differ there is no width to choose."""
        if not self._same:
            self.low = value
        if value == self.low or not self._same:
            self._same += 1
            return
        first, count = self.low, self._same
        self.low = min(first, value)
        # A little wider than the two, so that both lie inside.
        self.width = abs(value - first) / (BINS / 2) or 1.0
        self.bins[min(int((first - self.low) / self.width), BINS - 1)] += count
        self.bins[min(int((value - self.low) / self.width), BINS - 1)] += 1

    def _double(self, *, down: bool) -> None:
        half = BINS // 2
        merged = [self.bins[2 * n] + self.bins[2 * n + 1] for n in range(half)]
        empty = [0] * half
        if down:
            self.low -= self.width * BINS
        self.bins = empty + merged if down else merged + empty
        self.width *= 2
