"""Papers of a case, for its applicant and for the desk: calendar file, letters, attachments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from kaishu.cases import calendar_file, letters
from kaishu.cases.desk import officers_only, visible
from kaishu.cases.files import store
from kaishu.cases.portal import now
from kaishu.cases.records import Attachment
from kaishu.cases.views_status import mine

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaishu.cases.models import Case, StaffProfile

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


# A file that somebody else made may do nothing, even where it is shown.
CONFINED = "default-src 'none'; sandbox"


@require_safe
def calendar(request: HttpRequest, number: str) -> HttpResponse:
    """The due date for the applicant's own calendar."""
    portal, (case, _code) = now(), mine(request, number)
    texts = {text.id: text for text in portal.regulation.chain}
    content = calendar_file.of(case, texts.get(case.regulation, portal.regulation))
    if content is None:
        raise Http404
    response = HttpResponse(content, content_type=calendar_file.MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{case.number}.ics"'
    return response


@require_safe
def letter(request: HttpRequest, number: str, sequence: int) -> HttpResponse:
    """A letter to its applicant."""
    case, _code = mine(request, number)
    return _letter(request, case, sequence, reverse("status", args=[number]))


@officers_only
@require_safe
def desk_letter(
    request: HttpRequest, profile: StaffProfile, number: str, sequence: int
) -> HttpResponse:
    """The same letter at the desk, to be printed and sent."""
    case = _of_desk(profile, number)
    return _letter(request, case, sequence, reverse("desk-case", args=[number]))


@require_safe
def attachment(request: HttpRequest, number: str, pk: int) -> FileResponse:
    """What its applicant sent along, given back."""
    case, _code = mine(request, number)
    return _attachment(case, pk)


@officers_only
@require_safe
def desk_attachment(
    request: HttpRequest, profile: StaffProfile, number: str, pk: int
) -> FileResponse:
    """The same file at the desk."""
    return _attachment(_of_desk(profile, number), pk)


def _attachment(case: Case, pk: int) -> FileResponse:
    """To be saved, never shown here."""
    found = Attachment.objects.filter(case=case, pk=pk).first()
    if found is None or not store.path(found.digest).is_file():
        raise Http404
    answer = FileResponse(
        store.path(found.digest).open("rb"),
        as_attachment=True,
        filename=found.name,
        content_type="application/octet-stream",
    )
    answer["Content-Security-Policy"] = CONFINED
    return answer


def _of_desk(profile: StaffProfile, number: str) -> Case:
    case = visible(profile).filter(number=number).first()
    if case is None:
        raise Http404
    return case


def _letter(request: HttpRequest, case: Case, sequence: int, back: str) -> HttpResponse:
    """As a page to print, or as a Word document (`?as=docx`)."""
    event = case.events.filter(sequence=sequence).first()
    if event is None or not letters.letters(case, [event]):
        raise Http404
    written = letters.letter(now(), case, event)
    if request.GET.get("as") == "docx":
        response = HttpResponse(letters.as_docx(written), content_type=DOCX)
        response["Content-Disposition"] = f'attachment; filename="{written.number}.docx"'
        return response
    shown = {"letter": written, "back": back, "docx": f"{request.path}?as=docx"}
    return render(request, "cases/letter.html", shown)
