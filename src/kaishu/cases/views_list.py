"""The desk's list: by due date, filtered, searched, kept under a name, taken along as a table."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import gettext as _
from kaishu.cases import encryption, numbers
from kaishu.cases.clock import is_overdue, working_days_left
from kaishu.cases.desk import missing_year, officers_only, visible
from kaishu.cases.fields import plain
from kaishu.cases.forms_desk import ViewForm
from kaishu.cases.models import INDEXED, NO_TERM, Case, SavedView
from kaishu.cases.portal import now
from kaishu.cases.words import Kind, State
from kaishu.packaging.values import acts_as_formula

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from kaishu.cases.models import StaffProfile
    from kaishu.cases.portal import Now

PAGE: Final = 50
# What may stand in an address, and so in a saved view.
FILTERS: Final = ("show", "kind", "state", "department", "due", "q")
_EARLIEST: Final = date(1, 1, 1)


@officers_only
@require_safe
def case_list(request: HttpRequest, profile: StaffProfile) -> HttpResponse:
    """Cases by due date, those without a term last; open ones unless asked otherwise.

    Pages follow each other by the last row seen, so that a million cases cost as much as ten.
    """
    portal = now()
    chosen = filters(request.GET)
    cases = ordered(
        filtered(visible(profile), chosen, portal), chosen, request.GET.get("after", "")
    )
    rows = list(cases[: PAGE + 1])
    more = rows[PAGE - 1] if len(rows) > PAGE else None
    context = {
        "rows": [_row(case, portal) for case in rows[:PAGE]],
        "chosen": chosen,
        "query": urlencode(chosen),
        "next": urlencode({**chosen, "after": _cursor(more, chosen)}) if more else "",
        "paged": bool(request.GET.get("after")),
        "profile": profile,
        "views": profile.views.all(),
        "view_form": ViewForm(initial={"query": urlencode(chosen)}),
        "department": portal.catalog.portal.department(profile.department),
        "departments": portal.catalog.portal.departments,
        "kinds": list(Kind),
        "states": list(State),
        "missing_year": missing_year(portal),
    }
    return render(request, "desk/list.html", context)


@officers_only
@require_safe
def export(request: HttpRequest, profile: StaffProfile) -> StreamingHttpResponse:
    """The filtered list as CSV for spreadsheet programs: no cell is ever taken for a formula."""
    portal = now()
    chosen = filters(request.GET)
    cases = ordered(filtered(visible(profile), chosen, portal), chosen, "")
    response = StreamingHttpResponse(_csv(cases, portal), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="cases-{clock.today()}.csv"'
    return response


@officers_only
@require_POST
def keep_view(request: HttpRequest, profile: StaffProfile) -> HttpResponse:
    """Keep the list at hand under a name; the same name again replaces it."""
    form = ViewForm(request.POST)
    if form.is_valid():
        query = urlencode(filters(QueryDict(form.cleaned_data["query"])))
        profile.views.update_or_create(name=form.cleaned_data["name"], defaults={"query": query})
        return redirect(f"{reverse('desk')}?{query}")
    return redirect("desk")


@officers_only
@require_POST
def drop_view(request: HttpRequest, profile: StaffProfile, pk: int) -> HttpResponse:
    """Keep a list no longer; of the officer's own lists alone."""
    get_object_or_404(SavedView, pk=pk, profile=profile).delete()
    return redirect("desk")


def filters(given: QueryDict) -> dict[str, str]:
    """The filters in an address, those that are empty or unknown left out."""
    found = {name: plain(given.get(name, "")).strip()[:100] for name in FILTERS}
    return {name: value for name, value in found.items() if value}


