"""Sign-in to the desk: password, second factor (RFC 6238), enrolment, sign-out."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode

import segno
from axes.decorators import axes_dispatch
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import devices_for_user
from django_otp import login as otp_login
from django_otp.plugins.otp_totp.models import TOTPDevice

from kaishu.base.i18n import gettext as _
from kaishu.cases.forms_desk import LoginForm, TokenForm
from kaishu.cases.models import StaffProfile
from kaishu.cases.portal import now

if TYPE_CHECKING:
    from django.http import HttpRequest

_WANTED: Final = "wanted"


@axes_dispatch  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Sign in; too many wrong passwords for one name or from one address are paused."""
    form = LoginForm(request.POST if request.method == "POST" else None)
    error = ""
    if request.method == "POST" and form.is_valid():
        stated = form.cleaned_data
        user = auth.authenticate(request, username=stated["username"], password=stated["password"])
        if user is not None and StaffProfile.objects.filter(user_id=user.pk).exists():
            # A new session at every sign-in: one that was planted before is worth nothing.
            auth.login(request, user)
            request.session[_WANTED] = _next(request)
            return _onward(request)
        error = _("User name or password is not right.")
    shown = {"form": form, "error": error, "single_sign_on": settings.KAISHU_SINGLE_SIGN_ON}
    return render(request, "desk/login.html", shown, status=403 if error else 200)


def locked_out(request: HttpRequest, *_rest: Any, **_named: Any) -> HttpResponse:
    """403: too many wrong passwords; a pause follows."""
    error = _("Too many attempts. Please wait a quarter of an hour.")
    shown = {"form": LoginForm(), "error": error, "single_sign_on": False}
    return render(request, "desk/login.html", shown, status=403)


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out."""
    auth.logout(request)
    return redirect("desk-login")


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """The second factor, each time; wrong digits slow down what follows (django-otp)."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect_to_login(reverse("desk"))
    devices = list(devices_for_user(user))
    if user.is_verified() or not devices:
        return redirect("desk")
    form = TokenForm(request.POST if request.method == "POST" else None)
    error = ""
    if request.method == "POST" and form.is_valid():
        token = form.cleaned_data["token"].strip()
        device = next(
            (one for one in devices if one.verify_is_allowed()[0] and one.verify_token(token)), None
        )
        if device is not None:
            otp_login(request, device)
            request.session.cycle_key()
            return _onward(request)
        error = _("These digits are not right, or it is too soon after a wrong attempt.")
    return render(
        request, "desk/verify.html", {"form": form, "error": error}, status=403 if error else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """A second factor for an account that has none: a secret as QR code, proved by its digits."""
    user: Any = request.user
    if not user.is_authenticated:
        return redirect_to_login(reverse("desk"))
    if next(devices_for_user(user), None) is not None:
        # Whoever has one signs in with it; it is taken away at the command line alone.
        return redirect("desk")
    device, _made = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": "TOTP"}
    )
    form = TokenForm(request.POST if request.method == "POST" else None)
    error = ""
    if request.method == "POST" and form.is_valid():
        if device.verify_is_allowed()[0] and device.verify_token(
            form.cleaned_data["token"].strip()
        ):
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            otp_login(request, device)
            request.session.cycle_key()
            return _onward(request)
        error = _("These digits are not right, or it is too soon after a wrong attempt.")
    shown = {
        "form": form,
        "error": error,
        "picture": _picture(device, user.get_username()),
        "secret": base64.b32encode(device.bin_key).decode().rstrip("="),
    }
    return render(request, "desk/enrol.html", shown, status=403 if error else 200)


def _picture(device: TOTPDevice, username: str) -> str:
    """The QR code as a data address: nothing is inline that a strict policy would refuse."""
    target = io.BytesIO()
    issuer = now().catalog.portal.title
    address = f"otpauth://totp/{quote(issuer)}:{quote(username)}?" + urlencode(
        {"secret": base64.b32encode(device.bin_key).decode().rstrip("="), "issuer": issuer}
    )
    segno.make(address, error="m").save(target, kind="png", scale=5, border=4)
    return "data:image/png;base64," + base64.b64encode(target.getvalue()).decode()


def _onward(request: HttpRequest) -> HttpResponse:
    return redirect(request.session.get(_WANTED) or "desk")


def _next(request: HttpRequest) -> str:
    """Where the visitor wanted to go, if it is a place of this site."""
    wanted = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if safe else ""
