"""What the applicant is told by mail, and when: one short text an event."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from kaishu.base import formats
from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.cases import outbox
from kaishu.cases.words import Kind, Verb, outcome_label

if TYPE_CHECKING:
    from kaishu.cases.models import Case, Event, OutgoingMail

# What each event is called in the subject; of the others no mail is sent.
_SUBJECTS: Final[dict[Verb, str]] = {
    Verb.FILE: N_("Received: {kind} {number}"),
    Verb.AMEND: N_("Corrected: {kind} {number}"),
    Verb.WITHDRAW: N_("Withdrawn: {kind} {number}"),
    Verb.PASS_ON: N_("Passed on to the provider: {kind} {number}"),
    Verb.ASK: N_("A question about your {kind} {number}"),
    Verb.TRANSFER: N_("Transferred: {kind} {number}"),
    Verb.EXTEND: N_("Term extended: {kind} {number}"),
    Verb.GRANT: N_("Answered: {kind} {number}"),
    Verb.GRANT_IN_PART: N_("Answered: {kind} {number}"),
    Verb.REFUSE: N_("Answered: {kind} {number}"),
    Verb.DELIVER: N_("Data delivered: {kind} {number}"),
    Verb.REVOKE: N_("Delivery revoked: {kind} {number}"),
    Verb.EXPIRE: N_("Term of use ended: {kind} {number}"),
    Verb.RECOUNT: N_("Due date counted anew: {kind} {number}"),
}


def of_event(case: Case, event: Event, *, text: str = "", code: str = "") -> list[OutgoingMail]:
    """The mail to the applicant about `event`; none where no address was given.

    `case` is as the event leaves it; `text` is what the officer wrote, `code` the query code,
    which stands in the receipt alone.
    """
    verb, to = Verb(event.verb), case.statement.get("email")
    if not to or verb not in _SUBJECTS:
        return []
    kind = Kind(case.kind)
    subject = _(_SUBJECTS[verb]).format(kind=kind.label, number=case.number)
    # Mails of one time lie together in the index of their keys, where numbers are drawn at random.
    key = f"{event.at.timestamp():.6f}.case.{case.number}.{event.sequence}.applicant"
    return [outbox.prepare(key, to, subject, _body(case, verb, text, code), case)]


def _body(case: Case, verb: Verb, text: str, code: str) -> str:
    lines = [
        _("{kind} {number}: {what}").format(
            kind=Kind(case.kind).label, number=case.number, what=_said(case, verb)
        ),
        "",
    ]
    if code:
        lines += [_("Query code: {code}").format(code=code)]
    if case.due_date is not None and case.is_running:
        due = formats.long_date(case.due_date)
        words = _("Due: {date} (provisional)") if case.provisional else _("Due: {date}")
        lines += [words.format(date=due)]
    if text:
        lines += ["", text, ""]
    moment = formats.long_time(case.received_at.astimezone(SHANGHAI))
    lines += [
        _("Received at: {time}").format(time=moment),
        _("Where it stands: {address}").format(address=f"{_address()}/cases/track/"),
    ]
    return "\n".join(lines) + "\n"


def _said(case: Case, verb: Verb) -> str:
    if verb in (Verb.GRANT, Verb.GRANT_IN_PART, Verb.REFUSE):
        return outcome_label(case.kind, case.state)
    return verb.label


def _address() -> str:
    return str(settings.KAISHU_BACKEND_URL).rstrip("/")
