"""Which verb is open in which state, and where it leads: the whole table."""

from __future__ import annotations

from kaishu.base.errors import NotAllowed
from kaishu.base.i18n import gettext as _
from kaishu.cases.models import State, Verb

TRANSITIONS: dict[tuple[Verb, State], State] = {
    (Verb.GRANT, State.SUBMITTED): State.GRANTED,
    (Verb.REFUSE, State.SUBMITTED): State.REFUSED,
    (Verb.WITHDRAW, State.SUBMITTED): State.WITHDRAWN,
    (Verb.DELIVER, State.GRANTED): State.DELIVERED,
    (Verb.DELIVER, State.DELIVERED): State.DELIVERED,
    (Verb.FETCH, State.DELIVERED): State.DELIVERED,
    (Verb.RECOUNT, State.SUBMITTED): State.SUBMITTED,
    (Verb.RECOUNT, State.GRANTED): State.GRANTED,
}


def is_open(verb: Verb, state: str) -> bool:
    """Whether `verb` may be done in `state`."""
    return (verb, State(state)) in TRANSITIONS


def after(verb: Verb, state: str) -> State:
    """The state that `verb` leads to. Raises NotAllowed where the table has no such step."""
    try:
        return TRANSITIONS[verb, State(state)]
    except KeyError:
        raise NotAllowed(
            _("This step is not open: the case is “{state}”.").format(state=State(state).label)
        ) from None
