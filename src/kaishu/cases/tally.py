"""Reply times as rollups: one row a year, kind and department, so that no page counts cases.

A row is counted anew from the cases when the worker sweeps; between sweeps it may be an hour old.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases.models import Case, Event
from kaishu.cases.records import Tally
from kaishu.cases.storage import writing
from kaishu.regulation.table import WorkingDays

if TYPE_CHECKING:
    from datetime import date

    from kaishu.cases.portal import Now
    from kaishu.regulation.calendar import WorkingCalendar


@dataclass(frozen=True, slots=True)
class Tallied:
    """Cases received in one year, of one kind, with one department.

    `days` counts answers by the working days they took.
    """

    year: int
    kind: str
    department: str
    received: int
    late: int
    outcomes: dict[str, int]
    days: dict[int, int] = field(default_factory=dict)

    @property
    def answered(self) -> int:
        """Cases with an answer."""
        return sum(self.days.values())

    @property
    def median(self) -> float | None:
        """The median of the working days that answers took."""
        return median_of(self.days)

    @property
    def longest(self) -> int | None:
        """The working days that the longest answer took."""
        return max(self.days, default=None)


def read() -> list[Tallied]:
    """All rollups, newest year first."""
    return [
        Tallied(
            row.year, row.kind, row.department, row.received, row.late, row.outcomes,
            {int(days): count for days, count in row.days.items()},
        )
        for row in Tally.objects.order_by("-year", "kind", "department")
    ]  # fmt: skip


def median_of(days: dict[int, int]) -> float | None:
    """The median of values given with how often each occurs."""
    total = sum(days.values())
    if not total:
        return None
    seen, low = 0, None
    for value in sorted(days):
        seen += days[value]
        if low is None and seen * 2 >= total:
            if seen * 2 > total:
                return float(value)
            low = value
        elif low is not None:
            return (low + value) / 2
    return float(low or 0)


def refresh(portal: Now) -> int:
    """Count every rollup anew; how many there are."""
    counted = _counted(portal.calendar)
    with writing():
        Tally.objects.all().delete()
        Tally.objects.bulk_create(counted)
    return len(counted)


def refresh_if_changed(portal: Now) -> int:
    """Count anew where anything happened since this process last did; how many rollups it wrote."""
    global _seen
    newest = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    if newest == _seen:
        return 0
    written = refresh(portal)
    _seen = newest
    return written


_seen: int | None = None


def _counted(calendar: WorkingCalendar) -> list[Tally]:
    found: dict[tuple[int, str, str], Tally] = {}
    days: dict[tuple[int, str, str], Counter[int]] = defaultdict(Counter)
    columns = (
        "kind", "department", "provider", "state", "received_at", "answered_at", "due_at",
        "answer__outcome",
    )  # fmt: skip
    working = _span(calendar)
    for row in Case.objects.values_list(*columns).iterator(chunk_size=5000):
        kind, department, provider, state, received, answered, due, outcome = row
        key = (received.astimezone(SHANGHAI).year, kind, department or provider)
        one = found.setdefault(
            key, Tally(year=key[0], kind=kind, department=key[2], outcomes={}, days={})
        )
        one.received += 1
        ended = outcome or (state if state == "withdrawn" else "")
        if ended:
            one.outcomes[ended] = one.outcomes.get(ended, 0) + 1
        if answered is not None:
            days[key][working.between(_day(received), _day(answered))] += 1
            one.late += due is not None and answered >= due
    for key, counts in days.items():
        found[key].days = {str(n): counts[n] for n in sorted(counts)}
    return [found[key] for key in sorted(found)]


def _span(calendar: WorkingCalendar) -> WorkingDays:
    """Working days from the first receipt until today."""
    first = Case.objects.order_by("received_at").values_list("received_at", flat=True).first()
    today = clock.today()
    return WorkingDays.of(calendar, min(_day(first), today) if first else today, today)


def _day(moment: Any) -> date:
    day: date = moment.astimezone(SHANGHAI).date()
    return day
