"""Upkeep: the full pass over the catalogue each quarter, and data updated in their own cycle."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.catalog.upkeep import next_update, quarter_end, quarter_start
from kaishu.regulation.duties import standing_duty
from kaishu.regulation.model import DutyId, Every
from kaishu.supervision.obligation import (
    Evidence,
    EvidenceKind,
    Obligation,
    ObligationKind,
    State,
)
from kaishu.supervision.record import commits, ground_of, untold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kaishu.history.git import Change
    from kaishu.supervision.record import Record

ONE_DAY = timedelta(days=1)


def maintenance(record: Record) -> Iterator[Obligation]:
    """A department's full pass over its entries, in the period before and in the running one.

    It is met when each entry was touched, or attested, by a commit of the period (营口 第十五条).
    For the period before, what was done since still counts, as late; entries that came later are
    none of it.
    """
    stands = standing_duty(record.regulation, DutyId.CATALOGUE_MAINTENANCE, record.as_of)
    if stands is None or stands.duty.every is None:
        return
    first, last = period(record.as_of, stands.duty.every)
    before = period(first - ONE_DAY, stands.duty.every)
    for start, end in (before, (first, last)):
        for department in record.catalog.portal.departments:
            keys = [one.key for one in record.of_department(department.id)]
            if start != first:
                keys = [key for key in keys if (day := record.began(key)) and day <= end]
            if not keys:
                continue
            done, found, outstanding = cared(record, keys, start)
            yield Obligation(
                id=f"{ObligationKind.CATALOGUE_MAINTENANCE}/{department.id}/{start}",
                kind=ObligationKind.CATALOGUE_MAINTENANCE,
                department=department.id,
                subject=_("Full maintenance of {n} entries, {first} to {last}").format(
                    n=len(keys), first=start, last=end
                ),
                ground=ground_of(stands),
                due=end,
                state=State.OPEN if record.told else State.UNKNOWN,
                done=done,
                evidence=commits(found),
                outstanding=outstanding,
                remark="" if record.told else untold(record),
            )


def cared(
    record: Record, keys: Iterable[str], since: date
) -> tuple[date | None, list[Change], tuple[str, ...]]:
    """When the last of `keys` had been touched or attested, by which commits; those still to be.

    Of each entry the first commit since the day `since` counts. The day is None while some are
    outstanding, and where history does not tell.
    """
    found: list[Change] = []
    outstanding = []
    for key in keys:
        care = record.care_of(key, since, record.as_of)
        if care:
            found.append(care[-1])
        else:
            outstanding.append(key)
    if not record.told:
        return None, [], ()
    found.sort(key=lambda one: one.time)
    done = found[-1].time.date() if found and not outstanding else None
    return done, found, tuple(outstanding)


def period(day: date, every: Every) -> tuple[date, date]:
    """The first and the last day of the quarter or year in which `day` lies."""
    if every is Every.QUARTER:
        return quarter_start(day), quarter_end(day)
    return date(day.year, 1, 1), date(day.year, 12, 31)


def data_updates(record: Record) -> Iterator[Obligation]:
    """The next update of each dataset whose declared cycle has a length.

    Counted from the last commit that changed its data, else from the day that its entry states.
    Of data that are not here, only what their entry states is known.
    """
    stands = standing_duty(record.regulation, DutyId.DATA_UPKEEP, record.as_of)
    for dataset in record.current:
        entry = dataset.entry
        change = next(iter(record.data.get(dataset.key, ())), None)
        updated = change.time.date() if change else entry.modified
        # Any day will do to ask whether the cycle has a length.
        if next_update(record.as_of, entry.update_cycle) is None:
            continue
        if updated is None and not dataset.is_open:
            continue
        if change:
            evidence = commits([change])
        else:
            evidence = (Evidence(EvidenceKind.FILE, dataset.file),) if updated else ()
        yield Obligation(
            id=f"{ObligationKind.DATA_UPDATE}/{dataset.key}",
            kind=ObligationKind.DATA_UPDATE,
            department=dataset.department.id,
            subject=_("Update of “{title}” ({cycle})").format(
                title=dataset.descriptor.title, cycle=entry.update_cycle.label
            ),
            ground=ground_of(stands) if stands else None,
            due=next_update(updated, entry.update_cycle),
            state=State.OPEN if updated else State.UNKNOWN,
            evidence=evidence,
            outstanding=(dataset.key,),
            remark="" if updated else _never(record),
        )


def _never(record: Record) -> str:
    return _("No commit has its data yet.") if record.told else untold(record)
