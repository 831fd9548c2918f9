"""工作日历: which years' holidays are loaded, which due dates are provisional, and the recount."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from kaishu.base import clock
from kaishu.base.i18n import gettext as _
from kaishu.cases.desk import missing_year, officers_only
from kaishu.cases.models import Case
from kaishu.cases.portal import now
from kaishu.cases.recount import pending, recount
from kaishu.cases.words import Role
from kaishu.regulation import notices

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from kaishu.base.problems import Problem
    from kaishu.cases.models import StaffProfile
    from kaishu.cases.portal import Now

LISTED: Final = 100
# Years before this one that still matter to cases in hand.
_EARLIER = 1


@dataclass(frozen=True, slots=True)
class Year:
    """A year's holidays: where they are from; `loaded` tells whether the desk counts by them."""

    year: int
    source: str
    loaded: bool


@officers_only
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest, profile: StaffProfile) -> HttpResponse:
    """For the operator and, without the button, the auditor; the calendar itself is edited in git."""
    if not profile.sees_all:
        raise Http404
    portal, is_operator = now(), Role(profile.role) is Role.OPERATOR
    if request.method != "POST":
        return _page(request, portal, profile)
    if not is_operator:
        raise PermissionDenied
    if request.POST.get("seen") != "on":
        return _page(request, portal, profile, wrong=_("Confirm that you have seen what changes."))
    if request.POST.get("edition") != portal.calendar.edition:
        wrong = _("The calendar has changed since this page was shown. Look again, then confirm.")
        return _page(request, portal, profile, wrong=wrong)
    changed = sum(1 for _case in recount(portal))
    return redirect(f"{request.path}?changed={changed}")


def _page(
    request: HttpRequest, portal: Now, profile: StaffProfile, *, wrong: str = ""
) -> HttpResponse:
    provisional = Case.objects.filter(
        open_due_on__isnull=False, due_date__isnull=False, provisional=True
    )
    changes = list(islice(pending(portal), LISTED + 1))
    changed = request.GET.get("changed", "")
    years, problems = _years(portal)
    context: dict[str, Any] = {
        "years": years,
        "problems": problems,
        "missing_year": missing_year(portal),
        "next_year": clock.today().year + 1,
        "loaded": portal.calendar.years,
        "edition": portal.calendar.edition,
        "folder": notices.FOLDER,
        "provisional": provisional.order_by("open_due_on")[:LISTED],
        "provisional_count": provisional.count(),
        "changes": changes[:LISTED],
        "more": len(changes) > LISTED,
        "changed": int(changed) if changed.isascii() and changed.isdigit() and len(changed) < 9 else None,
        "wrong": wrong,
        "is_operator": Role(profile.role) is Role.OPERATOR,
        "profile": profile,
    }  # fmt: skip
    return render(request, "desk/calendar.html", context, status=422 if wrong else 200)


def _years(portal: Now) -> tuple[list[Year], list[Problem]]:
    """The years that cases in hand may touch, newest first; what is wrong with the portal's files."""
    own, problems = notices.read_all(settings.KAISHU_ROOT)
    files = {one.year: one.number for one in own}
    packaged = portal.calendar.tables.partition(";")[0]
    first = clock.today().year - _EARLIER
    found = sorted({*(y for y in portal.calendar.years if y >= first), *files}, reverse=True)
    return [
        Year(year, files.get(year, packaged), year in portal.calendar.years) for year in found
    ], problems
