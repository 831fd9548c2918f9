"""办理平台: what officers see. A department sees its own cases; the operator sees all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import auth
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from kaishu.base.errors import Conflict
from kaishu.base.i18n import gettext as _
from kaishu.cases import actions, throttle
from kaishu.cases.clock import is_overdue, refusal_states, rule_of, working_days_left
from kaishu.cases.forms import AnswerForm, DeliverForm, LoginForm
from kaishu.cases.models import Case, StaffProfile
from kaishu.cases.portal import now
from kaishu.cases.steps import By, acting
from kaishu.cases.transitions import is_open
from kaishu.cases.words import Outcome, State, Verb

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kaishu.cases.portal import Now

_WRONG_PASSWORDS = 8
_PAGE = 50
FILTERS: dict[str, tuple[State, ...]] = {
    "open": (State.SUBMITTED, State.GRANTED),
    "closed": (State.REFUSED, State.DELIVERED, State.WITHDRAWN),
    "all": tuple(State),
}


def login(request: HttpRequest) -> HttpResponse:
    """Sign in; too many wrong passwords for one name or from one address are paused."""
    form = LoginForm(request.POST if request.method == "POST" else None)
    error = ""
    if request.method == "POST" and form.is_valid():
        name = form.cleaned_data["username"]
        parties = (f"name:{name}", f"address:{throttle.visitor(request)}")
        if any(throttle.is_blocked("login", who, _WRONG_PASSWORDS) for who in parties):
            error = _("Too many attempts. Please wait a quarter of an hour.")
        else:
            user = auth.authenticate(request, username=name, password=form.cleaned_data["password"])
            if user is not None and StaffProfile.objects.filter(user_id=user.pk).exists():
                auth.login(request, user)
                return redirect(_next(request))
            for who in parties:
                throttle.failed("login", who)
            error = _("User name or password is not right.")
    status = 403 if error else 200
    return render(request, "desk/login.html", {"form": form, "error": error}, status=status)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    auth.logout(request)
    return redirect("desk-login")


@login_required
@require_GET
def case_list(request: HttpRequest) -> HttpResponse:
    """Cases by due date, those without a term last; open ones unless asked otherwise."""
    portal, profile = now(), _profile(request)
    shown = request.GET.get("show", "open")
    states = FILTERS.get(shown, FILTERS["open"])
    cases = _visible(profile).filter(state__in=states)
    ordered = cases.order_by(F("due_at").asc(nulls_last=True), "pk")
    page = Paginator(ordered, _PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(case, portal) for case in page],
        "shown": shown if shown in FILTERS else "open",
        "profile": profile,
        "department": portal.catalog.portal.department(profile.department),
    }
    return render(request, "desk/list.html", context)


@login_required
def case_page(request: HttpRequest, number: str) -> HttpResponse:
    """One case: what is asked, the rule's words, the decision."""
    portal, profile = now(), _profile(request)
    case = _visible(profile).filter(number=number).first()
    if case is None:
        raise Http404
    rule = rule_of(case, portal)
    can_answer = is_open(Verb.GRANT, case.kind, case.state)
    form_class: Any = AnswerForm if can_answer else DeliverForm
    options = {"states": refusal_states(case, portal)} if can_answer else {}
    initial = {"version": case.version, "outcome": Outcome.GRANTED.value}
    posted = request.method == "POST"
    form = form_class(
        request.POST if posted else None,
        request.FILES if posted else None,
        initial=initial,
        **options,
    )
    conflict = ""
    if posted and form.is_valid():
        # The version that the officer saw, so that a decision made meanwhile is not overrun.
        case.version = form.cleaned_data["version"]
        try:
            _decide(
                portal,
                case,
                form,
                acting(profile.role, request.user.get_username()),
                answering=can_answer,
            )
        except Conflict as raised:
            conflict = str(raised)
            case.refresh_from_db()
        else:
            return redirect("desk-case", number=number)
    context = {
        "case": case,
        "rule": rule,
        "form": form,
        "conflict": conflict,
        "can_answer": is_open(Verb.GRANT, case.kind, case.state),
        "can_deliver": case.state == State.GRANTED,
        "dataset": portal.dataset(case.dataset_key),
        "department": portal.catalog.portal.department(case.department),
        "overdue": is_overdue(case),
        "left": working_days_left(case, portal),
        "events": list(case.events.all()),
        "answer": getattr(case, "answer", None),
        "deliveries": list(case.deliveries.all()),
    }
    status = 409 if conflict else 422 if posted else 200
    return render(request, "desk/case.html", context, status=status)


def _decide(portal: Now, case: Case, form: Any, by: By, *, answering: bool) -> None:
    data = form.cleaned_data
    if answering and data["outcome"] == Outcome.REFUSED:
        refusal = actions.Refusal(
            data["reason"],
            data["reason_code"],
            data["basis_title"],
            data["basis_article"],
            data["basis_level"],
        )
        actions.refuse(case, by, refusal)
        return
    handover = None
    if file := data.get("file"):
        handover = actions.Handover(filename=file.name, blocks=file.chunks(), link=data["link"])
    elif data.get("link"):
        handover = actions.Handover(link=data["link"])
    if answering:
        actions.grant(portal, case, by, data["message"], handover=handover)
    elif handover is not None:
        actions.deliver(case, by, handover)


def _row(case: Case, portal: Now) -> dict[str, Any]:
    department = portal.catalog.portal.department(case.department)
    return {
        "case": case,
        "overdue": is_overdue(case),
        "left": working_days_left(case, portal),
        "department": department.name if department else case.department,
    }


def _profile(request: HttpRequest) -> StaffProfile:
    pk = request.user.pk
    profile = StaffProfile.objects.filter(user_id=pk).first() if pk is not None else None
    if profile is None:
        raise Http404
    return profile


def _visible(profile: StaffProfile) -> QuerySet[Case]:
    cases = Case.objects.all()
    return cases if profile.sees_all else cases.filter(department=profile.department)


def _next(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if it is a place of this site."""
    wanted = request.GET.get("next", "")
    here = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=here) else "desk"
