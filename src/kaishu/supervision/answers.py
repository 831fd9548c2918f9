"""Answers and verifications due, from the public register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.regulation.model import TermUnit
from kaishu.supervision.obligation import (
    Evidence,
    EvidenceKind,
    Ground,
    Obligation,
    ObligationKind,
    State,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.supervision.record import Record


def answers(record: Record) -> Iterator[Obligation]:
    """Every case of the register that is open on the day; its due date is the register's own.

    Lateness is counted in working days, as at the desk.
    """
    for case in record.cases:
        if case.received.date() > record.as_of:
            continue
        answered = case.answered.date() if case.answered else None
        if answered is not None and answered <= record.as_of:
            continue
        if answered is None and case.outcome is not None:
            continue
        yield Obligation(
            id=f"{ObligationKind.CASE}/{case.number}",
            kind=ObligationKind.CASE,
            department=case.department or None,
            subject=_("{kind} {number}, received {day}").format(
                kind=case.kind.label, number=case.number, day=case.received.date()
            ),
            ground=Ground(case.regulation, case.article) if case.article else None,
            due=case.due,
            state=State.OPEN if case.due else State.NO_TERM,
            unit=TermUnit.WORKING_DAY,
            provisional=case.provisional,
            evidence=(Evidence(EvidenceKind.CASE, case.number),),
            outstanding=(case.dataset,) if case.dataset else (),
        )
