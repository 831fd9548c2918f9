"""After filing, as applicants see it: receipt, status, supplement, withdrawal, delivery."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from kaishu.base import i18n
from kaishu.base.errors import Conflict
from kaishu.cases import (
    access,
    actions,
    filing,
    handover,
    intake,
    kept_pages,
    letters,
    numbers,
    throttle,
    undertaking,
)
from kaishu.cases.clock import is_overdue, reply_clock, working_days_left
from kaishu.cases.files import inspection
from kaishu.cases.forms import SupplementForm, TrackForm
from kaishu.cases.models import Case
from kaishu.cases.portal import now
from kaishu.cases.records import Attachment
from kaishu.cases.statements import stated
from kaishu.cases.transitions import after, is_open
from kaishu.cases.words import Actor, Kind, State, Verb

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from kaishu.cases.models import Event
    from kaishu.cases.portal import Now
    from kaishu.regulation.due import Due
    from kaishu.regulation.model import Regulation

WRONG_GUESSES: Final = 20
# Where an application has come to its end, or its term of use will.
AGAIN: Final = (State.DELIVERED, State.EXPIRED, State.REFUSED, State.WITHDRAWN)


class TooManyGuesses(Exception):
    """This visitor has guessed too often; `middleware` answers with 429."""


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Whether the database answers; 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


def mine(request: HttpRequest, number: str) -> tuple[Case, str]:
    """The case and its code, if this browser carries them. Raises Http404 otherwise.

    A guess is counted like one at the look-up, and after too many nothing is looked at.
    """
    found = carried(request, number)
    if found is None:
        guessed(request)
        raise Http404
    return found


def carried(request: HttpRequest, number: str) -> tuple[Case, str] | None:
    """The case and its code, if this browser carries them; no look-up where it does not."""
    code = access.codes(request).get(number)
    if code is None:
        return None
    found = Case.objects.filter(access=numbers.access_of(number, code))
    case = found.select_related("answer", "about").first()
    return None if case is None else (case, code)


def guessed(request: HttpRequest) -> None:
    """Count a wrong guess. Raises TooManyGuesses where there were too many before."""
    who = throttle.visitor(request)
    if throttle.is_blocked("track", who, WRONG_GUESSES):
        raise TooManyGuesses
    throttle.failed("track", who)


@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that filed the case or has given its code."""
    case, code = mine(request, number)
    return render(request, "cases/receipt.html", {**context(case, now()), "code": code})


@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Look a case up by number and code; every wrong guess gets the same answer.

    With `again=<number>`, as a notice before the end of a term has it, the way leads on to a new
    application that says what the former one said.
    """
    former = request.GET.get("again", "")
    form = TrackForm(request.POST if request.method == "POST" else None, initial={"number": former})
    shown = {"form": form, "again": former}
    if request.method != "POST":
        if found := carried(request, former):
            return redirect(again(found[0]))
        return render(request, "cases/track.html", shown)
    if throttle.is_blocked("track", throttle.visitor(request), WRONG_GUESSES):
        return too_many(request)
    if not form.is_valid():
        return render(request, "cases/track.html", shown, status=422)
    number, code = form.cleaned_data["number"], form.cleaned_data["code"]
    case = Case.objects.filter(access=numbers.access_of(number, code)).first()
    if case is not None:
        response = redirect(again(case)) if number == former else redirect("status", number=number)
        access.remember(request, response, number, code)
        return response
    guessed(request)
    return render(request, "cases/track.html", {**shown, "wrong": True}, status=404)


def again(case: Case) -> str:
    """Where what was applied for can be applied for again; the case itself for another kind."""
    if case.kind != Kind.OPEN_APPLICATION:
        return reverse("status", args=[case.number])
    return f"{reverse('apply')}?{urlencode({'dataset': case.dataset_key, 'again': case.number})}"


@require_safe
def status(request: HttpRequest, number: str) -> HttpResponse:
    """Where the case stands: the clock, every event, the questions, the answer, the delivery."""
    portal, code = now(), access.codes(request).get(number)
    if code is not None:
        kept = kept_pages.find(request, numbers.access_of(number, code), portal)
        if kept is not None:
            return HttpResponse(kept)
    case, _code = mine(request, number)
    response = render(request, "cases/status.html", context(case, portal))
    kept_pages.keep(case, portal, response.content)
    return response


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the application back; where somebody was faster, show what happened."""
    case, _code = mine(request, number)
    try:
        filing.withdraw(case)
    except Conflict as conflict:
        return _conflict(request, case, conflict)
    return redirect("status", number=number)


