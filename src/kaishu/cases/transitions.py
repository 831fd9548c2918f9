"""Which verb is open in which state, for which kind, to whom, and where it leads: the whole table."""

from __future__ import annotations

from typing import Final

from kaishu.base.errors import NotAllowed
from kaishu.base.i18n import gettext as _
from kaishu.cases.words import ANSWERED, CONSENTED, UNANSWERED, Actor, Kind, Role, State, Verb

_STAY: Final = None

# Verb → the states it is open in → where it leads; `_STAY` leaves the case where it is.
_TABLE: Final[dict[Verb, tuple[tuple[State, ...], State | None]]] = {
    Verb.AMEND: ((State.SUBMITTED,), _STAY),
    Verb.WITHDRAW: (UNANSWERED, State.WITHDRAWN),
    Verb.ACCEPT: ((State.SUBMITTED,), State.ACCEPTED),
    Verb.PASS_ON: ((State.SUBMITTED, State.ACCEPTED), State.ACCEPTED),
    Verb.ASK: ((State.SUBMITTED, State.ACCEPTED), State.CLARIFYING),
    Verb.SUPPLEMENT: ((State.CLARIFYING,), State.ACCEPTED),
    Verb.TRANSFER: (UNANSWERED, _STAY),
    Verb.EXTEND: (UNANSWERED, _STAY),
    Verb.GRANT: (UNANSWERED, State.GRANTED),
    Verb.GRANT_IN_PART: (UNANSWERED, State.GRANTED_IN_PART),
    Verb.REFUSE: (UNANSWERED, State.REFUSED),
    Verb.DELIVER: ((*CONSENTED, State.DELIVERED), State.DELIVERED),
    Verb.FETCH: ((State.DELIVERED,), _STAY),
    Verb.REVOKE: ((*CONSENTED, State.DELIVERED), State.REVOKED),
    Verb.EXPIRE: ((State.DELIVERED,), State.EXPIRED),
    Verb.CLOSE: (
        (*CONSENTED, State.REFUSED, State.DELIVERED, State.REVOKED, State.EXPIRED),
        State.CLOSED,
    ),
    Verb.DISPUTE: ((*UNANSWERED, *ANSWERED), _STAY),
    Verb.RELEASE: (ANSWERED, _STAY),
    Verb.RECOUNT: ((*UNANSWERED, *CONSENTED), _STAY),
    Verb.ERASE: ((*ANSWERED, State.WITHDRAWN), _STAY),
}
TRANSITIONS: Final[dict[tuple[Verb, State], State]] = {
    (verb, state): leads or state for verb, (states, leads) in _TABLE.items() for state in states
}

# Data are delivered on an application alone; a dispute stays with the operator, who coordinates,
# and is not disputed again.
_KINDS: Final[dict[Verb, frozenset[Kind]]] = {
    Verb.PASS_ON: frozenset({Kind.CORRECTION, Kind.OPEN_DEMAND}),
    Verb.TRANSFER: frozenset(set(Kind) - {Kind.DISPUTE}),
    Verb.DELIVER: frozenset({Kind.OPEN_APPLICATION}),
    Verb.FETCH: frozenset({Kind.OPEN_APPLICATION}),
    Verb.REVOKE: frozenset({Kind.OPEN_APPLICATION}),
    Verb.EXPIRE: frozenset({Kind.OPEN_APPLICATION}),
    Verb.DISPUTE: frozenset(set(Kind) - {Kind.DISPUTE}),
}

_DESK: Final = frozenset({Actor.OFFICER, Actor.HEAD, Actor.OPERATOR})
_APPLICANT: Final = frozenset({Actor.APPLICANT})
_PORTAL: Final = frozenset({Actor.PORTAL})
# Who does it. Whose consent an extension needs, the regulation says: see `clock.approver`.
ACTORS: Final[dict[Verb, frozenset[Actor]]] = {
    Verb.FILE: _APPLICANT,
    Verb.AMEND: _APPLICANT,
    Verb.WITHDRAW: _APPLICANT,
    Verb.SUPPLEMENT: _APPLICANT,
    Verb.FETCH: _APPLICANT,
    Verb.DISPUTE: _APPLICANT,
    Verb.ACCEPT: _DESK,
    Verb.PASS_ON: frozenset({Actor.OPERATOR}),
    Verb.ASK: _DESK,
    Verb.TRANSFER: _DESK,
    Verb.EXTEND: frozenset({Actor.HEAD, Actor.OPERATOR}),
    Verb.GRANT: _DESK,
    Verb.GRANT_IN_PART: _DESK,
    Verb.REFUSE: _DESK,
    Verb.DELIVER: _DESK,
    Verb.REVOKE: _DESK,
    Verb.CLOSE: _DESK | _PORTAL,
    Verb.RELEASE: _DESK,
    Verb.EXPIRE: _PORTAL,
    Verb.RECOUNT: _PORTAL,
    Verb.ERASE: _PORTAL,
}
# The auditor reads everything and does nothing.
ACTOR_OF: Final[dict[Role, Actor | None]] = {
    Role.OFFICER: Actor.OFFICER,
    Role.HEAD: Actor.HEAD,
    Role.OPERATOR: Actor.OPERATOR,
    Role.AUDITOR: None,
}


def is_open(verb: Verb, kind: str, state: str, actor: Actor | None = None) -> bool:
    """Whether `verb` may be done to a case of this kind in this state, and by this actor."""
    return (
        (verb, State(state)) in TRANSITIONS
        and Kind(kind) in _KINDS.get(verb, frozenset(Kind))
        and (actor is None or actor in ACTORS[verb])
    )


def after(verb: Verb, kind: str, state: str, actor: Actor) -> State:
    """The state that `verb` leads to. Raises NotAllowed where the table has no such step."""
    if not is_open(verb, kind, state):
        raise NotAllowed(
            _("This step is not open: the case is “{state}”.").format(state=State(state).label)
        )
    if actor not in ACTORS[verb]:
        raise NotAllowed(_("This step is not open to {who}.").format(who=actor.label))
    return TRANSITIONS[verb, State(state)]
