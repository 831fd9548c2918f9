"""Whether the record is as it was written: every chain, every commitment, every column they fix.

What events of earlier versions do not say is not compared.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING

from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import gettext as _
from kaishu.cases import actions, chain, encryption
from kaishu.cases.models import INDEXED, Case, Event
from kaishu.cases.records import Attachment
from kaishu.cases.replay import ANSWERS, columns, is_same
from kaishu.cases.steps import open_until
from kaishu.cases.transitions import TRANSITIONS
from kaishu.cases.words import State, Verb

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from pathlib import Path

    from kaishu.cases.models import Delivery

_PUBLIC = ("outcome", "reason_code", "basis_title", "basis_article", "basis_level")


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
    yield from _wrong_deliveries(case, events, erased=erased)
    if erased:
        yield from _wrong_left(case)
    else:
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
    state = ""
    for event in events:
        if state and (Verb(event.verb), State(state)) not in TRANSITIONS:
            yield _("event {n} is a step that is not in the table").format(n=event.sequence)
        state = event.data.get("state", state)
    said = {**columns(events), "open_due_on": open_until(case)}
    stands = {name: getattr(case, name) for name in said} | {
        "about": case.about.number if case.about else ""
    }
    for name, value in said.items():
        if not is_same(stands[name], value):
            yield _("“{column}” is not what the events say").format(column=name)
    if events[0].data.get("keys", case.keys_mark) != case.keys_mark:
        yield _("“{column}” is not what the events say").format(column="access")
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
    answered = [event for event in events if event.verb in ANSWERS and "outcome" in event.data]
    if (answer is None) != (not answered):
        yield _("the answer is not what the events say")
        return
    if answer is None:
        return
    data = answered[-1].data
    same = all(getattr(answer, name) == data.get(name, "") for name in _PUBLIC)
    same = same and is_same(answer.answered_at, answered[-1].at)
    if not erased:
        words = [answer.message, answer.reason]
        same = same and data["answer"] == chain.commitment(case.salt, words)
    releases = [event.data for event in events if "reason_sha256" in event.data]
    if "released" in data:
        same = same and answer.released == bool(releases)
    if releases:
        published = hashlib.sha256(answer.reason.encode()).hexdigest()
        same = same and releases[-1]["reason_sha256"] == published
    if not same:
        yield _("the answer is not what the events say")


def _wrong_deliveries(case: Case, events: list[Event], *, erased: bool) -> Iterator[str]:
    delivered = [event for event in events if event.verb == Verb.DELIVER]
    deliveries = list(case.deliveries.order_by("pk"))
    if len(delivered) != len(deliveries) or not all(
        _is_delivered(case, one, event, events, erased=erased)
        for one, event in zip(deliveries, delivered, strict=True)
    ):
        yield _("the deliveries are not what the events say")
    for one in deliveries:
        if one.stored and _sha256(actions.stored_path(one)) != one.sha256:
            yield _("a delivered file is not as it was written")


def _is_delivered(
    case: Case, one: Delivery, event: Event, events: list[Event], *, erased: bool
) -> bool:
    """Whether a delivery is as its own event and the later ones say."""
    data, said = event.data, {"sha256": one.sha256, "bytes": one.bytes}
    until = one.expires_at
    if "until" in data:
        until = datetime.fromisoformat(data["until"]) if data["until"] else None
        said["fetch_limit"] = one.fetch_limit
    if erased:
        is_kept = not (one.link or one.filename or one.stored)
    else:
        is_kept = bool(one.stored) == bool(one.sha256)
        said |= {
            name: chain.commitment(case.salt, words) if words else ""
            for name, words in (("link", one.link), ("filename", one.filename))
            if name in data
        }
    ended = [
        later for later in events
        if later.sequence > event.sequence and later.verb in (Verb.REVOKE, Verb.ERASE)
    ]  # fmt: skip
    fetched = [later for later in events if later.data.get("delivery") == one.pk]
    return (
        is_kept
        and is_same(one.expires_at, until)
        and all(data.get(name) == value for name, value in said.items())
        and is_same(one.delivered_at, event.at)
        and is_same(one.revoked_at, ended[-1].at if ended else None)
        and one.fetches == len(fetched)
    )


def _wrong_words(case: Case, events: list[Event]) -> Iterator[str]:
    stated = [event.data["statement"] for event in events if "statement" in event.data]
    if stated and stated[-1] != chain.commitment(case.salt, case.statement):
        yield _("what the applicant stated is not as it was written")
    for name in INDEXED:
        if getattr(case, f"{name}_index") not in (_indexes(name, case) or [""]):
            yield _("“{column}” is not what the events say").format(column=f"{name}_index")
    files = [(event.sequence, file) for event in events for file in event.data.get("files", ())]
    attached = list(Attachment.objects.filter(case=case))
    if len(files) != len(attached) or not all(
        sequence == one.sequence and file in _commitments(case, one)
        for (sequence, file), one in zip(files, attached, strict=True)
    ):
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


def _wrong_left(case: Case) -> Iterator[str]:
    """What should have gone with the words, and has not."""
    answer = getattr(case, "answer", None)
    left = [case.sealed, *(getattr(case, f"{name}_index") for name in INDEXED)]
    left += [note.sealed for note in case.notes.all()]
    if answer is not None:
        left += [answer.message, "" if answer.released else answer.reason]
    if any(left) or Attachment.objects.filter(case=case).exists():
        yield _("there are words that no event tells of")


def _indexes(name: str, case: Case) -> list[str]:
    """The blind indexes that a field may have, under each of the keys."""
    return encryption.blinds(name, str(case.statement.get(name, "")))


def _commitments(case: Case, attachment: Attachment) -> tuple[str, ...]:
    """What an event may say of an attachment; earlier versions committed to its content alone."""
    return tuple(chain.commitment(case.salt, said) for said in (attachment.mark, attachment.digest))


def _sha256(path: Path) -> str:
    """The digest of a file; empty where it is not there."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""
