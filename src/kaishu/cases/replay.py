"""What the columns of a case must hold, by its events alone; `audit` compares it with what stands."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from kaishu.cases.words import CONSENTED, UNANSWERED, Clock, Kind, State, Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaishu.cases.models import Event

ANSWERS: Final = (Verb.GRANT, Verb.GRANT_IN_PART, Verb.REFUSE)
# What events say under another name than the column's.
_CALLED: Final = {"dataset": "dataset_key", "title": "dataset_title"}
_SAID: Final = (
    "state", "kind", "dataset", "title", "provider", "department", "regulation", "rule", "clock",
    "promised", "provisional",
)  # fmt: skip
_ONCE: Final = timedelta(seconds=1)


def columns(events: Iterable[Event]) -> dict[str, Any]:
    """The columns of a case that its events fix, by name; what they do not tell is left out.

    `about` is the number of the case in dispute.
    """
    found: dict[str, Any] = {"extended_by": 0, "answered_at": None, "ended_at": None}
    for event in events:
        before = found.get("state")
        _take(found, Verb(event.verb), event.at, event.data)
        if before is not None and found.get("state") != before and not _is_owed(found):
            found["ended_at"] = event.at
    return found


def is_same(stands: Any, said: Any) -> bool:
    """Whether a column holds what the events say.

    A moment may be read from the clock once more for a column than for its event.
    """
    if isinstance(stands, datetime) and isinstance(said, datetime):
        return abs(stands - said) < _ONCE
    return bool(stands == said)


def _take(found: dict[str, Any], verb: Verb, at: datetime, data: dict[str, Any]) -> None:
    """What one event makes of the columns."""
    found.update({_CALLED.get(name, name): data[name] for name in _SAID if name in data})
    if "due_date" in data:
        found["due_date"] = date.fromisoformat(data["due_date"]) if data["due_date"] else None
    if "due_at" in data:
        found["due_at"] = datetime.fromisoformat(data["due_at"]) if data["due_at"] else None
    # An extension cites an article of its own; the term's stays.
    if "article" in data and verb is not Verb.EXTEND:
        found["article"] = data["article"]
    if verb is Verb.FILE:
        stated = ("about", "undertaking", "proof")
        found.update({name: data[name] for name in stated if name in data})
        found["received_at"] = at
        if "clock" in data:
            found["started_at"] = None if data["clock"] == Clock.NONE else at
    elif verb is Verb.PASS_ON:
        found["started_at"] = at
    elif verb is Verb.EXTEND:
        found["extended_by"] = data["by"]
    elif verb in ANSWERS:
        found["answered_at"] = at
    found["erased_at"] = at if verb is Verb.ERASE else found.get("erased_at")


def _is_owed(found: dict[str, Any]) -> bool:
    """Whether the office still owes something, as `steps.open_until` has it."""
    state = State(found["state"])
    consented = state in CONSENTED and found.get("kind") == Kind.OPEN_APPLICATION
    return state in UNANSWERED or consented
