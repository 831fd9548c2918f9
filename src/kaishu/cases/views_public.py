"""Filing, as applicants see it: which form, what is wrong in it, and what stays typed."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import get_script_prefix, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods

from kaishu.base import clock
from kaishu.base.vocabulary import Openness
from kaishu.cases import (
    access,
    duplicates,
    filing,
    intake,
    numbers,
    proof,
    retention,
    undertaking,
)
from kaishu.cases.clock import is_sent_directly, reply_clock
from kaishu.cases.files import inspection
from kaishu.cases.forms import (
    ORGANISATIONS,
    ApplicationForm,
    CorrectionForm,
    DemandForm,
    DisputeForm,
)
from kaishu.cases.portal import now
from kaishu.cases.views_status import carried, mine
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now
    from kaishu.catalog.dataset import Dataset

FORMS: Final[dict[Kind, Any]] = {
    Kind.OPEN_APPLICATION: ApplicationForm,
    Kind.OPEN_DEMAND: DemandForm,
    Kind.CORRECTION: CorrectionForm,
    Kind.DISPUTE: DisputeForm,
}
_ANY: Final = "0" * 15


@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest) -> HttpResponse:
    """The application form of one dataset; without one, the datasets that can be applied for.

    `again` names a former application, which the form then begins with.
    """
    portal = now()
    key = request.GET.get("dataset", "")
    if not key:
        on_request = [d for d in portal.catalog.datasets if d.openness is Openness.ON_REQUEST]
        return render(request, "cases/choose.html", {"datasets": on_request})
    dataset = _dataset(portal, key)
    if dataset.openness is not Openness.ON_REQUEST or dataset.entry.withdrawn:
        return render(request, "cases/not_needed.html", {"dataset": dataset})
    former = request.GET.get("again", "")
    found = carried(request, former) if former else None
    if former and found is None and request.method != "POST":
        # Only whoever holds number and code is told what the former application said.
        return redirect(f"{reverse('track')}?{urlencode({'again': former})}")
    same = found is not None and found[0].dataset_key == dataset.key
    initial = found[0].statement if found and same else {}
    form = _form(request, ApplicationForm, initial=initial, dataset=dataset)
    known = {"former": former} if same else {}
    filed = filing.Filing(Kind.OPEN_APPLICATION, known, dataset, undertaking=undertaking.VERSION)
    return _filed(request, portal, form, filed)


@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: HttpRequest) -> HttpResponse:
    """The form for data that are not in the catalogue; what is there already is shown first.

    A search that found nothing leads here with its words.
    """
    portal = now()
    departments = [(one.id, one.name) for one in portal.catalog.portal.departments]
    looked_for = {"title": request.GET.get("q", "").strip()}
    form = _form(request, DemandForm, initial=looked_for, departments=departments)
    found = None
    if request.method == "POST" and form.is_valid() and not form.cleaned_data["not_these"]:
        found = duplicates.look(portal, form.cleaned_data["title"])
    filed = filing.Filing(Kind.OPEN_DEMAND)
    return _filed(request, portal, form, filed, found=found)


@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest) -> HttpResponse:
    """The form for what is wrong in a dataset, a column or a row of it."""
    portal = now()
    key = request.GET.get("dataset", "")
    if not key:
        return render(request, "cases/choose_wrong.html", {"datasets": portal.catalog.datasets})
    dataset = _dataset(portal, key)
    form = _form(request, CorrectionForm, dataset=dataset)
    if "column" in form.fields and not form.is_bound:
        wanted, named = request.GET.get("field", ""), dict(form.fields["column"].choices)
        # A column may be named alone, as a page of the dataset does.
        ends = [name for name in named if name == wanted or name.split(".", 1)[-1] == wanted]
        form.initial["column"] = ends[0] if wanted and ends else ""
    return _filed(request, portal, form, filing.Filing(Kind.CORRECTION, {}, dataset))


@require_http_methods(["GET", "HEAD", "POST"])
def dispute(request: HttpRequest, number: str) -> HttpResponse:
    """The form against an answer, or its lateness."""
    portal, (case, _code) = now(), mine(request, number)
    if not filing.may_dispute(case):
        return redirect("status", number=number)
    form = _form(request, DisputeForm)
    return _filed(request, portal, form, filing.Filing(Kind.DISPUTE, {}, about=case))


@require_http_methods(["GET", "HEAD", "POST"])
def amend(request: HttpRequest, number: str) -> HttpResponse:
    """Correct what was filed, for ten minutes; afterwards the status page says what is open."""
    portal, (case, _code) = now(), mine(request, number)
    if not filing.may_amend(case) or case.kind == Kind.DISPUTE:
        return redirect("status", number=number)
    kind = Kind(case.kind)
    named: dict[str, Any] = {"dataset": portal.dataset(case.dataset_key)}
    if kind is Kind.OPEN_DEMAND:
        named["departments"] = [(one.id, one.name) for one in portal.catalog.portal.departments]
    accepted = {"undertaking": True, "not_these": True}
    form = _form(request, FORMS[kind], initial={**case.statement, **accepted}, **named)
    if request.method == "POST" and form.is_valid():
        kept = {name: said for name, said in case.statement.items() if name == "former"}
        filing.amend(case, {**kept, **form.statement()})
        return redirect("receipt", number=number)
    filed = filing.Filing(kind, {}, named["dataset"])
    return _page(request, portal, form, filed, amended=case)


def _form(
    request: HttpRequest, form: Any, *, initial: dict[str, Any] | None = None, **named: Any
) -> Any:
    """The form as sent, or new: each new one has an idempotency key of its own."""
    if request.method == "POST":
        return form(request.POST, initial=initial, **named)
    new = {**(initial or {}), "idempotency_key": secrets.token_hex(16)}
    return form(None, initial=new, **named)


def _filed(
    request: HttpRequest,
    portal: Now,
    form: Any,
    filed: filing.Filing,
    *,
    found: duplicates.Found | None = None,
) -> HttpResponse:
    """File what was sent and lead to its receipt; or show the form, with all that was typed."""
    if request.method != "POST" or not form.is_valid() or found:
        return _page(request, portal, form, filed, found=found)
    # Who objects is who filed the case in dispute: nothing is asked twice.
    party = _party(filed.about) if filed.about is not None else {}
    filed.statement = {**party, **filed.statement, **form.statement()}
    case = _taken_in(request, portal, form, filed, spent=False)
    if case is None:
        return _page(request, portal, form, filed)
    response = HttpResponseRedirect(_receipt(get_script_prefix()).replace(_ANY, case.number))
    code = numbers.code_for(form.cleaned_data["idempotency_key"], settings.SECRET_KEY)
    access.remember(request, response, case.number, code)
    return response


@lru_cache(maxsize=8)
def _receipt(_prefix: str) -> str:
    """The address of the receipt of the case `_ANY`, below a portal's sub-path."""
    return reverse("receipt", args=[_ANY])


