"""All obligations of a portal on one day, the most pressing first."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kaishu.catalog.load import load
from kaishu.history.git import History
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.supervision import answers, changes, upkeep, yearly
from kaishu.supervision.obligation import State, judged
from kaishu.supervision.record import Record

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.supervision.obligation import Obligation

_SOURCES = (
    upkeep.maintenance,
    changes.updates,
    upkeep.data_updates,
    changes.notices,
    yearly.plans,
    yearly.reports,
    answers.answers,
)


def record_of(root: Path, as_of: date) -> Record:
    """What is on record about the portal in `root`.

    Raises InvalidFiles, NotFound or HistoryError where the portal, its regulation or its history
    cannot be read.
    """
    catalog = load(root)
    regulation = library.load(catalog.portal.regulation, root)
    return Record.take(catalog, History.open(root), regulation, WorkingCalendar.load(root), as_of)


def obligations(record: Record) -> tuple[Obligation, ...]:
    """Every obligation as it stands on the record's day, by state, due date and id."""
    found = [
        judged(one, record.as_of, record.calendar) for source in _SOURCES for one in source(record)
    ]
    order = list(State)
    return tuple(sorted(found, key=lambda o: (order.index(o.state), o.due or date.max, o.id)))
