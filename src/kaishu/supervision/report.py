"""The draft of an annual report: every figure with how it was computed (伊川 第三十九条).

What only people can tell is left for them to write, and marked. The catalogue is that of the
day of writing; openings, obligations and cases are those of the year.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from statistics import median
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness, Sharing
from kaishu.catalog.register import Kind, Outcome
from kaishu.supervision import listing
from kaishu.supervision.obligation import ObligationKind, State
from kaishu.supervision.obligations import obligations

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Department
    from kaishu.catalog.register import RegisteredCase
    from kaishu.supervision.obligation import Obligation
    from kaishu.supervision.record import Record

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, then paragraphs, then a table (its first row the head) where there is one."""

    title: str
    paragraphs: tuple[str, ...] = ()
    table: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A report as its forms are written from it; `day` is the last day that it speaks of."""

    title: str
    by: str
    day: date
    sections: tuple[Section, ...]


def draft(record: Record, year: int, department: Department | None = None) -> Report:
    """The draft for `year`: of one department, or of the whole portal.

    `record` is to be taken on the last day of that year, or on today where it is still running.
    """
    portal = record.catalog.portal
    by = department.name if department else portal.operator.name
    datasets = [
        one
        for one in record.catalog.datasets
        if department is None or one.department.id == department.id
    ]
    cases = [
        one
        for one in record.cases
        if one.received.year == year and (department is None or one.department == department.id)
    ]
    owed = [
        one
        for one in obligations(record)
        if (department is None or one.department == department.id)
        and one.kind is not ObligationKind.ANNUAL_REPORT
    ]
    return Report(
        title=_("{by}: report on the management of government data in {year} (draft)").format(
            by=by, year=year
        ),
        by=by,
        day=record.as_of,
        sections=(
            _preface(record),
            _catalogue(datasets),
            _openings(record, datasets, year),
            _obligations(owed, record),
            _overdue(record, owed),
            _cases(cases, record.as_of),
            _to_be_written(),
        ),
    )


def _preface(record: Record) -> Section:
    paragraphs = [
        _("This is a draft made from the portal's records; it has not been reviewed or issued."),
        _("It speaks of the portal {portal} on {day}, under {regulation}.").format(
            portal=record.catalog.portal.title,
            day=record.as_of,
            regulation=f"《{record.regulation.title}》",
        ),
    ]
    if not record.told:
        paragraphs.append(_("What rests on history is unknown: the whole git history is missing."))
    return Section(_("About this draft"), tuple(paragraphs))


def _figures(rows: Iterable[tuple[str, int | float | str, str]]) -> tuple[Row, ...]:
    head = (_("Measure"), _("Number"), _("How it was computed"))
    return (head, *((name, str(value), how) for name, value, how in rows))


def _catalogue(datasets: Sequence[Dataset]) -> Section:
    current = [one for one in datasets if one.entry.withdrawn is None]
    openness = Counter(one.openness for one in current)
    sharing = Counter(one.entry.sharing.type for one in current)
    rows: list[tuple[str, int | float | str, str]] = [
        (
            _("Catalogue entries"),
            len(current),
            _("Entries in the catalogue, withdrawn ones not counted"),
        )
    ]
    by_openness = _("Entries by openness.type")
    rows += [(word.label, openness[word], by_openness) for word in Openness]
    by_sharing = _("Entries by sharing.type")
    rows += [(word.label, sharing[word], by_sharing) for word in Sharing]
    withdrawn = len(datasets) - len(current)
    rows.append((_("Withdrawn"), withdrawn, _("Entries with a date of withdrawal")))
    return Section(_("The catalogue"), (), _figures(rows))


def _openings(record: Record, datasets: Sequence[Dataset], year: int) -> Section:
    rows: list[Row] = [(_("Dataset"), _("Department"), _("Opened on"), _("Commit"))]
    for one in datasets:
        changes = record.data.get(one.key, ())
        if one.is_open and changes and changes[-1].time.year == year:
            first = changes[-1]
            commit = first.commit[: listing.SHOWN_HASH]
            rows.append((one.descriptor.title, one.department.name, str(first.time.date()), commit))
    said = _("Datasets opened in {year}: {n}, by the first commit that had their data.").format(
        year=year, n=len(rows) - 1
    )
    return Section(_("Openings of the year"), (said,), tuple(rows) if len(rows) > 1 else ())


def _obligations(owed: Sequence[Obligation], record: Record) -> Section:
    count = Counter((one.kind, one.state) for one in owed)
    late = Counter(one.kind for one in owed if one.state is State.MET and one.late)
    head = (_("Obligation"), *(state.label for state in State), _("Met late"))
    rows = [
        (kind.label, *(str(count[kind, state]) for state in State), str(late[kind]))
        for kind in ObligationKind
        if any(one.kind is kind for one in owed)
    ]
    said = _(
        "As they stood on {day}, computed from catalogue, git history, regulation, calendar and "
        "register (kaishu obligations --as-of {day})."
    ).format(day=record.as_of)
    return Section(_("Obligations"), (said,), (head, *rows) if rows else ())


def _overdue(record: Record, owed: Sequence[Obligation]) -> Section:
    overdue = [one for one in owed if one.state is State.OVERDUE]
    if not overdue:
        return Section(_("What is overdue"), (_("None."),))
    head = (_("Last day"), _("Responsible"), _("Obligation"), _("Article"), _("State"))
    rows = [
        (
            listing.due_in_words(one),
            listing.responsible(record, one),
            one.subject,
            listing.article(record, one),
            one.state_in_words(),
        )
        for one in overdue
    ]
    return Section(_("What is overdue"), (), (head, *rows))


def _cases(cases: Sequence[RegisteredCase], day: date) -> Section:
    head = (
        _("Kind"), _("Received"), _("Replies sent"), _("Granted"), _("Granted in part"), _("Refused"),
        _("Withdrawn by the applicant"), _("Late"), _("Median days to answer"),
    )  # fmt: skip
    rows = []
    for kind in Kind:
        mine = [one for one in cases if one.kind is kind]
        if not mine:
            continue
        ended = Counter(one.outcome for one in mine)
        days = [
            (one.answered.date() - one.received.date()).days
            for one in mine
            if one.answered and one.outcome is not Outcome.WITHDRAWN
        ]
        outcomes = (Outcome.GRANTED, Outcome.GRANTED_IN_PART, Outcome.REFUSED, Outcome.WITHDRAWN)
        rows.append(
            (
                kind.label,
                str(len(mine)),
                str(len(days)),
                *(str(ended[outcome]) for outcome in outcomes),
                str(sum(one.is_late(day) for one in mine)),
                f"{median(days):g}" if days else "—",
            )
        )
    said = _(
        "Cases of the public register received in the year. Late: answered after the last day, or "
        "unanswered after it. Days to answer: calendar days from receipt."
    )
    return Section(_("Applications and corrections"), (said,), (head, *rows) if rows else ())


def _to_be_written() -> Section:
    return Section(
        _("To be written"),
        (
            _("[To be written: organisation and staff, what was done well, what was difficult.]"),
            _("[To be written: what is planned for the next year.]"),
        ),
    )
