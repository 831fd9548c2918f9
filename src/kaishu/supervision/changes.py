"""Changes: the catalogue follows law and duties, the operator reviews, users are told ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.catalog import reviews
from kaishu.catalog.events import EventKind
from kaishu.regulation.before import latest_notice
from kaishu.regulation.due import due
from kaishu.regulation.duties import standing_duty
from kaishu.regulation.model import DutyId, RuleId, TermUnit
from kaishu.regulation.standing import standing
from kaishu.supervision.obligation import (
    Evidence,
    EvidenceKind,
    Ground,
    Obligation,
    ObligationKind,
    State,
)
from kaishu.supervision.record import commits, ground_of, untold
from kaishu.supervision.upkeep import cared

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.catalog.events import Event
    from kaishu.history.git import Change
    from kaishu.regulation.duties import StandingDuty
    from kaishu.supervision.record import Record


def updates(record: Record) -> Iterator[Obligation]:
    """Each department's update after a change of law or duties, then the operator's review.

    The update is met when each entry affected was touched, or attested as needing no change, by a
    commit since the day of the event. Its review runs from then.
    """
    for event in record.events:
        if event.said.kind is EventKind.CHANGE:
            continue
        for department in event.departments():
            keys = affected(record, event, department)
            done, found, outstanding = cared(record, keys, event.said.date)
            name = _name(record, department)
            longer = any(
                one.department == department and one.date <= record.as_of
                for one in event.said.extended
            )
            update = _term(record, RuleId.CATALOGUE_UPDATE, event.said.date, extended=longer)
            yield Obligation(
                id=f"{ObligationKind.CATALOGUE_UPDATE}/{event.slug}/{department}",
                kind=ObligationKind.CATALOGUE_UPDATE,
                department=department,
                subject=_("{name}: update of the entries affected by “{title}”").format(
                    name=name, title=event.said.title
                ),
                ground=update.ground,
                due=update.due,
                state=update.state if record.told else State.UNKNOWN,
                unit=update.unit,
                provisional=update.provisional,
                done=done,
                evidence=commits(found),
                outstanding=outstanding,
                remark="" if record.told else untold(record),
            )
            if done is not None:
                yield _review(record, event, department, name, keys, done)


def _review(
    record: Record, event: Event, department: str, name: str, keys: list[str], updated: date
) -> Obligation:
    rule = _term(record, RuleId.CATALOGUE_REVIEW, updated)
    done, evidence = _reviewed(record, event, department, keys, updated)
    return Obligation(
        id=f"{ObligationKind.CATALOGUE_REVIEW}/{event.slug}/{department}",
        kind=ObligationKind.CATALOGUE_REVIEW,
        department=None,
        subject=_("Review of what {name} updated after “{title}”").format(
            name=name, title=event.said.title
        ),
        ground=rule.ground,
        due=rule.due,
        state=rule.state,
        unit=rule.unit,
        provisional=rule.provisional,
        done=done,
        evidence=evidence,
        outstanding=() if done else tuple(keys),
    )


def _reviewed(
    record: Record, event: Event, department: str, keys: list[str], updated: date
) -> tuple[date | None, tuple[Evidence, ...]]:
    """When the operator had reviewed: as the event file says, else by approvals of each entry."""
    said = [
        one.date
        for one in event.said.reviewed
        if one.department == department and updated <= one.date <= record.as_of
    ]
    if said:
        return min(said), (Evidence(EvidenceKind.FILE, event.file),)
    approvals: list[Change] = []
    for key in keys:
        given = [
            change
            for path, changes in record.files.items()
            if path.startswith(f"{reviews.FOLDER}/{key}/")
            for change in changes
            if change.time.date() >= updated
        ]
        if not given:
            return None, ()
        approvals.append(min(given, key=lambda one: one.time))
    approvals.sort(key=lambda one: one.time)
    return (approvals[-1].time.date() if approvals else None), commits(approvals)


def affected(record: Record, event: Event, department: str) -> list[str]:
    """The department's entries that the event touches: all of them where it is named itself."""
    keys = [
        record.current_key(key)
        for key in event.said.datasets
        if key.partition("/")[0] == department
    ]
    if department in event.said.departments:
        keys += [one.key for one in record.of_department(department)]
    return list(dict.fromkeys(keys))


