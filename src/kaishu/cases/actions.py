"""The verbs that change a case: each in one transaction, each appending one event.

A change is a compare-and-set on the version seen: of two officers who decide at once one wins,
and the other gets Conflict.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction

from kaishu.base import clock
from kaishu.base.errors import Conflict
from kaishu.base.i18n import gettext as _
from kaishu.cases import numbers
from kaishu.cases.clock import reply_clock
from kaishu.cases.models import (
    Actor,
    Answer,
    Case,
    Delivery,
    Event,
    Kind,
    Outcome,
    State,
    Verb,
)
from kaishu.cases.transitions import after

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from kaishu.cases.portal import Now
    from kaishu.catalog.dataset import Dataset
    from kaishu.regulation.due import Due

_NUMBERS_TRIED = 5


@dataclass(frozen=True)
class Refusal:
    """不同意开放: the reason, and the basis where the regulation asks for one."""

    reason: str
    basis_title: str = ""
    basis_article: str = ""
    basis_level: str = ""


@dataclass(frozen=True)
class Handover:
    """What is delivered: a file's name and its content in blocks, or a link."""

    filename: str = ""
    blocks: Iterable[bytes] = ()
    link: str = ""


def submit(portal: Now, dataset: Dataset, fields: dict[str, Any], *, idempotency_key: str) -> Case:
    """File an application; the same key always gives the same case.

    `fields` are the applicant's own (see `Case`); the receipt is now (民法典 第二百零一条: the
    day of receipt does not count).
    """
    received = clock.now()
    reply = reply_clock(portal, received)
    due = reply.due
    cited = due.standing.regulation.id if due else portal.regulation.id
    code = numbers.code_for(idempotency_key, settings.SECRET_KEY)
    for _attempt in range(_NUMBERS_TRIED):
        try:
            with transaction.atomic():
                before = Case.objects.filter(idempotency_key=idempotency_key).first()
                if before is not None:
                    return before
                case = Case.objects.create(
                    number=numbers.new_number(received.date()),
                    code_hash=numbers.hash_of(code),
                    idempotency_key=idempotency_key,
                    kind=Kind.OPEN_APPLICATION,
                    state=State.SUBMITTED,
                    dataset_key=dataset.key,
                    dataset_title=dataset.descriptor.title,
                    department=dataset.department.id,
                    received_at=received,
                    regulation=cited,
                    rule=due.rule if due else "",
                    article=due.article if due else "",
                    clock=reply.clock,
                    due_date=due.due_date if due else None,
                    due_at=due.due_at if due else None,
                    provisional=due.provisional if due else False,
                    **fields,
                )
                data = {
                    "regulation": cited,
                    "rule": case.rule,
                    "calendar": portal.calendar.edition,
                    "due_date": case.due_date.isoformat() if case.due_date else None,
                    "provisional": case.provisional,
                }
                _append(case, Verb.SUBMIT, Actor.APPLICANT, received, data=data)
                return case
        except IntegrityError:
            # Either the number was taken, or the same form came twice at once: look again.
            continue
    raise Conflict(_("The application could not be numbered. Please send it again."))


def grant(case: Case, *, officer: str, message: str, handover: Handover | None) -> None:
    """同意开放, and deliver at once where there is something to hand over."""
    with transaction.atomic():
        moment = _move(case, Verb.GRANT)
        Answer.objects.create(
            case=case, outcome=Outcome.GRANTED, message=message, answered_at=moment
        )
        _append(case, Verb.GRANT, Actor.OFFICER, moment, officer)
        if handover is not None:
            _deliver(case, officer, handover)


def refuse(case: Case, *, officer: str, refusal: Refusal) -> None:
    """不同意开放 (营口 第二十九条: with the reason; 朔州 第二十五条: and the basis)."""
    with transaction.atomic():
        moment = _move(case, Verb.REFUSE)
        Answer.objects.create(
            case=case,
            outcome=Outcome.REFUSED,
            answered_at=moment,
            reason=refusal.reason,
            basis_title=refusal.basis_title,
            basis_article=refusal.basis_article,
            basis_level=refusal.basis_level,
        )
        _append(case, Verb.REFUSE, Actor.OFFICER, moment, officer)


def deliver(case: Case, *, officer: str, handover: Handover) -> None:
    """交付 after an earlier grant."""
    with transaction.atomic():
        _deliver(case, officer, handover)


def withdraw(case: Case) -> None:
    """The applicant takes the application back."""
    with transaction.atomic():
        moment = _move(case, Verb.WITHDRAW)
        _append(case, Verb.WITHDRAW, Actor.APPLICANT, moment)


def record_fetch(case: Case, delivery: Delivery) -> None:
    """The applicant fetched a delivery."""
    with transaction.atomic():
        moment = _move(case, Verb.FETCH)
        _append(case, Verb.FETCH, Actor.APPLICANT, moment, data={"delivery": delivery.pk})


def move_due_date(case: Case, found: Due, calendar: str) -> None:
    """Give a running case the due date `found` by a newer calendar, the edition `calendar`."""
    with transaction.atomic():
        moment = _move(case, Verb.RECOUNT)
        data = {
            "before": case.due_date.isoformat() if case.due_date else None,
            "due_date": found.due_date.isoformat(),
            "provisional": found.provisional,
            "calendar": calendar,
        }
        changed = {
            "due_date": found.due_date,
            "due_at": found.due_at,
            "provisional": found.provisional,
        }
        Case.objects.filter(pk=case.pk).update(**changed)
        _append(case, Verb.RECOUNT, Actor.PORTAL, moment, data=data)


def stored_path(delivery: Delivery) -> Path:
    """Where a delivered file lies, in the variable folder."""
    return Path(settings.KAISHU_VAR) / "deliveries" / delivery.stored


def _deliver(case: Case, officer: str, handover: Handover) -> None:
    moment = _move(case, Verb.DELIVER)
    delivery = Delivery(case=case, link=handover.link, delivered_at=moment)
    if handover.filename:
        _store(delivery, handover)
    delivery.save(force_insert=True)
    data = {"sha256": delivery.sha256, "bytes": delivery.bytes}
    _append(case, Verb.DELIVER, Actor.OFFICER, moment, officer, data)


def _store(delivery: Delivery, handover: Handover) -> None:
    # The name on disk is made here, so that no uploaded name can choose a path.
    delivery.stored = secrets.token_hex(16)
    delivery.filename = Path(handover.filename.replace("\\", "/")).name[:255]
    path = stored_path(delivery)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("xb") as target:
            for block in handover.blocks:
                target.write(block)
                digest.update(block)
                size += len(block)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    delivery.bytes, delivery.sha256 = size, digest.hexdigest()


def _move(case: Case, verb: Verb) -> dt.datetime:
    """Change the state if nobody else changed the case since it was read."""
    state = after(verb, case.state)
    changed = Case.objects.filter(pk=case.pk, version=case.version).update(
        state=state, version=case.version + 1
    )
    if not changed:
        raise Conflict(
            _("Somebody else changed this case a moment ago. Look at what happened, then decide.")
        )
    case.state, case.version = state, case.version + 1
    return clock.now()


def _append(
    case: Case,
    verb: Verb,
    actor: Actor,
    at: dt.datetime,
    actor_name: str = "",
    data: dict[str, Any] | None = None,
) -> None:
    Event.objects.create(
        case=case,
        sequence=case.version,
        at=at,
        verb=verb,
        actor=actor,
        actor_name=actor_name,
        data=data or {},
    )
