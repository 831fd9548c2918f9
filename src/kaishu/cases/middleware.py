"""What every answer of the backend carries: safe headers, the portal's language, a line in the log."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from axes.middleware import AxesMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django_otp.middleware import OTPMiddleware

from kaishu.base import clock, i18n
from kaishu.cases import bodies, outage, throttle, views_status

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    Handler = Callable[[HttpRequest], HttpResponse]

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "worker-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)


class SafeHeaders:
    """Headers that keep a page from being framed, scripted, sniffed or cached."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add them to the answer."""
        response = self.get_response(request)
        response.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.setdefault("X-Content-Type-Options", "nosniff")
        response.setdefault("Referrer-Policy", "same-origin")
        response.setdefault("X-Frame-Options", "DENY")
        if not request.path_info.startswith("/cases/static/"):
            response["Cache-Control"] = "no-store"
        if request.is_secure():
            for cookie in response.cookies.values():
                cookie["secure"] = True
        return response


class BodyLimit:
    """Refuses a request that announces more than any form can carry, before it is read."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse with 413."""
        announced = str(request.META.get("CONTENT_LENGTH") or "0")
        if not announced.isdigit() or int(announced) > bodies.longest(request.path_info):
            return HttpResponse(status=413)
        return self.get_response(request)


class NoNul:
    """Refuses an address that holds a NUL, which nobody types and PostgreSQL does not take."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse with 400."""
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest
        return self.get_response(request)


class AccessLog:
    """访问日志: one line of JSON a request, a file a day, so that nothing sent can forge a line.

    Query strings are left out, and so are static files; `kaishu retention` removes old days.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self._day: _Day | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then write the line."""
        response = self.get_response(request)
        if not request.path_info.startswith("/cases/static/"):
            self._write(request, response.status_code)
        return response

    def _write(self, request: HttpRequest, status: int) -> None:
        now = clock.now()
        user = getattr(request, "user", None) if hasattr(request, "_cached_user") else None
        line = {
            "at": now.isoformat(timespec="milliseconds"),
            "address": throttle.visitor(request),
            "user": user.get_username() if user is not None else "",
            "method": (request.method or "")[:10],
            "path": request.path_info[:300],
            "status": status,
        }
        data = (json.dumps(line) + "\n").encode()
        try:
            self._of_day(f"{settings.KAISHU_VAR}/access/{now.date()}.jsonl").write(data)
        except OSError as error:
            # Where the disk is full, reading goes on without a log.
            if not outage.is_outage(error):
                raise

    def _of_day(self, path: str) -> _Day:
        """The day's file, which stays open for the day."""
        day = self._day
        if day is None or day.path != path or day.is_gone():
            self._day = day = _Day(path)
        return day


class _Day:
    """A file of the log, readable by its owner alone; closed when nobody writes to it any more."""

    def __init__(self, path: str) -> None:
        self.path = path
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def __del__(self) -> None:
        if hasattr(self, "_handle"):
            os.close(self._handle)

    def is_gone(self) -> bool:
        """Whether somebody has removed the file."""
        return not os.fstat(self._handle).st_nlink

    def write(self, line: bytes) -> None:
        """Append a line, in one piece."""
        os.write(self._handle, line)


class _OnTheDesk:
    """Adds to requests of the desk alone: applicants sign in nowhere, and are answered sooner."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        """Answer, with what the class adds where the address is the desk's."""
        on_the_desk = request.path_info.startswith("/desk/")
        answer = super().__call__ if on_the_desk else self.get_response  # type: ignore[misc]
        return answer(request)


class DeskSessions(_OnTheDesk, SessionMiddleware):
    """Sessions of the desk."""


class DeskAccounts(_OnTheDesk, AuthenticationMiddleware):
    """Who is signed in at the desk."""


class DeskDevices(_OnTheDesk, OTPMiddleware):  # type: ignore[misc]
    """Whether a second factor was shown at the desk."""


class DeskMessages(_OnTheDesk, MessageMiddleware):
    """What the stock admin says after a change."""


class DeskGuard(_OnTheDesk, AxesMiddleware):  # type: ignore[misc]
    """Who is locked out after guessing at the desk."""


class PortalLanguage:
    """Every request is answered in the portal's one language; failures have pages of their own."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Use the language for the time of the request."""
        with i18n.use(cast("i18n.Language", settings.KAISHU_LANGUAGE)):
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """429 for guessing."""
        if isinstance(error, views_status.TooManyGuesses):
            return views_status.too_many(request)
        return None
