"""The verbs that change a case: each in one transaction, each appending one event.

Everything is computed before the transaction begins; a change is a compare-and-set on the
version seen: of two officers who decide at once one wins, and the other gets Conflict.
`filing` has the applicant's verbs.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from kaishu.base import clock
from kaishu.base.errors import NotAllowed, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cases import chain
from kaishu.cases.clock import (
    approver,
    delivery_clock,
    extended_clock,
    extension_of,
    refusal_states,
    reply_clock,
)
from kaishu.cases.models import Answer, Case, Delivery
from kaishu.cases.steps import (
    PORTAL,
    By,
    Step,
    clock_columns,
    clock_facts,
    save,
    step,
    write,
)
from kaishu.cases.storage import writing
from kaishu.cases.words import Actor, Kind, Outcome, Reason, Verb

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from kaishu.cases.clock import ReplyClock
    from kaishu.cases.portal import Now


@dataclass(frozen=True)
class Refusal:
    """不同意: the code and the reason, and the basis where the regulation asks for one."""

    reason: str
    reason_code: str
    basis_title: str = ""
    basis_article: str = ""
    basis_level: str = ""
    released: bool = False


@dataclass(frozen=True)
class Handover:
    """What is delivered: a file's name and its content in blocks, or a link.

    `until` ends its use, `fetch_limit` says how often it may be fetched; None where not set.
    """

    filename: str = ""
    blocks: Iterable[bytes] = ()
    link: str = ""
    until: dt.datetime | None = None
    fetch_limit: int | None = None


def accept(case: Case, by: By) -> None:
    """受理: the case is taken up; the clock runs as it did."""
    write(step(case, Verb.ACCEPT, by))


def pass_on(portal: Now, case: Case, by: By, department: str) -> None:
    """转交: the operator passes it on; the provider's term starts now, at its receipt."""
    _known(portal, department)
    if case.department:
        raise NotAllowed(_("It has reached a department already; the term does not begin anew."))
    found = reply_clock(portal, Kind(case.kind), clock.now())
    changes = {"department": department, **clock_columns(found), "started_at": clock.now()}
    data = {"department": department, **clock_facts(found, portal)}
    write(step(case, Verb.PASS_ON, by, changes=changes, data=data))


def transfer(portal: Now, case: Case, by: By, department: str, words: str) -> None:
    """转办: another department is the right one; the clock runs on."""
    _known(portal, department)
    if department == case.department:
        raise UsageError(_("The case is with this department already."))
    if not case.department:
        raise NotAllowed(_("The operator passes it on; only then does a department's term begin."))
    changes, data = {"department": department}, {"department": department}
    write(step(case, Verb.TRANSFER, by, changes=changes, data=data, words=words))


def ask(case: Case, by: By, words: str) -> None:
    """补充材料: a question to the applicant; no rule stops the clock, so it runs on."""
    write(step(case, Verb.ASK, by, words=words))


def extend(portal: Now, case: Case, by: By, amount: int, words: str) -> None:
    """延期, once, by whom the rule names, within its limit; the applicant is told by mail.

    Raises NotAllowed where the rule gives no extension or names another approver.
    """
    extension = extension_of(case, portal)
    if extension is None:
        raise NotAllowed(_("The regulation gives no extension here, or it has been used."))
    if approver(extension) is not by.actor:
        raise NotAllowed(_("Only {who} may agree to it.").format(who=extension.approver))
    if case.due_at is not None and clock.now() >= case.due_at:
        raise NotAllowed(_("The term has ended; it can no longer be extended."))
    found = extended_clock(case, portal, amount)
    changes = {
        "due_date": found.due_date,
        "due_at": found.due_at,
        "provisional": found.provisional,
        "extended_by": amount,
    }
    data = {
        "before": case.due_date.isoformat() if case.due_date else None,
        "due_date": found.due_date.isoformat(),
        "due_at": found.due_at.isoformat(),
        "provisional": found.provisional,
        "calendar": portal.calendar.edition,
        "article": extension.article,
        "by": amount,
    }
    write(step(case, Verb.EXTEND, by, changes=changes, data=data, words=words))


