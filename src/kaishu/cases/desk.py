"""Who may enter the desk: an account with a profile and, where one is asked for, a second factor."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import redirect
from django_otp import user_has_device

from kaishu.base import clock
from kaishu.cases.models import Case, StaffProfile
from kaishu.cases.transitions import ACTOR_OF
from kaishu.cases.words import Role

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from kaishu.cases.portal import Now

# Set by `single_sign_on`: the provider of identities has asked for its own second factor.
SINGLE_SIGN_ON: Final = "single-sign-on"


def officers_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give `view` the officer's profile after the request; send everybody else to sign in."""

    @wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        user: Any = request.user
        if not user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if not has_second_factor(request):
            return redirect("desk-verify" if user_has_device(user) else "desk-enrol")
        profile = StaffProfile.objects.filter(user_id=user.pk).first()
        if profile is None:
            raise Http404
        return view(request, profile, *arguments, **named)

    return guarded


def has_second_factor(request: HttpRequest) -> bool:
    """Whether this session has passed its second factor.

    An example portal asks for one only of accounts that have one, so that it can be tried out.
    """
    user: Any = request.user
    if user.is_verified() or request.session.get(SINGLE_SIGN_ON):
        return True
    return settings.KAISHU_MODE == "example" and not user_has_device(user)


def visible(profile: StaffProfile) -> QuerySet[Case]:
    """The cases that an officer may see: the own department's, or all for operator and auditor."""
    cases = Case.objects.all()
    return cases if profile.sees_all else cases.filter(department=profile.department)


def may_act(profile: StaffProfile) -> bool:
    """Whether the officer may change anything at all."""
    return ACTOR_OF[Role(profile.role)] is not None


def missing_year(portal: Now) -> int | None:
    """Next year, from 1 November on, while its holiday notice is not at hand."""
    today: date = clock.today()
    following = today.year + 1
    return following if today.month >= 11 and following not in portal.calendar.years else None
