"""What returns each year: the opening plan and what it promises, and the annual report."""

from __future__ import annotations

import calendar
from datetime import date
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness
from kaishu.regulation.duties import standing_duty
from kaishu.regulation.model import DutyId
from kaishu.supervision.obligation import Evidence, EvidenceKind, Obligation, ObligationKind, State
from kaishu.supervision.record import commits, ground_of, untold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.catalog.plans import Plan, PlanItem
    from kaishu.regulation.duties import StandingDuty
    from kaishu.supervision.record import Record

REPORTS = "governance/reports"
REPORT_FORMS = ("md", "docx", "pdf")


def plans(record: Record) -> Iterator[Obligation]:
    """Each department's opening plan of the year, and every item of the plans there are.

    A plan is made when the year's file names the department and is committed; the day is that of
    the file's first commit. Where the text names no day, it is the last of the year.
    """
    stands = standing_duty(record.regulation, DutyId.OPENING_PLAN, record.as_of)
    if stands is not None and stands.duty.every is not None:
        for department in record.catalog.portal.departments:
            yield _plan(record, stands, department.id)
    for plan in record.plans:
        for item in plan.said.items:
            yield _opening(record, stands, plan, item)


def _plan(record: Record, stands: StandingDuty, department: str) -> Obligation:
    year = record.as_of.year
    plan = next((one for one in record.plans if one.said.year == year), None)
    named = plan is not None and any(one.department == department for one in plan.said.items)
    first = record.files.get(plan.file, ())[-1:] if plan and named else ()
    unknown = named and not record.told
    return Obligation(
        id=f"{ObligationKind.OPENING_PLAN}/{department}/{year}",
        kind=ObligationKind.OPENING_PLAN,
        department=department,
        subject=_("Opening plan for {year}").format(year=year),
        ground=ground_of(stands),
        due=_day(year, *(stands.duty.until or (12, 31))),
        state=State.UNKNOWN if unknown else State.OPEN,
        done=first[0].time.date() if first else None,
        evidence=commits(first),
        remark=untold(record) if unknown else "",
    )


def _opening(record: Record, stands: StandingDuty | None, plan: Plan, item: PlanItem) -> Obligation:
    """One item: done on the day of the first commit that had the dataset's data."""
    key = record.current_key(item.dataset or "")
    dataset = record.catalog.by_key.get(key)
    # What was opened and later withdrawn was opened.
    opened = dataset is not None and dataset.openness is Openness.UNCONDITIONAL
    first = record.data.get(key, ())[-1:] if opened else ()
    remark = ""
    if item.dataset is None:
        remark = _("The plan names no dataset yet, so nothing tells whether it is open.")
    elif opened and not record.told:
        remark = untold(record)
    return Obligation(
        id=f"{ObligationKind.PLANNED_OPENING}/{plan.said.year}/{item.dataset or item.title}",
        kind=ObligationKind.PLANNED_OPENING,
        department=item.department,
        subject=_("Opening of “{title}” as planned for {year}").format(
            title=item.title, year=plan.said.year
        ),
        ground=ground_of(stands) if stands else None,
        due=plan.due(item),
        state=State.UNKNOWN if remark else State.OPEN,
        done=first[0].time.date() if first else None,
        evidence=commits(first) or (Evidence(EvidenceKind.FILE, plan.file),),
        outstanding=() if first or item.dataset is None else (item.dataset,),
        remark=remark,
    )


def reports(record: Record) -> Iterator[Obligation]:
    """The annual reports due in this year and in the next one (伊川 第三十九条).

    Met by `governance/reports/<year>/<department>.md`, `.docx` or `.pdf`, or by the one report
    `governance/reports/<year>.…` for all departments, from its first commit on.
    """
    stands = standing_duty(record.regulation, DutyId.ANNUAL_REPORT, record.as_of)
    if stands is None:
        return
    since = record.since()
    for year in (record.as_of.year - 1, record.as_of.year):
        until = stands.duty.until
        due = _day(year + 1, *until) if until else None
        # A year that had ended before the portal began is none of its reports.
        if since is not None and since.year > year:
            continue
        for department in record.catalog.portal.departments:
            yield _report(record, stands, year, due, department.id)


def _report(
    record: Record, stands: StandingDuty, year: int, due: date | None, department: str
) -> Obligation:
    paths = [
        f"{REPORTS}/{name}.{form}"
        for name in (f"{year}/{department}", str(year))
        for form in REPORT_FORMS
    ]
    first = [record.files[path][-1] for path in paths if path in record.files][:1]
    there = any((record.catalog.root / path).is_file() for path in paths)
    # Without a history nothing tells whether there was a portal to report on in an earlier year.
    unknown = not record.told and (there or year < record.as_of.year)
    return Obligation(
        id=f"{ObligationKind.ANNUAL_REPORT}/{department}/{year}",
        kind=ObligationKind.ANNUAL_REPORT,
        department=department,
        subject=_("Report on {year}").format(year=year),
        ground=ground_of(stands),
        due=due,
        state=State.UNKNOWN if unknown else State.OPEN if due else State.NO_TERM,
        done=first[0].time.date() if first else None,
        evidence=commits(first),
        remark=untold(record) if unknown else "",
    )


def _day(year: int, month: int, day: int) -> date:
    """The day of that year, or the month's last where it is too short."""
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))
