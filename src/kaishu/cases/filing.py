"""The applicant's verbs: file, correct within ten minutes, withdraw, supplement, dispute.

Filing is one transaction of plain inserts: the case, its first event, its mail. The same
idempotency key always gives the same case.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import IntegrityError

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import Conflict, NotAllowed
from kaishu.base.i18n import gettext as _
from kaishu.cases import chain, duplicates, encryption, notices, numbers
from kaishu.cases.clock import ReplyClock, is_overdue, is_sent_directly, reply_clock
from kaishu.cases.inserts import new, ready
from kaishu.cases.models import INDEXED, Case, Event
from kaishu.cases.steps import APPLICANT, clock_columns, clock_facts, open_until, save, step, write
from kaishu.cases.storage import insert, writing
from kaishu.cases.transitions import is_open
from kaishu.cases.words import ANSWERED, Clock, Kind, State, Verb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from django.db.models import Model

    from kaishu.cases.portal import Now
    from kaishu.cases.records import Attachment, Mark
    from kaishu.catalog.dataset import Dataset

# 适老化 (工信厅信管函〔2021〕67号): what was submitted can be taken back or changed for a while.
CORRECTABLE: Final = timedelta(minutes=10)
_NUMBERS_TRIED = 5


@dataclass
class Filing:
    """What is to be filed: `statement` as the form gives it, `dataset` None for a demand.

    `about` is the case that a dispute is against; `undertaking` the version accepted; `files`
    say what each attachment is (see `records.mark`); `proof` is the digest of the proof of work it
    came with, and `beside` makes the rows that are stored with the case (see `intake`).
    """

    kind: Kind
    statement: dict[str, Any] = field(default_factory=dict)
    dataset: Dataset | None = None
    about: Case | None = None
    undertaking: str = ""
    files: tuple[Mark, ...] = ()
    proof: str | None = None
    beside: Callable[[Case], list[Model]] = lambda _case: []


class Spent(Conflict):
    """What came with the form cannot be stored: another form has used it before."""


def file(portal: Now, filing: Filing, *, idempotency_key: str) -> Case:
    """File a case; the receipt is now (民法典 第二百零一条: the day of receipt does not count).

    Raises NotAllowed for a dispute that is not open: see `may_dispute`; Spent.
    """
    if filing.about is not None and not may_dispute(filing.about):
        raise NotAllowed(_("Only an answer, or its lateness, can be disputed, and only once."))
    received = clock.now()
    code = numbers.code_for(idempotency_key, settings.SECRET_KEY)
    key = encryption.keyed("idempotency", idempotency_key)
    for _attempt in range(_NUMBERS_TRIED):
        case, event = _new(portal, filing, received, code, key)
        mails = notices.of_event(case, event, code=code)
        rows = ready((case, event, *filing.beside(case), *duplicates.pieces(case), *mails))
        try:
            if filing.about is None:
                insert(rows)
            else:
                # The case against which the dispute is filed must be as it was seen.
                seen = {"dispute": case.number}
                told = step(filing.about, Verb.DISPUTE, APPLICANT, data=seen)
                with writing():
                    insert(rows)
                    save(told)
        except IntegrityError:
            # The same form came before, or at this very moment; or else the number was taken.
            before = Case.objects.filter(idempotency_key=key).first()
            if before is not None:
                return before
            if filing.proof and Case.objects.filter(proof=filing.proof).exists():
                raise Spent(
                    _("The form was sent with a proof that another form has used.")
                ) from None
            if filing.about is not None:
                filing.about.refresh_from_db()
            continue
        return case
    raise Conflict(_("The application could not be numbered. Please send it again."))


def may_amend(case: Case) -> bool:
    """Whether the applicant may still correct what was filed."""
    return (
        is_open(Verb.AMEND, case.kind, case.state) and clock.now() - case.received_at < CORRECTABLE
    )


def amend(case: Case, statement: dict[str, Any]) -> None:
    """Replace what was stated, within ten minutes of filing and while nobody has taken it up."""
    if not may_amend(case):
        raise NotAllowed(_("The ten minutes to correct it have passed, or it is being handled."))
    # The salt stays: attachments and words that came before are committed to with it.
    salt, columns = case.salt, _sealed_columns(statement)
    columns["sealed"] = encryption.seal({"salt": salt, "statement": statement})
    data = {"statement": chain.commitment(salt, statement)}
    case.__dict__.pop("_words", None)
    amended = step(case, Verb.AMEND, APPLICANT, changes=columns, data=data)
    with writing():
        save(amended)
        duplicates.renew(case)


def withdraw(case: Case) -> None:
    """撤回: the applicant takes the case back, at any time before the answer."""
    withdrawn = step(case, Verb.WITHDRAW, APPLICANT)
    with writing():
        save(withdrawn)
        duplicates.forget(case)


def supplement(case: Case, words: str, attachments: Sequence[Attachment] = ()) -> None:
    """补充: what the officer asked for, in words and, where it takes them, with attachments."""
    files = [chain.commitment(case.salt, one.mark) for one in attachments]
    supplemented = step(
        case, Verb.SUPPLEMENT, APPLICANT, data={"files": files} if files else {}, words=words
    )
    for one in attachments:
        one.sequence = supplemented.event.sequence
    supplemented.rows.extend(attachments)
    write(supplemented)


def may_dispute(case: Case) -> bool:
    """Whether a dispute is open: against an answer or its lateness, one at a time."""
    if not is_open(Verb.DISPUTE, case.kind, case.state):
        return False
    if case.state not in ANSWERED and not is_overdue(case):
        return False
    return not case.disputes.exclude(state__in=[*ANSWERED, State.WITHDRAWN]).exists()


def _new(
    portal: Now, filing: Filing, received: datetime, code: str, key: str
) -> tuple[Case, Event]:
    """The case and its first event, computed and not yet stored."""
    number = numbers.new_number(received.astimezone(SHANGHAI).date())
    provider, department, found = _routed(portal, filing, received)
    salt = chain.new_salt()
    words = {"salt": salt, "statement": filing.statement}
    case = new(
        Case,
        number=number,
        access=numbers.access_of(number, code),
        idempotency_key=key,
        kind=filing.kind.value,
        state=State.SUBMITTED.value,
        about=filing.about,
        dataset_key=filing.dataset.key if filing.dataset else _dataset_of(filing),
        dataset_title=filing.dataset.descriptor.title if filing.dataset else _title_of(filing),
        provider=provider,
        department=department,
        sealed=encryption.seal(words),
        undertaking=filing.undertaking,
        proof=filing.proof,
        received_at=received,
        started_at=None if found.clock is Clock.NONE else received,
        **clock_columns(found),
        **_sealed_columns(filing.statement),
    )
    case.open_due_on = open_until(case)
    # What has just been sealed need not be opened again.
    case.__dict__["_words"] = words
    data = {
        "kind": case.kind,
        "state": case.state,
        "provider": provider,
        "department": department,
        "dataset": case.dataset_key,
        "title": case.dataset_title,
        "about": filing.about.number if filing.about else "",
        "keys": case.keys_mark,
        "proof": filing.proof,
        "undertaking": filing.undertaking,
        "statement": chain.commitment(salt, filing.statement),
        "files": [chain.commitment(salt, file) for file in filing.files],
        **clock_facts(found, portal),
    }
    event = new(
        Event,
        case=case,
        sequence=1,
        at=received,
        verb=Verb.FILE.value,
        actor=APPLICANT.actor.value,
        data=data,
    )
    case.head = event.hash = chain.link(
        chain.start(number), sequence=1, at=received, verb=Verb.FILE, actor=APPLICANT.actor,
        actor_name="", data=data,
    )  # fmt: skip
    return case, event


def _routed(portal: Now, filing: Filing, received: datetime) -> tuple[str, str, ReplyClock]:
    """Whose data it is about, who holds it first (empty: the operator), and its clock."""
    provider = filing.dataset.department.id if filing.dataset else ""
    if filing.about is not None:
        provider = filing.about.provider
    found = reply_clock(portal, filing.kind, received)
    if filing.kind is Kind.OPEN_APPLICATION:
        return provider, provider, found
    if filing.kind is Kind.CORRECTION:
        if is_sent_directly(portal, received.astimezone(SHANGHAI).date()):
            return provider, provider, found
        # The provider's term starts when the provider receives it: nothing runs before.
        return provider, "", ReplyClock(Clock.NONE, portal.regulation.id)
    return provider, "", found


def _dataset_of(filing: Filing) -> str:
    return filing.about.dataset_key if filing.about else ""


def _title_of(filing: Filing) -> str:
    return filing.about.dataset_title if filing.about else ""


def _sealed_columns(statement: dict[str, Any]) -> dict[str, str]:
    return {
        f"{name}_index": encryption.blind(name, str(statement.get(name, ""))) for name in INDEXED
    }