def grant(
    portal: Now,
    case: Case,
    by: By,
    message: str,
    *,
    in_part: Refusal | None = None,
    handover: Handover | None = None,
) -> None:
    """同意, in whole or in part, with the data at once where they are at hand (营口 第二十九条).

    `in_part` says why the rest is not granted. Where a term of delivery stands, it runs on.
    """
    if in_part is not None:
        _may_refuse(portal, by)
        _complete(in_part, refusal_states(case, portal))
    verb = Verb.GRANT_IN_PART if in_part else Verb.GRANT
    outcome = Outcome.GRANTED_IN_PART if in_part else Outcome.GRANTED
    now = clock.now()
    runs_on = None
    if case.kind == Kind.OPEN_APPLICATION:
        runs_on = delivery_clock(portal, case.started_at or case.received_at, now)
    changes = clock_columns(runs_on) if runs_on else {}
    data = clock_facts(runs_on, portal) if runs_on else {}
    written = _answer(case, outcome, now, message, in_part)
    decided = step(case, verb, by, changes=changes, data={**data, **written[1]}, text=message)
    decided.rows.append(written[0])
    if handover is None:
        write(decided)
        return
    delivery = _stored(case, handover)
    with _undone_with(delivery), writing():
        save(decided)
        save(_delivering(case, by, delivery))


def refuse(portal: Now, case: Case, by: By, refusal: Refusal, *, message: str = "") -> None:
    """不同意 (营口 第二十九条: with the reason; 朔州 第二十五条: and the basis).

    Raises NotAllowed where the portal leaves refusals to heads; UsageError where it lacks what
    the regulation asks for.
    """
    _may_refuse(portal, by)
    _complete(refusal, refusal_states(case, portal))
    answer, data = _answer(case, Outcome.REFUSED, clock.now(), message, refusal)
    decided = step(case, Verb.REFUSE, by, data=data, text=refusal.reason)
    decided.rows.append(answer)
    write(decided)


def deliver(case: Case, by: By, handover: Handover) -> None:
    """交付 after a grant, or once more."""
    delivery = _stored(case, handover)
    with _undone_with(delivery):
        write(_delivering(case, by, delivery))


def revoke(case: Case, by: By, words: str) -> None:
    """收回 on misuse: what was delivered can no longer be fetched here."""
    revoked = step(case, Verb.REVOKE, by, words=words)
    with writing():
        save(revoked)
        Delivery.objects.filter(case=case, revoked_at=None).update(revoked_at=revoked.event.at)


def expire(case: Case) -> None:
    """到期: the term of use has ended."""
    write(step(case, Verb.EXPIRE, PORTAL))


def close(case: Case, by: By) -> None:
    """办结."""
    write(step(case, Verb.CLOSE, by))


def release(case: Case, by: By) -> None:
    """The reason of a refusal holds nothing personal: the public register may show it."""
    answer = case.answer
    released = step(case, Verb.RELEASE, by, data={"reason_sha256": _published(answer)})
    with writing():
        save(released)
        Answer.objects.filter(pk=answer.pk).update(released=True)


def move_due_date(case: Case, found: ReplyClock, calendar: str) -> None:
    """Give a running case the due date `found` by a newer calendar, the edition `calendar`."""
    if found.due_date is None:
        raise UsageError(_("There is no date to move to."))
    data = {
        "before": case.due_date.isoformat() if case.due_date else None,
        "due_date": found.due_date.isoformat(),
        "due_at": found.due_at.isoformat() if found.due_at else None,
        "provisional": found.provisional,
        "calendar": calendar,
    }
    changes = {
        "due_date": found.due_date,
        "due_at": found.due_at,
        "provisional": found.provisional,
    }
    write(step(case, Verb.RECOUNT, PORTAL, changes=changes, data=data))