@require_POST
def supplement(request: HttpRequest, number: str) -> HttpResponse:
    """Answer the officer's question, in words and with attachments."""
    case, _code = mine(request, number)
    form = SupplementForm(request.POST)
    try:
        # No file is looked into where nothing was asked.
        after(Verb.SUPPLEMENT, case.kind, case.state, Actor.APPLICANT)
        sent = intake.Admitted(intake.files_of(request, form) if form.is_valid() else ())
        if form.errors:
            shown = {**context(case, now()), "supplement": form}
            return render(request, "cases/status.html", shown, status=422)
        filing.supplement(case, form.cleaned_data["words"], sent.attachments(case))
    except Conflict as conflict:
        return _conflict(request, case, conflict)
    return redirect("status", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
def fetch(request: HttpRequest, number: str, token: str) -> HttpResponseBase:
    """The use agreement of a delivery; on POST the file, or the link. Each fetch is counted.

    `token` is signed for this case and good for a week: see `handover`.
    """
    case, _code = mine(request, number)
    delivery = handover.delivery_of(case, token)
    if delivery is None or not is_open(Verb.FETCH, case.kind, case.state):
        raise Http404
    shown = {"case": case, "delivery": delivery, "undertaking": undertaking.CLAUSES}
    if request.method != "POST":
        return render(request, "cases/agreement.html", shown)
    try:
        handover.take(case, delivery)
    except Conflict as conflict:
        return render(
            request, "cases/agreement.html", {**shown, "conflict": str(conflict)}, status=409
        )
    if delivery.link:
        return render(request, "cases/link.html", {"case": case, "link": delivery.link})
    return FileResponse(
        actions.stored_path(delivery).open("rb"),
        as_attachment=True,
        filename=delivery.filename,
        content_type="application/octet-stream",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent cannot be read; nothing of it is looked at again."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/unreadable.html", status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and for what is somebody else's."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/not_found.html", status=404)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 for whoever may read and not change."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/forbidden.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without any detail."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/error.html", status=500)


def too_many(request: HttpRequest) -> HttpResponse:
    """429: too many guesses; a pause follows."""
    shown = {"form": TrackForm(), "blocked": True}
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/track.html", shown, status=429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token; going back keeps what was typed."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/forgery.html", status=403)


def context(case: Case, portal: Now) -> dict[str, Any]:
    """What receipt and status page show. The days are counted anew; the due date is the stored one."""
    texts = {text.id: text for text in portal.regulation.chain}
    text: Regulation = texts.get(case.regulation, portal.regulation)
    departments = portal.catalog.portal
    return {
        "case": case,
        "due": _reasoning(case, portal),
        "text": text,
        "promise": portal.regulation.promises.get(case.rule) if case.promised else None,
        "opened": portal.catalog.opened_for.get(case.number),
        "department": departments.department(case.department),
        "provider": departments.department(case.provider),
        "waits": case.kind == Kind.CORRECTION and not case.department and case.open_due_on,
        "overdue": is_overdue(case),
        "left": working_days_left(case, portal),
        "events": told(case),
        "stated": stated(case, portal),
        "answer": getattr(case, "answer", None),
        "deliveries": [
            (one, handover.token(case, one) if handover.is_open(one) else "")
            for one in case.deliveries.filter(revoked_at=None)
        ],
        "letters": letters.letters(case, list(case.events.all())),
        "attachments": Attachment.objects.filter(case=case, sequence=1),
        "most_files": intake.MOST_FILES,
        "kinds_of_files": inspection.ACCEPT,
        "disputes": list(case.disputes.all()),
        "can_withdraw": is_open(Verb.WITHDRAW, case.kind, case.state),
        "can_amend": filing.may_amend(case) and case.kind != Kind.DISPUTE,
        "again": again(case) if case.kind == Kind.OPEN_APPLICATION and case.state in AGAIN else "",
        "can_dispute": filing.may_dispute(case),
        "supplement": SupplementForm() if case.state == State.CLARIFYING else None,
        "State": State,
    }


def _reasoning(case: Case, portal: Now) -> Due | None:
    """How the stored date follows, where it still does by today's calendar and regulation."""
    if not case.started_at or case.promised or case.extended_by:
        return None
    found = reply_clock(portal, Kind(case.kind), case.started_at).due
    return found if found is not None and found.due_date == case.due_date else None


def told(case: Case) -> list[tuple[Event, str, list[Attachment]]]:
    """Every event with the words that were written with it, and what was attached to a supplement."""
    words = {note.sequence: note.text for note in case.notes.all()}
    files: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(case=case, sequence__gt=1):
        files.setdefault(one.sequence, []).append(one)
    return [
        (event, words.get(event.sequence, ""), files.get(event.sequence, []))
        for event in case.events.all()
    ]


def _conflict(request: HttpRequest, case: Case, conflict: Conflict) -> HttpResponse:
    fresh = Case.objects.select_related("answer").get(pk=case.pk)
    shown = {**context(fresh, now()), "conflict": str(conflict)}
    return render(request, "cases/status.html", shown, status=409)
