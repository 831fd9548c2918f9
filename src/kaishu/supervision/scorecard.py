"""Scorecards (评分表): the figures of each department and of the whole portal.

营口 第三十六条 and 伊川 第三十七条 have sharing and opening evaluated; the figures here are those
that the catalogue, its check and the public register give by themselves.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import Severity
from kaishu.base.vocabulary import Openness
from kaishu.catalog.register import Kind, Outcome
from kaishu.catalog.upkeep import next_update
from kaishu.supervision.measures import Definition, Facts, Figure, Measure, Unit, share

if TYPE_CHECKING:
    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Department
    from kaishu.catalog.register import RegisteredCase
    from kaishu.packaging.model import Package


@dataclass(frozen=True, slots=True)
class Scorecard:
    """The figures of one department, or of the whole portal where `department` is None."""

    department: Department | None
    measures: tuple[Measure, ...]

    def measure(self, id_: str) -> Measure | None:
        """The figure of this id; None where it is not one of a department's."""
        return next((one for one in self.measures if one.id == id_), None)


def scorecards(facts: Facts) -> list[Scorecard]:
    """The portal's scorecard, then one for each department, in the order of catalog.yaml."""
    cards = [Scorecard(None, tuple(one.measure(facts) for one in DEFINITIONS))]
    for department in facts.catalog.portal.departments:
        own = facts.of(department)
        shown = (one for one in DEFINITIONS if one.for_departments)
        cards.append(Scorecard(department, tuple(one.measure(own) for one in shown)))
    return cards


def holds_data(package: Package) -> bool:
    """Whether there is something to take: a table with rows, or a file that is no table."""
    tables = {table.resource for table in package.tables}
    return any(table.row_count for table in package.tables) or any(
        file.resource is not None and file.resource not in tables for file in package.files
    )


def in_cycle(facts: Facts) -> Figure | None:
    """Open datasets whose next update is not yet overdue, of those that have one."""
    due = {one.key: next_update(facts.updated.get(one.key), one.entry.update_cycle)
           for one in facts.opened}  # fmt: skip
    timed = {key: day for key, day in due.items() if day is not None}
    current = [key for key, day in timed.items() if day >= facts.as_of]
    late = {facts.catalog.by_key[key].descriptor.title: (facts.as_of - day).days
            for key, day in timed.items() if day < facts.as_of}  # fmt: skip
    return share(current, timed, late)


def _with_data(facts: Facts) -> Figure | None:
    return share(
        [one for one in facts.opened if holds_data(facts.packages[one.key])], facts.entries
    )


def _departments(facts: Facts) -> Figure | None:
    owners = {one.department.id for one in facts.entries}
    without = [one.name for one in facts.departments if one.id not in owners]
    return share(owners, facts.departments, without)


def _quality(facts: Facts) -> Figure | None:
    keys = {one.key for one in facts.entries}
    wrong = [
        one for one in facts.problems if one.severity is not Severity.NOTE and one.dataset in keys
    ]
    flawed = {one.dataset for one in wrong}
    return share(keys - flawed, keys, Counter(one.code for one in wrong))


def _restricted_entries(facts: Facts) -> list[Dataset]:
    return [one for one in facts.entries if one.openness is not Openness.UNCONDITIONAL]


def _restricted(facts: Facts) -> Figure | None:
    found = _restricted_entries(facts)
    return share(found, facts.entries, Counter(one.openness.label for one in found))


def _restricted_with_basis(facts: Facts) -> Figure | None:
    found = _restricted_entries(facts)
    return share([one for one in found if one.entry.openness.basis], found)


def _cases(facts: Facts, kind: Kind) -> list[RegisteredCase]:
    """Cases of a kind; those that their applicants withdrew say nothing of the department."""
    return [one for one in facts.cases if one.kind is kind and one.outcome is not Outcome.WITHDRAWN]