def stored_path(delivery: Delivery) -> Path:
    """Where a delivered file lies, in the variable folder."""
    return Path(settings.KAISHU_VAR) / "deliveries" / delivery.stored


def _may_refuse(portal: Now, by: By) -> None:
    if portal.catalog.portal.backend.refusals == "head" and by.actor is Actor.OFFICER:
        raise NotAllowed(_("Here the head of the department decides on refusals."))


def _complete(refusal: Refusal, states: frozenset[str]) -> None:
    """A refusal without its reason, or its basis where one is asked for, is never stored."""
    if not refusal.reason.strip() or refusal.reason_code not in list(Reason):
        raise UsageError(_("A refusal states its reason."))
    basis = (refusal.basis_title, refusal.basis_article, refusal.basis_level)
    if "basis" in states and not all(basis):
        raise UsageError(_("Here a refusal states its basis."))


def _known(portal: Now, department: str) -> None:
    if portal.catalog.portal.department(department) is None:
        raise UsageError(_("There is no department “{id}”.").format(id=department))


def _answer(
    case: Case, outcome: Outcome, now: dt.datetime, message: str, refusal: Refusal | None
) -> tuple[Answer, dict[str, Any]]:
    """The answer, and what its event says of it: codes and basis, a commitment to the texts."""
    said = asdict(refusal) if refusal else {}
    answer = Answer(case=case, outcome=outcome, answered_at=now, message=message, **said)
    public = {name: said[name] for name in said if name not in ("reason", "released")}
    data = {
        "outcome": outcome.value,
        "answer": chain.commitment(case.salt, [answer.message, answer.reason]),
        "released": answer.released,
        **public,
    }
    if answer.released:
        data["reason_sha256"] = _published(answer)
    return answer, data


def _published(answer: Answer) -> str:
    """What stands in an event for a reason that anybody may read, and that stays."""
    return hashlib.sha256(answer.reason.encode()).hexdigest()


def _delivering(case: Case, by: By, delivery: Delivery) -> Step:
    data = {
        "sha256": delivery.sha256,
        "bytes": delivery.bytes,
        "link": chain.commitment(case.salt, delivery.link) if delivery.link else "",
        "filename": chain.commitment(case.salt, delivery.filename) if delivery.filename else "",
        "until": delivery.expires_at.isoformat() if delivery.expires_at else None,
        "fetch_limit": delivery.fetch_limit,
    }
    delivering = step(case, Verb.DELIVER, by, data=data)
    delivery.delivered_at = delivering.event.at
    delivering.rows.append(delivery)
    return delivering


def _stored(case: Case, handover: Handover) -> Delivery:
    """The delivery, its file stored; no transaction waits for the bytes."""
    delivery = Delivery(
        case=case,
        link=handover.link,
        expires_at=handover.until,
        fetch_limit=handover.fetch_limit,
    )
    if not handover.filename:
        return delivery
    # The name on disk is made here, so that no uploaded name can choose a path.
    delivery.stored = secrets.token_hex(16)
    delivery.filename = Path(handover.filename.replace("\\", "/")).name[:255]
    path = stored_path(delivery)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with _undone_with(delivery), path.open("xb") as target:
        for block in handover.blocks:
            target.write(block)
            digest.update(block)
            size += len(block)
        target.flush()
        os.fsync(target.fileno())
    delivery.bytes, delivery.sha256 = size, digest.hexdigest()
    return delivery


class _undone_with:  # noqa: N801 - used as a statement
    """Removes the stored file where what follows does not succeed."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery

    def __enter__(self) -> None:
        return None

    def __exit__(self, error: type[BaseException] | None, *_rest: object) -> None:
        if error is not None and self.delivery.stored:
            stored_path(self.delivery).unlink(missing_ok=True)
