"""办理情况: reply times of the cases that an officer may see, from rollups alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from kaishu.cases import tally
from kaishu.cases.desk import officers_only
from kaishu.cases.portal import now
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from kaishu.cases.models import StaffProfile


@officers_only
@require_safe
def figures(request: HttpRequest, profile: StaffProfile) -> HttpResponse:
    """One row a year, kind and department; as new as the last sweep."""
    portal = now().catalog.portal
    rows = [
        {
            "tallied": one,
            "kind": Kind(one.kind).label,
            "department": found.name
            if (found := portal.department(one.department))
            else portal.operator.name,
        }
        for one in tally.read()
        if profile.sees_all or one.department == profile.department
    ]
    return render(request, "desk/figures.html", {"rows": rows, "profile": profile})
