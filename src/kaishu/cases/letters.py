"""Letters (告知书): what a case's events tell the applicant, with the articles they rest on.

A letter is made anew from the record each time; nothing of it is stored.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Final

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn

from kaishu.base import formats
from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.cases.clock import standing_of
from kaishu.cases.words import Kind, Outcome, Verb, outcome_label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.cases.models import Answer, Case, Event
    from kaishu.cases.portal import Now

FONT = "仿宋"
# What a Word document cannot hold (XML 1.0, 2.2) and no letter needs.
_UNPRINTABLE = {code: None for code in range(32) if code not in (9, 10)} | {
    0xFFFE: None,
    0xFFFF: None,
}

TITLES: Final[dict[Verb, str]] = {
    Verb.FILE: N_("Receipt"),
    Verb.ASK: N_("Notice to supplement"),
    Verb.EXTEND: N_("Notice of extension"),
    Verb.TRANSFER: N_("Notice of transfer"),
    Verb.PASS_ON: N_("Notice of transfer"),
    Verb.GRANT: N_("Answer"),
    Verb.GRANT_IN_PART: N_("Answer"),
    Verb.REFUSE: N_("Answer"),
    Verb.REVOKE: N_("Notice of revocation"),
}
_ANSWERS: Final = (Verb.GRANT, Verb.GRANT_IN_PART, Verb.REFUSE)


@dataclass(frozen=True, slots=True)
class Citation:
    """An article that a letter rests on, with its words where they are at hand."""

    title: str
    article: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter's parts, in their order on paper."""

    title: str
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    citations: tuple[Citation, ...]
    signed_by: str
    day: date


def letters(case: Case, events: list[Event]) -> list[Event]:
    """The events of a case that a letter can be made of."""
    return [event for event in events if Verb(event.verb) in TITLES]


def letter(portal: Now, case: Case, event: Event) -> Letter:
    """The letter of one event. Raises KeyError where its verb has none."""
    verb, kind = Verb(event.verb), Kind(case.kind)
    title = _("{kind}: {title}").format(kind=kind.label, title=_(TITLES[verb]))
    holder = portal.catalog.portal.department(case.department)
    addressee = str(case.statement.get("applicant_name") or "") or _("The applicant")
    return Letter(
        title=title,
        number=f"{case.number}-{event.sequence}",
        addressee=addressee,
        paragraphs=tuple(_printable(text) for text in _paragraphs(portal, case, event) if text),
        citations=tuple(_citations(portal, case, verb)),
        signed_by=holder.name if holder else portal.catalog.portal.operator.name,
        day=event.at.astimezone(SHANGHAI).date(),
    )


def _paragraphs(portal: Now, case: Case, event: Event) -> Iterator[str]:
    verb = Verb(event.verb)
    received = formats.long_time(case.received_at.astimezone(SHANGHAI))
    yield _("Your {kind} about “{title}” was received on {time} under the number {number}.").format(
        kind=Kind(case.kind).label, title=case.dataset_title, time=received, number=case.number
    )
    if verb in _ANSWERS:
        yield from _of_answer(portal, case)
        return
    note = next((one for one in case.notes.all() if one.sequence == event.sequence), None)
    if verb is Verb.ASK:
        yield _("To decide on it, the following is still needed:")
    elif verb is Verb.EXTEND:
        due = formats.long_date(datetime.fromisoformat(event.data["due_date"]).date())
        yield _("The term is extended; the answer is now due by {date}.").format(date=due)
    elif verb in (Verb.TRANSFER, Verb.PASS_ON):
        to = portal.catalog.portal.department(event.data.get("department", ""))
        yield _("It has been passed to {name}, who answers it.").format(
            name=to.name if to else portal.catalog.portal.operator.name
        )
    elif verb is Verb.REVOKE:
        yield _("What was delivered may no longer be used, and can no longer be fetched.")
    elif case.due_date is not None:
        yield _("Due: {date}").format(date=formats.long_date(case.due_date))
    if note is not None and note.text:
        yield note.text


def _of_answer(portal: Now, case: Case) -> Iterator[str]:
    answer: Answer = case.answer
    yield _("The decision is: {outcome}.").format(outcome=outcome_label(case.kind, answer.outcome))
    yield answer.message
    if answer.reason_word is not None:
        yield _("Reason: {reason}").format(reason=answer.reason_word.label)
    yield answer.reason
    if answer.basis_title:
        yield (
            _("Basis: {title} {article}")
            .format(title=answer.basis_title, article=answer.basis_article)
            .strip()
        )
    if answer.outcome != Outcome.GRANTED:
        yield _("Whoever does not agree may lodge a dispute with {name}, naming {number}.").format(
            name=portal.catalog.portal.operator.name, number=case.number
        )


def _citations(portal: Now, case: Case, verb: Verb) -> Iterator[Citation]:
    stands = standing_of(case, portal)
    if stands is not None:
        rule = stands.rule
        yield Citation(stands.regulation.title, rule.article, rule.quote)
        if verb is Verb.EXTEND and rule.extension is not None:
            yield Citation(stands.regulation.title, rule.extension.article, rule.extension.quote)


def _printable(text: str) -> str:
    return text.translate(_UNPRINTABLE).encode("utf-8", "ignore").decode()


def as_docx(letter: Letter) -> bytes:
    """The letter as a Word document."""
    document = Document()
    normal = document.styles["Normal"]
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    document.core_properties.title = letter.title
    document.core_properties.author = letter.signed_by
    document.core_properties.created = datetime.combine(letter.day, time(), UTC)
    heading = document.add_heading(letter.title, level=0)
    heading.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(
        _("No. {number}").format(number=letter.number)
    ).alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph(_("{name}:").format(name=_printable(letter.addressee)))
    for text in letter.paragraphs:
        document.add_paragraph(text)
    for citation in letter.citations:
        document.add_paragraph(f"{citation.title} {citation.article}")
        if citation.quote:
            document.add_paragraph(citation.quote, style="Quote")
    for text in (letter.signed_by, formats.long_date(letter.day)):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    content = io.BytesIO()
    document.save(content)
    return content.getvalue()
