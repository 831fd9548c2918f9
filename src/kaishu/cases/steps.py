"""One change of a case: looked up in the table, computed whole, then written if nobody was faster.

A step knows its columns, its event in the chain, what was written along the way and the mail to
the applicant before any transaction begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from kaishu.base import clock
from kaishu.base.errors import Conflict, NotAllowed
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.cases import chain, encryption, notices, outbox
from kaishu.cases.models import NO_TERM, Case, Event, Note
from kaishu.cases.storage import writing
from kaishu.cases.transitions import after
from kaishu.cases.words import CONSENTED, UNANSWERED, Actor, Clock, Kind, Role, Verb

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import Model

    from kaishu.cases.clock import ReplyClock
    from kaishu.cases.models import OutgoingMail
    from kaishu.cases.portal import Now


@dataclass(frozen=True)
class By:
    """Who acts: `name` is an account's, empty for the applicant and the portal."""

    actor: Actor
    name: str = ""


PORTAL = By(Actor.PORTAL)
APPLICANT = By(Actor.APPLICANT)
CHANGED = N_("Somebody else changed this case a moment ago. Look at what happened, then decide.")


@dataclass
class Step:
    """One change of a case, computed and not yet written: columns, event, rows beside it."""

    case: Case
    seen: int
    changes: dict[str, Any]
    event: Event
    rows: list[Model] = field(default_factory=list)
    mails: list[OutgoingMail] = field(default_factory=list)


def acting(role: str, name: str) -> By:
    """Who acts from the desk. Raises NotAllowed for an auditor, who changes nothing."""
    if role == Role.AUDITOR:
        raise NotAllowed(_("An auditor reads everything and changes nothing."))
    return By(Actor(role), name)


def step(
    case: Case,
    verb: Verb,
    by: By,
    *,
    changes: dict[str, Any] | None = None,
    data: dict[str, Any] | None = None,
    words: str = "",
    text: str = "",
    code: str = "",
) -> Step:
    """The change that `verb` makes of the case as it was read, computed and not yet written.

    `words` are kept beside the event, which holds a commitment to them; `text` is what the mail
    tells. Afterwards `case` is as the step leaves it. Raises NotAllowed where the table has no
    such step.
    """
    state = after(verb, case.kind, case.state, by.actor)
    now, seen, sequence = clock.now(), case.version, case.version + 1
    said = {"state": state.value, **(data or {})}
    rows: list[Model] = []
    if words:
        salt = case.salt
        said["words"] = chain.commitment(salt, words)
        rows.append(Note(case=case, sequence=sequence, sealed=encryption.seal({"text": words})))
    event = Event(
        case=case, sequence=sequence, at=now, verb=verb, actor=by.actor,
        actor_name=by.name, data=said,
    )  # fmt: skip
    event.hash = chain.link(
        case.head, sequence=sequence, at=now, verb=verb, actor=by.actor,
        actor_name=by.name, data=said,
    )  # fmt: skip
    changed = {**(changes or {}), "state": state.value, "version": sequence, "head": event.hash}
    moved = state != case.state
    for name, value in changed.items():
        setattr(case, name, value)
    changed["open_due_on"] = case.open_due_on = open_until(case)
    if moved and case.open_due_on is None:
        changed["ended_at"] = case.ended_at = now
    if verb in (Verb.GRANT, Verb.GRANT_IN_PART, Verb.REFUSE):
        changed["answered_at"] = case.answered_at = now
    mails = notices.of_event(case, event, text=text or words, code=code)
    return Step(case, seen, changed, event, rows, mails)


def write(*steps: Step) -> None:
    """Write steps in one transaction, all or none. Raises Conflict where a case has changed."""
    with writing():
        for one in steps:
            save(one)


def save(one: Step) -> None:
    """Write one step in the transaction at hand. Raises Conflict where the case has changed."""
    changed = Case.objects.filter(pk=one.case.pk, version=one.seen).update(**one.changes)
    if not changed:
        raise Conflict(_(CHANGED))
    one.event.save(force_insert=True)
    for row in one.rows:
        row.save(force_insert=True)
    outbox.queue(one.mails)


def open_until(case: Case) -> dt.date | None:
    """The last day by which the office owes something; NO_TERM without a term, None if nothing."""
    if case.state in UNANSWERED:
        return case.due_date or NO_TERM
    if case.state in CONSENTED and case.kind == Kind.OPEN_APPLICATION:
        return (case.due_date if case.clock == Clock.DELIVERY else None) or NO_TERM
    return None


def clock_columns(found: ReplyClock) -> dict[str, Any]:
    """A clock as columns of a case."""
    return {
        "regulation": found.regulation,
        "rule": found.rule,
        "article": found.article,
        "clock": found.clock.value,
        "promised": found.promise is not None,
        "due_date": found.due_date,
        "due_at": found.due_at,
        "provisional": found.provisional,
    }


def clock_facts(found: ReplyClock, portal: Now) -> dict[str, Any]:
    """A clock as an event tells it: the rule, the calendar's edition, the due date."""
    return {
        "regulation": found.regulation,
        "rule": found.rule,
        "article": found.article,
        "clock": found.clock.value,
        "promised": found.promise is not None,
        "calendar": portal.calendar.edition,
        "due_date": found.due_date.isoformat() if found.due_date else None,
        "due_at": found.due_at.isoformat() if found.due_at else None,
        "provisional": found.provisional,
    }
