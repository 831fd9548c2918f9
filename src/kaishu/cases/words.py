"""The words of a case: states, verbs, actors, roles, clocks, reasons of a refusal.

Kinds and outcomes are the public register's own words, so that both say the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kaishu.base.i18n import N_, gettext
from kaishu.base.vocabulary import Word
from kaishu.catalog.register import Kind, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Actor", "Clock", "Kind", "Outcome", "Reason", "Role", "State", "Verb", "choices"]


class State(Word):
    """Where a case stands."""

    SUBMITTED = "submitted", N_("Submitted")
    ACCEPTED = "accepted", N_("Being handled")
    CLARIFYING = "clarifying", N_("Waiting for the applicant")
    GRANTED = "granted", N_("Granted")
    GRANTED_IN_PART = "granted-in-part", N_("Granted in part")
    REFUSED = "refused", N_("Refused")
    DELIVERED = "delivered", N_("Delivered")
    WITHDRAWN = "withdrawn", N_("Withdrawn by the applicant")
    EXPIRED = "expired", N_("Expired")
    REVOKED = "revoked", N_("Revoked")
    CLOSED = "closed", N_("Closed")


# An answer is still owed.
UNANSWERED: Final = (State.SUBMITTED, State.ACCEPTED, State.CLARIFYING)
CONSENTED: Final = (State.GRANTED, State.GRANTED_IN_PART)
ANSWERED: Final = (
    *CONSENTED, State.REFUSED, State.DELIVERED, State.EXPIRED, State.REVOKED, State.CLOSED,
)  # fmt: skip
ENDED: Final = (
    State.REFUSED, State.WITHDRAWN, State.EXPIRED, State.REVOKED, State.CLOSED,
)  # fmt: skip


class Verb(Word):
    """What happens to a case; each is one event."""

    FILE = "file", N_("Received")
    AMEND = "amend", N_("Corrected by the applicant")
    WITHDRAW = "withdraw", N_("Taken back")
    ACCEPT = "accept", N_("Taken up")
    PASS_ON = "pass-on", N_("Passed on to the provider")
    ASK = "ask", N_("Question to the applicant")
    SUPPLEMENT = "supplement", N_("Supplemented by the applicant")
    TRANSFER = "transfer", N_("Transferred to another department")
    EXTEND = "extend", N_("Term extended")
    GRANT = "grant", N_("Agreed to")
    GRANT_IN_PART = "grant-in-part", N_("Agreed to in part")
    REFUSE = "refuse", N_("Not agreed to")
    DELIVER = "deliver", N_("Data delivered")
    FETCH = "fetch", N_("Delivery fetched")
    REVOKE = "revoke", N_("Delivery revoked")
    EXPIRE = "expire", N_("Term of use ended")
    CLOSE = "close", N_("Closed")
    DISPUTE = "dispute", N_("Disputed by the applicant")
    RELEASE = "release", N_("Reason released for publication")
    RECOUNT = "recount", N_("Due date counted anew")
    ERASE = "erase", N_("Personal data erased")


class Actor(Word):
    """Who did it."""

    APPLICANT = "applicant", N_("Applicant")
    OFFICER = "officer", N_("Officer")
    HEAD = "head", N_("Head of the department")
    OPERATOR = "operator", N_("Operator")
    PORTAL = "portal", N_("The portal itself")


class Role(Word):
    """Whom an account of the desk belongs to."""

    OFFICER = "officer", N_("Officer")
    HEAD = "head", N_("Head of the department")
    OPERATOR = "operator", N_("Operator")
    AUDITOR = "auditor", N_("Auditor")


class Clock(Word):
    """Which term a due date belongs to; none where neither a text nor the operator sets one."""

    ANSWER = "answer", N_("Reply due")
    DELIVERY = "delivery", N_("Delivery due")
    NONE = "none", N_("No term set")


class MailState(Word):
    """Where a mail of the outbox stands."""

    WAITING = "waiting", N_("Waiting")
    SENT = "sent", N_("Sent")
    FAILED = "failed", N_("Failed for good")


class Reason(Word):
    """Why something is not agreed to; the register publishes the code."""

    STATE_SECRET = "state-secret", N_("State secret")
    TRADE_SECRET = "trade-secret", N_("Trade secret of others")
    PERSONAL_PRIVACY = "personal-privacy", N_("Privacy of others")
    NOT_HELD = "not-held", N_("Not held by this department")
    CONDITIONS_NOT_MET = "conditions-not-met", N_("Conditions of opening are not met")
    NOT_SUPPLEMENTED = "not-supplemented", N_("What was asked for was not supplied")
    OPEN_ALREADY = "open-already", N_("Open already")
    DATA_RIGHT = "data-right", N_("The data were verified and are right")
    ANSWER_RIGHT = "answer-right", N_("The answer in dispute stands")
    OTHER_PROVISION = "other-provision", N_("Another provision forbids it")


REASONS: Final[dict[Kind, tuple[Reason, ...]]] = {
    Kind.OPEN_APPLICATION: (
        Reason.STATE_SECRET, Reason.TRADE_SECRET, Reason.PERSONAL_PRIVACY, Reason.NOT_HELD,
        Reason.CONDITIONS_NOT_MET, Reason.NOT_SUPPLEMENTED, Reason.OPEN_ALREADY,
        Reason.OTHER_PROVISION,
    ),
    Kind.OPEN_DEMAND: (
        Reason.STATE_SECRET, Reason.TRADE_SECRET, Reason.PERSONAL_PRIVACY, Reason.NOT_HELD,
        Reason.NOT_SUPPLEMENTED, Reason.OPEN_ALREADY, Reason.OTHER_PROVISION,
    ),
    Kind.CORRECTION: (
        Reason.DATA_RIGHT, Reason.NOT_HELD, Reason.NOT_SUPPLEMENTED, Reason.OTHER_PROVISION,
    ),
    Kind.DISPUTE: (Reason.ANSWER_RIGHT, Reason.NOT_SUPPLEMENTED, Reason.OTHER_PROVISION),
}  # fmt: skip

# What an outcome means where "granted" would be the wrong word.
_OUTCOMES: Final[dict[tuple[Kind, str], str]] = {
    (Kind.OPEN_DEMAND, "granted"): N_("Will be opened"),
    (Kind.OPEN_DEMAND, "granted-in-part"): N_("Will be opened in part"),
    (Kind.OPEN_DEMAND, "refused"): N_("Will not be opened"),
    (Kind.CORRECTION, "granted"): N_("Corrected"),
    (Kind.CORRECTION, "granted-in-part"): N_("Corrected in part"),
    (Kind.CORRECTION, "refused"): N_("Not corrected"),
    (Kind.DISPUTE, "granted"): N_("Upheld"),
    (Kind.DISPUTE, "granted-in-part"): N_("Upheld in part"),
    (Kind.DISPUTE, "refused"): N_("Not upheld"),
}


def outcome_label(kind: str, outcome: str) -> str:
    """What an outcome, or the state of the same name, is called for a kind of case."""
    message = _OUTCOMES.get((Kind(kind), outcome))
    return gettext(message) if message else State(outcome).label


def choices(words: type[Word] | Iterable[Word]) -> list[tuple[str, str]]:
    """Members as a model's choices: value and message."""
    return [(member.value, member.message) for member in words]
