"""When a dataset's next update is due, by its update cycle; the quarters of a year."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kaishu.base.vocabulary import UpdateCycle
from kaishu.catalog.content import stored

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.history.git import Change, History

_DAYS = {UpdateCycle.DAILY: 1, UpdateCycle.WEEKLY: 7}
_MONTHS = {
    UpdateCycle.MONTHLY: 1,
    UpdateCycle.QUARTERLY: 3,
    UpdateCycle.HALF_YEARLY: 6,
    UpdateCycle.YEARLY: 12,
}


def next_update(updated: date | None, cycle: UpdateCycle) -> date | None:
    """The day by which the next update is due; None where the cycle or history sets none.

    A month too short for the day ends the term on its last day (民法典 第二百零二条).
    """
    if updated is None:
        return None
    if cycle in _DAYS:
        return updated + timedelta(days=_DAYS[cycle])
    if cycle not in _MONTHS:
        return None
    years, month = divmod(updated.month - 1 + _MONTHS[cycle], 12)
    year, month = updated.year + years, month + 1
    return date(year, month, min(updated.day, calendar.monthrange(year, month)[1]))


def quarter_start(day: date) -> date:
    """The first day of the quarter in which `day` lies."""
    return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


def quarter_end(day: date) -> date:
    """The last day of the quarter in which `day` lies."""
    month = 3 * ((day.month - 1) // 3) + 3
    return date(day.year, month, calendar.monthrange(day.year, month)[1])


def last_updates(
    catalog: Catalog, history: History, *, only: Collection[str] | None = None
) -> dict[str, date]:
    """When each dataset's data last changed: by git where it tells, else as its entry states.

    Data in a store changed when their hash was written into the entry. With `only`, git is asked
    of these datasets alone.
    """
    folders = ["datasets"] if only is None else [f"datasets/{key}/data" for key in sorted(only)]
    changes = history.all_changes(*folders, owner=_owner)
    days = {}
    for dataset in catalog.datasets:
        named = [history.written(dataset.file, one.digest) for one in stored(dataset.raw)]
        times = [
            one.time for one in (_newest(dataset, changes, history), *named) if one is not None
        ]
        day = max(times).date() if times else dataset.entry.modified
        if day is not None:
            days[dataset.key] = day
    return days


def _newest(
    dataset: Dataset, changes: Mapping[str, tuple[Change, ...]], history: History
) -> Change | None:
    """The newest change of a dataset's data; a move to its address alone (机构改革) is none."""
    own = changes.get(dataset.key, ())
    for alias in dataset.entry.aliases if len(own) == 1 else ():
        before = changes.get(alias, ())
        moved = [n for n, one in enumerate(before[:-1]) if one.commit == own[0].commit]
        if moved:
            earlier = before[moved[0] + 1]
            was = history.tree(earlier.commit, f"datasets/{alias}/data")
            if was and was == history.tree(own[0].commit, f"datasets/{dataset.key}/data"):
                return earlier
    return own[0] if own else None


def _owner(path: str) -> str | None:
    """The dataset whose data lie at `path`; its entry alone is no version of the data."""
    parts = path.split("/")
    return "/".join(parts[1:3]) if len(parts) > 4 and parts[3] == "data" else None