@dataclass(frozen=True, slots=True)
class _Term:
    """What a rule sets for an act; `due` is None where it sets no term."""

    ground: Ground | None
    due: date | None = None
    unit: TermUnit = TermUnit.WORKING_DAY
    provisional: bool = False

    @property
    def state(self) -> State:
        return State.NO_TERM if self.due is None else State.OPEN


def _term(record: Record, rule: RuleId, start: date, *, extended: bool = False) -> _Term:
    """The term of `rule` that runs from the day `start`, extended as far as the rule lets it be."""
    stands = standing(record.regulation, rule, start)
    if stands is None:
        return _Term(None)
    ground = Ground(stands.regulation.id, stands.rule.article, stands.rule.quote)
    if stands.rule.term is None:
        return _Term(ground)
    extended = extended and stands.rule.extension is not None
    moment = datetime.combine(start, time())
    found = due(record.regulation, rule, moment, record.calendar, extended=extended)
    return _Term(ground, found.due_date, stands.rule.term.unit, found.provisional)


def notices(record: Record) -> Iterator[Obligation]:
    """Notice to users ahead of a change that affects them, counted backwards from its day.

    For an entry with `publish_on`, the entry itself is the notice: it is public from its first
    commit.
    """
    stands = standing_duty(record.regulation, DutyId.CHANGE_NOTICE, record.as_of)
    for event in record.events:
        effective = event.said.effective
        if event.said.kind is not EventKind.CHANGE or effective is None:
            continue
        noticed = event.said.noticed
        done = noticed if noticed is not None and noticed <= record.as_of else None
        change = next(iter(record.files.get(event.file, ())), None)
        evidence = (Evidence(EvidenceKind.FILE, event.file), *commits([change] if change else []))
        for department in event.departments():
            subject = _("Notice to users of “{title}”, in effect on {day}").format(
                title=event.said.title, day=effective
            )
            name = f"{event.slug}/{department}"
            yield _notice(
                record, stands, name, department, subject, effective, done, evidence if done else ()
            )
    if stands is None or stands.duty.ahead is None:
        return
    for dataset in record.current:
        day = dataset.entry.publish_on
        if day is None:
            continue
        first = record.entries.get(dataset.key, ())[-1:]
        subject = _("Notice to users that “{title}” opens on {day}").format(
            title=dataset.descriptor.title, day=day
        )
        began = record.began(dataset.key)
        yield _notice(
            record, stands, dataset.key, dataset.department.id, subject, day, began, commits(first),
            told=record.told,
        )  # fmt: skip


def _notice(
    record: Record,
    stands: StandingDuty | None,
    name: str,
    department: str,
    subject: str,
    act: date,
    done: date | None,
    evidence: tuple[Evidence, ...],
    *,
    told: bool = True,
) -> Obligation:
    ahead = stands.duty.ahead if stands else None
    latest = latest_notice(ahead, act, record.calendar) if ahead else None
    state = State.OPEN if latest else State.NO_TERM
    return Obligation(
        id=f"{ObligationKind.CHANGE_NOTICE}/{name}",
        kind=ObligationKind.CHANGE_NOTICE,
        department=department,
        subject=subject,
        ground=ground_of(stands) if stands else None,
        due=latest.date if latest else None,
        state=state if told else State.UNKNOWN,
        provisional=latest is not None and latest.provisional,
        done=done,
        evidence=evidence,
        remark="" if told else untold(record),
    )


def _name(record: Record, department: str) -> str:
    found = record.catalog.portal.department(department)
    return found.name if found else department
