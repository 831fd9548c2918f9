"""Dates by the million, computed once: last days of a term, and working days between two days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from kaishu.regulation.due import last_day
from kaishu.regulation.model import TermUnit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Term


@dataclass(frozen=True, slots=True)
class DueTable:
    """The last day of a term by day of receipt, from the day numbered `first` (proleptic) on."""

    first: int
    last_days: tuple[date, ...]

    @classmethod
    def of(cls, term: Term, calendar: WorkingCalendar, first: date, last: date) -> DueTable:
        """The table of `term` for receipts from `first` to `last`, both included.

        Raises UsageError where a date would lie beyond the year 9999.
        """
        days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        if term.unit is not TermUnit.WORKING_DAY:
            return cls(first.toordinal(), tuple(last_day(term, day, calendar) for day in days))
        # One run over the working days replaces a count from every day of receipt.
        end = last_day(term, last, calendar)
        span = (first + timedelta(days=n) for n in range(1, (end - first).days + 1))
        working = [day for day in span if calendar.is_working(day)]
        found: list[date] = []
        after = 0
        for day in days:
            while working[after] <= day:
                after += 1
            found.append(working[after + term.amount - 1])
        return cls(first.toordinal(), tuple(found))

    def look_up(self, received: Iterable[date]) -> list[date]:
        """The last day for each day of receipt. Raises IndexError beyond the table."""
        table, first = self.last_days, self.first
        return [table[day.toordinal() - first] for day in received]


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """How many working days there are up to each day, from the day numbered `first` on."""

    first: int
    up_to: NDArray[np.int16]

    @classmethod
    def of(cls, calendar: WorkingCalendar, first: date, last: date) -> WorkingDays:
        """The counts for the days from `first` to `last`, both included."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        working = np.fromiter((calendar.is_working(day) for day in days), np.int16)
        return cls(first.toordinal(), np.cumsum(working, dtype=np.int16))

    def between(self, after: date, until: date) -> int:
        """Working days after the day `after`, up to `until` and with it; negative backwards.

        Raises IndexError beyond the table.
        """
        start, end = after.toordinal() - self.first, until.toordinal() - self.first
        if min(start, end) < 0:
            raise IndexError(min(after, until))
        return int(self.up_to[end] - self.up_to[start])

    def left(self, today: date, due: NDArray[np.int32]) -> NDArray[np.int16]:
        """Working days left until each day of `due` (proleptic ordinals); negative: days late.

        A day beyond the table counts as its nearest day.
        """
        counts = self.up_to.take(due - np.int32(self.first), mode="clip")
        counts -= self.up_to[today.toordinal() - self.first]
        return counts
