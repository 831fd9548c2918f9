"""Whether the record is as it was written: every chain, every commitment, every column they fix."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import TYPE_CHECKING, Any

from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import gettext as _
from kaishu.cases import chain
from kaishu.cases.models import Case, Event
from kaishu.cases.records import Attachment
from kaishu.cases.transitions import TRANSITIONS
from kaishu.cases.words import State, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANSWERS = (Verb.GRANT, Verb.GRANT_IN_PART, Verb.REFUSE)
_PUBLIC = ("outcome", "reason_code", "basis_title", "basis_article", "basis_level")
_FIXED = ("department", "provider", "regulation", "rule", "clock", "promised", "provisional")


def verify() -> Iterator[tuple[str, str]]:
    """Every disagreement, as the case's number and what is wrong there; none: all is as written."""
    cases = Case.objects.select_related("answer").order_by("pk")
    for case in cases.iterator(chunk_size=500):
        for wrong in _wrong(case):
            yield case.number, wrong


def _wrong(case: Case) -> Iterator[str]:
    events = list(case.events.all())
    broken = _broken_at(case, events)
    if broken is not None:
        yield _("event {n} is not as it was written").format(n=broken)
        return
    if not events or case.head != events[-1].hash or case.version != events[-1].sequence:
        yield _("events at the end are missing")
        return
    yield from _wrong_columns(case, events)
    # After the retention term salt and words are gone together; the chain stays whole.
    erased = any(event.verb == Verb.ERASE for event in events)
    if erased != (case.erased_at is not None):
        yield _("words are gone without an event that says so")
    yield from _wrong_answer(case, events, erased=erased)
    yield from _wrong_deliveries(case, events)
    if not erased:
        yield from _wrong_words(case, events)


def _broken_at(case: Case, events: list[Event]) -> int | None:
    before = chain.start(case.number)
    for expected, event in enumerate(events, start=1):
        found = chain.link(
            before, sequence=event.sequence, at=event.at, verb=event.verb, actor=event.actor,
            actor_name=event.actor_name, data=event.data,
        )  # fmt: skip
        if event.sequence != expected or event.hash != found:
            return expected
        before = found
    return None


def _wrong_columns(case: Case, events: list[Event]) -> Iterator[str]:
    """What the events say together, against what stands in the case."""
    said: dict[str, Any] = {}
    for event in events:
        if said.get("state") and (Verb(event.verb), State(said["state"])) not in TRANSITIONS:
            yield _("event {n} is a step that is not in the table").format(n=event.sequence)
        said.update(event.data)
    due = case.due_date.isoformat() if case.due_date else None
    stands = {"state": case.state, "due_date": due, "dataset": case.dataset_key, "kind": case.kind}
    stands |= {name: getattr(case, name) for name in _FIXED}
    for name, value in stands.items():
        if name in said and said[name] != value:
            yield _("“{column}” is not what the events say").format(column=name)
    first = events[0]
    if case.received_at != first.at:
        yield _("“{column}” is not what the events say").format(column="received_at")
    if case.due_at is not None and (case.due_date is None or not _ends(case.due_date, case)):
        yield _("“{column}” is not what the events say").format(column="due_at")


def _ends(due_date: date, case: Case) -> bool:
    """Whether `due_at` ends the last day, at its close of office or at midnight."""
    if case.due_at is None:
        return True
    end = case.due_at.astimezone(SHANGHAI)
    midnight = (end.hour, end.minute, end.second) == (0, 0, 0)
    return (end.date() - due_date).days == (1 if midnight else 0)


def _wrong_answer(case: Case, events: list[Event], *, erased: bool) -> Iterator[str]:
    answer = getattr(case, "answer", None)
    answered = [event for event in events if event.verb in _ANSWERS and "outcome" in event.data]
    if (answer is None) != (not answered):
        yield _("the answer is not what the events say")
        return
    if answer is None:
        return
    data = answered[-1].data
    same = all(getattr(answer, name) == data.get(name, "") for name in _PUBLIC)
    if not erased:
        words = [answer.message, answer.reason]
        same = same and data["answer"] == chain.commitment(case.salt, words)
    released = [event for event in events if event.verb == Verb.RELEASE]
    if released:
        published = hashlib.sha256(answer.reason.encode()).hexdigest()
        same = same and released[-1].data["reason_sha256"] == published
    if not same:
        yield _("the answer is not what the events say")


def _wrong_deliveries(case: Case, events: list[Event]) -> Iterator[str]:
    delivered = [event.data for event in events if event.verb == Verb.DELIVER]
    said = sorted((data.get("sha256", ""), data.get("bytes", 0)) for data in delivered)
    if said != sorted((one.sha256, one.bytes) for one in case.deliveries.all()):
        yield _("the deliveries are not what the events say")


def _wrong_words(case: Case, events: list[Event]) -> Iterator[str]:
    stated = [event.data["statement"] for event in events if "statement" in event.data]
    if stated and stated[-1] != chain.commitment(case.salt, case.statement):
        yield _("what the applicant stated is not as it was written")
    files = [(event.sequence, file) for event in events for file in event.data.get("files", ())]
    if files != [
        (one.sequence, chain.commitment(case.salt, one.digest))
        for one in Attachment.objects.filter(case=case)
    ]:
        yield _("the attachments are not what the events say")
    notes = {note.sequence: note for note in case.notes.all()}
    for event in events:
        if "words" not in event.data:
            continue
        note = notes.pop(event.sequence, None)
        if note is None or event.data["words"] != chain.commitment(case.salt, note.text):
            yield _("the words of event {n} are not as they were written").format(n=event.sequence)
    if notes:
        yield _("there are words that no event tells of")
