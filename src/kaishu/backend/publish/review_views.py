"""`/desk/review/`: what waits for the operator, and the decision on it."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from kaishu.backend.publish import reviewing
from kaishu.backend.publish.desk import person, publishers
from kaishu.backend.publish.forms import ReviewForm
from kaishu.base import clock
from kaishu.base.errors import Conflict, NotFound
from kaishu.cases.words import Role
from kaishu.catalog.reviews import Examination
from kaishu.publishing import publication
from kaishu.supervision import review

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from kaishu.cases.models import StaffProfile
    from kaishu.catalog.dataset import Catalog
    from kaishu.history.proposals import Proposals

REFRESHED = 3  # seconds


@require_GET
@publishers(Role.OPERATOR)
def index(request: HttpRequest, profile: StaffProfile, repository: Proposals) -> HttpResponse:
    """Proposals, and what is on the portal's branch but not approved."""
    del profile
    proposals = [(one, reviewing.key_of(one)) for one in repository.waiting()]
    context = {"proposals": proposals, "waiting": reviewing.waiting(repository)}
    response = render(request, "publish/reviews.html", context)
    if publication.is_under_way(Path(settings.KAISHU_ROOT) / "build"):
        # The page tells by itself how it ends; nothing is typed into it.
        response["Refresh"] = str(REFRESHED)
    return response


@publishers(Role.OPERATOR)
def page(
    request: HttpRequest, profile: StaffProfile, repository: Proposals, place: str
) -> HttpResponse:
    """One content: `<department>/<name>` as published, with a further part a proposal."""
    by, key = person(request, profile), "/".join(place.split("/")[:2])
    posted = request.POST if request.method == "POST" else None
    today = clock.today().isoformat()
    first = {"secrecy_by": by.name, "openness_by": by.name, "secrecy_date": today,
             "openness_date": today}  # fmt: skip
    form = ReviewForm(posted, initial=first)
    problem, status = "", 200
    try:
        proposal = reviewing.find(repository, place) if place.count("/") == 2 else None
        examined = reviewing.examine(repository, key, proposal)
        if posted is not None and form.is_valid():
            approved = "return" not in posted
            record = _record(key, by.name, form.cleaned_data, approved=approved)
            said = reviewing.decide(repository, key, proposal, by, record, approved=approved)
            request.session["gate-said"] = said
            return redirect("reviews")
    except NotFound as gone:
        raise Http404 from gone
    except Conflict as refused:
        problem, status = str(refused), 409
        examined = reviewing.examine(repository, key, None)
    if form.errors:
        status = 422
    context = {"examined": examined, "form": form, "problem": problem}
    return render(request, "publish/review.html", context, status=status)


def _record(
    key: str, by: str, said: dict[str, Any], *, approved: bool
) -> Callable[[Catalog], Path]:
    if not approved:
        return partial(review.send_back, key=key, by=by, reason=said["reason"])
    both = {
        name: Examination(
            by=said[f"{name}_by"],
            date=said[f"{name}_date"],
            reference=said[f"{name}_reference"] or None,
        )
        for name in ("secrecy", "openness")
    }
    return partial(
        review.approve, key=key, by=by, secrecy=both["secrecy"], openness=both["openness"]
    )
