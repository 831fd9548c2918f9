"""503 where nothing can be stored: the disk is full, or the database is away. Reading goes on."""

from __future__ import annotations

import errno
import logging
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.shortcuts import render

from kaishu.base import i18n

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    Handler = Callable[[HttpRequest], HttpResponse]

RETRY_SECONDS: Final = 60
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)

_log = logging.getLogger(__name__)


class Outage:
    """Says that nothing was stored, and that the form can be sent again as it is."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an outage; None leaves every other error to Django."""
        if not is_outage(error):
            return None
        # The address may hold anything a visitor typed; what kind of error it was is enough.
        _log.error("nothing can be stored: %s", type(error).__name__)
        with i18n.use(settings.KAISHU_LANGUAGE):
            response = render(request, "cases/outage.html", status=503)
        response["Retry-After"] = str(RETRY_SECONDS)
        return response


def is_outage(error: Exception) -> bool:
    """Whether an error says that the disk is full or the database is away."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return isinstance(error, (OperationalError, InterfaceError))
