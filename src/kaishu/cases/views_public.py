"""What an applicant sees: the form, the receipt, where the case stands, the delivery."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.http import FileResponse, Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from kaishu.base import clock, i18n
from kaishu.base.errors import Conflict
from kaishu.base.vocabulary import ApplicantType, Openness
from kaishu.cases import actions, filing, numbers, throttle, undertaking
from kaishu.cases.clock import ReplyClock, is_overdue, reply_clock, working_days_left
from kaishu.cases.forms import ApplicationForm, TrackForm
from kaishu.cases.models import Case, Delivery
from kaishu.cases.portal import now
from kaishu.cases.transitions import is_open
from kaishu.cases.words import Kind, State, Verb

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaishu.cases.portal import Now
    from kaishu.regulation.model import Regulation

# Words that the form asks for and a case does not store as they are.
_NOT_STORED = ("undertaking", "idempotency_key")
_WRONG_CODES = 20


@require_safe
def healthz(_request: HttpRequest) -> JsonResponse:
    """Whether the database answers; 503 where it does not."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "no database"}, status=503)
    return JsonResponse({"status": "ok"})


def apply(request: HttpRequest) -> HttpResponse:
    """The application form of one dataset; without one, the datasets that can be applied for."""
    portal = now()
    key = request.GET.get("dataset", "")
    if not key:
        on_request = [d for d in portal.catalog.datasets if d.openness is Openness.ON_REQUEST]
        return render(request, "cases/choose.html", {"datasets": on_request})
    dataset = portal.dataset(key)
    if dataset is None:
        raise Http404
    if dataset.openness is not Openness.ON_REQUEST or dataset.entry.withdrawn:
        return render(request, "cases/not_needed.html", {"dataset": dataset})
    form = ApplicationForm(
        request.POST if request.method == "POST" else None,
        initial={"idempotency_key": secrets.token_hex(16)},
    )
    if request.method == "POST" and form.is_valid():
        stored = {k: v for k, v in form.cleaned_data.items() if k not in _NOT_STORED}
        idempotency_key = form.cleaned_data["idempotency_key"]
        filed = filing.Filing(
            Kind.OPEN_APPLICATION, stored, dataset, undertaking=undertaking.VERSION
        )
        case = filing.file(portal, filed, idempotency_key=idempotency_key)
        code = numbers.code_for(idempotency_key, settings.SECRET_KEY)
        _remember(request, case.number, code)
        return redirect("receipt", number=case.number)
    context = {
        "dataset": dataset,
        "form": form,
        "reply": reply_clock(portal, Kind.OPEN_APPLICATION, clock.now()),
        "regulation": portal.regulation,
        "undertaking": undertaking.CLAUSES,
        "organisations": [ApplicantType.LEGAL_PERSON, ApplicantType.OTHER_ORGANISATION],
    }
    return render(request, "cases/apply.html", context, status=422 if form.errors else 200)


@require_GET
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """The receipt, for the browser that filed the case or has given its code."""
    case, code = _mine(request, number)
    context = {**_context(case, now()), "code": code}
    return render(request, "cases/receipt.html", context)


def track(request: HttpRequest) -> HttpResponse:
    """Look a case up by number and code; every wrong guess gets the same answer."""
    form = TrackForm(request.POST if request.method == "POST" else None)
    wrong = False
    who = throttle.visitor(request)
    if request.method == "POST" and throttle.is_blocked("track", who, _WRONG_CODES):
        return render(request, "cases/track.html", {"form": form, "blocked": True}, status=429)
    if request.method == "POST" and form.is_valid():
        access = numbers.access_of(form.cleaned_data["number"], form.cleaned_data["code"])
        case = Case.objects.filter(access=access).first()
        if case is not None:
            _remember(request, case.number, form.cleaned_data["code"])
            return redirect("status", number=case.number)
        throttle.failed("track", who)
        wrong = True
    context = {"form": form, "wrong": wrong}
    return render(request, "cases/track.html", context, status=404 if wrong else 200)


@require_GET
def status(request: HttpRequest, number: str) -> HttpResponse:
    """Where the case stands: the clock, every event, the answer, the delivery."""
    case, _code = _mine(request, number)
    return render(request, "cases/status.html", _context(case, now()))


@require_POST
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """Take the application back; where somebody was faster, show what happened."""
    case, _code = _mine(request, number)
    try:
        filing.withdraw(case)
    except Conflict as conflict:
        context = {**_context(Case.objects.get(pk=case.pk), now()), "conflict": str(conflict)}
        return render(request, "cases/status.html", context, status=409)
    return redirect("status", number=number)


@require_POST
def fetch(request: HttpRequest, number: str, pk: int) -> HttpResponse | FileResponse:
    """Hand the delivered file to this applicant, or lead to the link; each fetch is an event."""
    case, _code = _mine(request, number)
    delivery = Delivery.objects.filter(pk=pk, case=case).first()
    if delivery is None or not is_open(Verb.FETCH, case.kind, case.state):
        raise Http404
    actions.record_fetch(case, delivery)
    if delivery.link:
        return render(request, "cases/link.html", {"case": case, "link": delivery.link})
    return FileResponse(
        actions.stored_path(delivery).open("rb"),
        as_attachment=True,
        filename=delivery.filename,
        content_type="application/octet-stream",
    )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, the same for what does not exist and for what is somebody else's."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/not_found.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without any detail."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/error.html", status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without its token; going back keeps what was typed."""
    with i18n.use(settings.KAISHU_LANGUAGE):
        return render(request, "cases/forgery.html", status=403)


def _remember(request: HttpRequest, number: str, code: str) -> None:
    mine = dict(request.session.get("cases", {}))
    mine[number] = code
    request.session["cases"] = mine


def _mine(request: HttpRequest, number: str) -> tuple[Case, str]:
    """The case, if this browser has shown its code. Raises Http404 otherwise."""
    code = request.session.get("cases", {}).get(number)
    access = numbers.access_of(number, code) if code else ""
    case = Case.objects.filter(access=access).first() if code else None
    if code is None or case is None:
        raise Http404
    return case, code


def _cited(case: Case, portal: Now) -> Regulation:
    """The text that the case's term is in; the portal's own where that has left its chain."""
    texts = {text.id: text for text in portal.regulation.chain}
    return texts.get(case.regulation, portal.regulation)


def _context(case: Case, portal: Now) -> dict[str, Any]:
    """What receipt and status page show. The days are counted anew; the due date is the stored one."""
    reply: ReplyClock = reply_clock(portal, Kind(case.kind), case.received_at)
    same = reply.due is not None and reply.due.due_date == case.due_date
    return {
        "case": case,
        "due": reply.due if same else None,
        "text": _cited(case, portal),
        "department": portal.catalog.portal.department(case.department),
        "overdue": is_overdue(case),
        "left": working_days_left(case, portal),
        "events": list(case.events.all()),
        "answer": getattr(case, "answer", None),
        "deliveries": list(case.deliveries.all()),
        "can_withdraw": is_open(Verb.WITHDRAW, case.kind, case.state),
        "State": State,
    }