def _taken_in(
    request: HttpRequest, portal: Now, form: Any, filed: filing.Filing, *, spent: bool
) -> Case | None:
    """The case that is filed; None where what came beside the form does not let it be."""
    admitted = intake.admit(request, form, spent=spent)
    if admitted is None:
        return None
    filed.files, filed.proof, filed.beside = admitted.marks, admitted.proven, admitted.rows
    key = form.cleaned_data["idempotency_key"]
    try:
        return filing.file(portal, filed, idempotency_key=key)
    except filing.Spent:
        return _taken_in(request, portal, form, filed, spent=True)


def _page(
    request: HttpRequest,
    portal: Now,
    form: Any,
    filed: filing.Filing,
    *,
    found: duplicates.Found | None = None,
    amended: Case | None = None,
) -> HttpResponse:
    moment = clock.now()
    directly = is_sent_directly(portal, moment.date())
    waits = filed.kind is Kind.CORRECTION and not directly
    context = {
        "kind": filed.kind,
        "dataset": filed.dataset,
        "about": filed.about,
        "amended": amended,
        "former": filed.statement.get("former", ""),
        "form": form,
        "found": found,
        "groups": [
            (heading, [form[name] for name in names if name in form.fields])
            for heading, names in form.groups
        ],
        "reply": reply_clock(portal, filed.kind, moment),
        "waits": waits,
        "regulation": portal.regulation,
        "undertaking": undertaking.CLAUSES if "undertaking" in form.fields else (),
        "organisations": ORGANISATIONS,
        "years": retention.YEARS,
        "challenge": "" if amended else proof.challenge(),
        "most_files": intake.MOST_FILES,
        "kinds_of_files": inspection.ACCEPT,
    }
    status = 422 if form.errors or found else 200
    return render(request, "cases/apply.html", context, status=status)


def _dataset(portal: Now, key: str) -> Dataset:
    dataset = portal.dataset(key)
    if dataset is None:
        raise Http404
    return dataset


def _party(case: Case) -> dict[str, Any]:
    names = ("applicant_type", "applicant_name", "uscc", "contact_person", "phone", "email")
    return {name: case.statement[name] for name in names if name in case.statement}
