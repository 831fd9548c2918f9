"""A case's papers, for its applicant and for its officers: attachments, letters, deliveries, dates."""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Final

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from kaishu.base.errors import NotAllowed
from kaishu.cases import actions, calendar_file, handover, letters, undertaking
from kaishu.cases.desk import officers_only, visible
from kaishu.cases.files import store
from kaishu.cases.portal import now
from kaishu.cases.views_status import mine

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from kaishu.cases.models import Case, StaffProfile
    from kaishu.cases.portal import Now
    from kaishu.regulation.model import Regulation

DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# A file that somebody else made is saved, never shown, and may do nothing if it is shown anyway.
_CONFINED: Final = "default-src 'none'; sandbox"


@require_safe
def attachment(request: HttpRequest, number: str, pk: int) -> HttpResponseBase:
    """What the applicant sent, back to the applicant."""
    case, _code = mine(request, number)
    return _attachment(case, pk)


@officers_only
@require_safe
def desk_attachment(
    request: HttpRequest, profile: StaffProfile, number: str, pk: int
) -> HttpResponseBase:
    """What the applicant sent, to whoever may see the case."""
    return _attachment(_seen(profile, number), pk)


@require_safe
def due_calendar(request: HttpRequest, number: str) -> HttpResponse:
    """The due date for the applicant's calendar."""
    case, _code = mine(request, number)
    written = calendar_file.of(case, _text(now(), case))
    if written is None:
        raise Http404
    answer = HttpResponse(written, content_type=calendar_file.MEDIA_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{case.number}.ics"'
    return answer


@require_safe
def letter(request: HttpRequest, number: str, sequence: int) -> HttpResponse:
    """A letter to read and to print, for the applicant."""
    case, _code = mine(request, number)
    back = reverse("status", kwargs={"number": number})
    return _letter(request, case, sequence, back, "letter-docx")


@require_safe
def letter_docx(request: HttpRequest, number: str, sequence: int) -> HttpResponse:
    """The same as a Word document."""
    case, _code = mine(request, number)
    return _docx(case, sequence)


@officers_only
@require_safe
def desk_letter(
    request: HttpRequest, profile: StaffProfile, number: str, sequence: int
) -> HttpResponse:
    """A letter to read and to print, for the office."""
    back = reverse("desk-case", kwargs={"number": number})
    return _letter(request, _seen(profile, number), sequence, back, "desk-letter-docx")


@officers_only
@require_safe
def desk_letter_docx(
    request: HttpRequest, profile: StaffProfile, number: str, sequence: int
) -> HttpResponse:
    """The same as a Word document."""
    return _docx(_seen(profile, number), sequence)


@require_http_methods(["GET", "HEAD", "POST"])
def handed_over(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
    """The use agreement, and on POST the file or the link: counted, and logged."""
    case, _code = mine(request, number)
    delivery = handover.delivery_of(case, token)
    if delivery is None:
        raise Http404
    refused = "" if handover.offered(case, delivery) else handover.over()
    if request.method == "POST" and not refused:
        try:
            handover.take(case, delivery)
        except NotAllowed as error:
            refused = str(error)
        else:
            if delivery.link:
                shown = {"case": case, "link": delivery.link}
                return render(request, "cases/link.html", shown)
            path = actions.stored_path(delivery)
            return _saved(path.open("rb"), delivery.filename)
    shown = {
        "case": case,
        "delivery": delivery,
        "refused": refused,
        "clauses": undertaking.CLAUSES,
        "statement": case.statement,
    }
    return render(request, "cases/handover.html", shown, status=410 if refused else 200)


def _attachment(case: Case, pk: int) -> HttpResponseBase:
    found = case.attachments.filter(pk=pk).first()
    if found is None:
        raise Http404
    return _saved(store.path(found.digest).open("rb"), found.name)


def _saved(source: IO[bytes], name: str) -> FileResponse:
    answer = FileResponse(
        source,
        as_attachment=True,
        filename=name,
        content_type="application/octet-stream",
    )
    answer["Content-Security-Policy"] = _CONFINED
    return answer


def _letter(request: HttpRequest, case: Case, sequence: int, back: str, docx: str) -> HttpResponse:
    made = _made(case, sequence)
    named = {"number": case.number, "sequence": sequence}
    shown = {"letter": made, "back": back, "docx": reverse(docx, kwargs=named)}
    return render(request, "cases/letter.html", shown)


def _docx(case: Case, sequence: int) -> HttpResponse:
    made = _made(case, sequence)
    answer = HttpResponse(letters.as_docx(made), content_type=DOCX)
    answer["Content-Disposition"] = f'attachment; filename="{made.number}.docx"'
    return answer


def _made(case: Case, sequence: int) -> letters.Letter:
    event = case.events.filter(sequence=sequence, verb__in=letters.TITLES).first()
    if event is None:
        raise Http404
    return letters.letter(now(), case, event)


def _seen(profile: StaffProfile, number: str) -> Case:
    case = visible(profile).select_related("answer").filter(number=number).first()
    if case is None:
        raise Http404
    return case


def _text(portal: Now, case: Case) -> Regulation:
    texts = {text.id: text for text in portal.regulation.chain}
    return texts.get(case.regulation, portal.regulation)
