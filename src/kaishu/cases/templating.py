"""Jinja2 for Django's templates: our words, our formats, automatic escaping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import get_script_prefix, reverse
from jinja2 import Environment

from kaishu.base import formats
from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import gettext, ngettext
from kaishu.cases.portal import now

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest


def environment(**options: Any) -> Environment:
    """The environment that Django's Jinja2 backend asks for."""
    made = Environment(**{**options, "autoescape": True})  # noqa: S701 - it is on
    made.globals.update(static=_static, url=_address, _=gettext, ngettext=ngettext)
    made.filters.update(
        long_date=formats.long_date, long_time=_long_time, size=formats.size, number=formats.number
    )
    return made


def portal(request: HttpRequest) -> dict[str, Any]:
    """What every page shows of the portal; `site` is the site's address, ending in a slash."""
    settled = now().catalog.portal
    script = request.META.get("SCRIPT_NAME", "")
    elsewhere = settled.backend.url is not None
    return {
        "portal": settled,
        "site": f"{settled.url.rstrip('/')}/" if elsewhere else f"{script}/",
        "language": settings.KAISHU_LANGUAGE,
        "user": getattr(request, "user", None),
    }


def _static(name: str) -> str:
    # Django's own helper remembers the first request's sub-path for good.
    return get_script_prefix().rstrip("/") + settings.STATIC_URL + name


def _address(name: str, *arguments: Any, **named: Any) -> str:
    return reverse(name, args=arguments, kwargs=named)


def _long_time(moment: dt.datetime) -> str:
    return formats.long_time(moment.astimezone(SHANGHAI))