def filtered(cases: QuerySet[Case], chosen: dict[str, str], portal: Now) -> QuerySet[Case]:
    """The cases that the filters leave."""
    show, today = chosen.get("show", "open"), clock.today()
    if "q" in chosen:
        cases = cases.filter(_searched(chosen["q"], portal))
        show = chosen.get("show", "all")
    if show == "open":
        cases = cases.filter(open_due_on__gte=_EARLIEST)
    elif show == "closed":
        cases = cases.filter(open_due_on=None)
    for name in ("kind", "state", "department"):
        if name in chosen:
            wanted = "" if chosen[name] == "operator" else chosen[name]
            cases = cases.filter(**{name: wanted})
    due = chosen.get("due", "")
    if due == "late":
        cases = cases.filter(open_due_on__gte=_EARLIEST, open_due_on__lt=today)
    elif due == "none":
        cases = cases.filter(open_due_on=NO_TERM)
    elif due.isascii() and due.isdigit():
        last = _working_days_on(today, min(int(due), 60), portal)
        cases = cases.filter(open_due_on__range=(today, last))
    return cases


def ordered(cases: QuerySet[Case], chosen: dict[str, str], after: str) -> QuerySet[Case]:
    """By due date where they are open, the newest first elsewhere; what follows the row `after`."""
    by_due = _is_by_due(chosen)
    due, _, pk = after.rpartition("_")
    if pk.isascii() and pk.isdigit() and len(pk) < 19:
        if by_due:
            try:
                last = date.fromisoformat(due)
            except ValueError:
                last = _EARLIEST
            cases = cases.filter(
                Q(open_due_on__gt=last) | Q(open_due_on=last, pk__gt=int(pk)),
                open_due_on__gte=last,
            )
        else:
            cases = cases.filter(pk__lt=int(pk))
    return cases.order_by("open_due_on", "pk") if by_due else cases.order_by("-pk")


def _is_by_due(chosen: dict[str, str]) -> bool:
    return chosen.get("show", "all" if "q" in chosen else "open") == "open" or "due" in chosen


def _cursor(case: Case, chosen: dict[str, str]) -> str:
    return f"{case.open_due_on}_{case.pk}" if _is_by_due(chosen) else f"_{case.pk}"


def _searched(words: str, portal: Now) -> Q:
    """A number, an exact name, code, telephone or mail address, or words of a dataset's title."""
    digits = "".join(letter for letter in words if letter.isalnum())
    if numbers.is_number(digits):
        return Q(number=digits)
    found = Q(number=words)
    for name in INDEXED:
        found |= Q(**{f"{name}_index__in": encryption.blinds(name, words)})
    folded = words.casefold()
    keys = [
        dataset.key
        for dataset in portal.catalog.datasets
        if folded in dataset.descriptor.title.casefold() or folded == dataset.key
    ]
    return found | Q(dataset_key__in=keys) if keys else found


def _working_days_on(today: date, amount: int, portal: Now) -> date:
    day = today
    while amount:
        day += timedelta(days=1)
        amount -= portal.calendar.is_working(day)
    return day


def _row(case: Case, portal: Now) -> dict[str, Any]:
    department = portal.catalog.portal.department(case.department)
    return {
        "case": case,
        "overdue": is_overdue(case),
        "left": working_days_left(case, portal),
        "department": department.name if department else portal.catalog.portal.operator.name,
    }


class _Echo:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _csv(cases: QuerySet[Case], portal: Now) -> Iterator[str]:
    writer = csv.writer(_Echo())
    # Spreadsheet programs read UTF-8 only where it begins with its mark.
    yield "\ufeff"
    yield writer.writerow(
        [
            _("Case number"), _("Kind"), _("State"), _("Subject matter"), _("Department"), _("Applicant"),
            _("Received at"), _("Due"), _("Working days left"), _("Answered"),
        ]
    )  # fmt: skip
    for case in cases.iterator(chunk_size=500):
        row = _row(case, portal)
        answered = case.answered_at.astimezone(SHANGHAI) if case.answered_at else None
        cells = [
            case.number, case.kind_word.label, case.state_label, case.title, row["department"],
            case.statement.get("applicant_name", ""),
            case.received_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
            case.due_date or "", "" if row["left"] is None else row["left"],
            answered.strftime("%Y-%m-%d %H:%M") if answered else "",
        ]  # fmt: skip
        yield writer.writerow([_harmless(cell) for cell in cells])


def _harmless(cell: Any) -> str:
    text = str(cell)
    return f"'{text}" if isinstance(cell, str) and acts_as_formula(text) else text