def in_time(facts: Facts, kind: Kind) -> Figure | None:
    """Cases answered by their last day, of those that are answered or past it."""
    due = [
        one
        for one in _cases(facts, kind)
        if one.due is not None and (one.answered is not None or one.is_late(facts.as_of))
    ]
    return share([one for one in due if not one.is_late(facts.as_of)], due)


def median_days(facts: Facts, kind: Kind) -> Figure | None:
    """The median of the working days that answers took."""
    days = [n for one in _cases(facts, kind) if (n := facts.working_days(one)) is not None]
    return Figure(median(days), whole=len(days)) if days else None


def _refused(facts: Facts) -> Figure | None:
    decided = [one for one in _cases(facts, Kind.OPEN_APPLICATION) if one.outcome is not None]
    refused = [one for one in decided if one.outcome is Outcome.REFUSED]
    reasons = Counter(one.reason or _("No reason stated") for one in refused)
    return share(refused, decided, reasons)


ENTRIES_WITH_DATA = Definition(
    "entries-with-data",
    N_("Entries with data to take"),
    N_("Entries that are open to all and hold data, among all entries of the catalogue."),
    Unit.SHARE,
    _with_data,
)
IN_CYCLE = Definition(
    "in-cycle",
    N_("Updated within their cycle"),
    N_(
        "Open datasets whose next update is not overdue, among those whose cycle sets a day for "
        "it and whose last update is known."
    ),
    Unit.SHARE,
    in_cycle,
)
APPLICATIONS_IN_TIME = Definition(
    "applications-in-time",
    N_("Applications answered in time"),
    N_(
        "Applications to open that were answered by their last day, among those answered or past "
        "that day, by the public register."
    ),
    Unit.SHARE,
    lambda facts: in_time(facts, Kind.OPEN_APPLICATION),
)
APPLICATION_DAYS = Definition(
    "application-days",
    N_("Median time to an answer"),
    N_(
        "The median of the working days from the receipt of an application to open to its answer, "
        "by the public register; the day of receipt is not counted."
    ),
    Unit.WORKING_DAYS,
    lambda facts: median_days(facts, Kind.OPEN_APPLICATION),
)
DEFINITIONS = (
    ENTRIES_WITH_DATA,
    Definition(
        "departments-with-entries",
        N_("Departments with entries"),
        N_("Departments with at least one entry in the catalogue, among all departments."),
        Unit.SHARE,
        _departments,
        for_departments=False,
    ),
    IN_CYCLE,
    Definition(
        "without-findings",
        N_("Without errors and warnings"),
        N_("Entries in which the check finds neither an error nor a warning, among all entries."),
        Unit.SHARE,
        _quality,
    ),
    Definition(
        "restricted",
        N_("Restricted entries"),
        N_("Entries that are opened on request or not open, among all entries."),
        Unit.SHARE,
        _restricted,
    ),
    Definition(
        "restricted-with-basis",
        N_("Restrictions with a published basis"),
        N_("Restricted entries whose basis is published, among all restricted entries."),
        Unit.SHARE,
        _restricted_with_basis,
    ),
    APPLICATIONS_IN_TIME,
    APPLICATION_DAYS,
    Definition(
        "refused",
        N_("Applications refused"),
        N_("Applications to open that were refused, among those decided, by the public register."),
        Unit.SHARE,
        _refused,
    ),
    Definition(
        "corrections-in-time",
        N_("Corrections answered in time"),
        N_(
            "Corrections of data that were answered by their last day, among those answered or past "
            "that day, by the public register."
        ),
        Unit.SHARE,
        lambda facts: in_time(facts, Kind.CORRECTION),
    ),
    Definition(
        "correction-days",
        N_("Median time to a correction"),
        N_(
            "The median of the working days from the receipt of a correction to its answer, by the "
            "public register; the day of receipt is not counted."
        ),
        Unit.WORKING_DAYS,
        lambda facts: median_days(facts, Kind.CORRECTION),
    ),
)
