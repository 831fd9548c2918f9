"""The page behind a mail that asks to confirm a case; a visit alone, as of a scanner, does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from kaishu.base import clock
from kaishu.cases import intake
from kaishu.cases.records import Confirmation
from kaishu.cases.storage import writing

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, and confirm on POST. Raises Http404 for a token that is not ours."""
    number = intake.confirmed_number(token)
    found = Confirmation.objects.filter(case__number=number).first() if number else None
    if found is None:
        raise Http404
    if request.method == "POST" and found.confirmed_at is None:
        found.confirmed_at = clock.now()
        with writing():
            Confirmation.objects.filter(pk=found.pk, confirmed_at=None).update(
                confirmed_at=found.confirmed_at
            )
    context = {"number": number, "confirmed": found.confirmed_at is not None}
    return render(request, "cases/confirm.html", context)
