"""Which cases this browser may see: number and code, in a sealed cookie and nowhere else.

Whoever has filed a case, or has given its number and code, carries them for two hours. A guess
meets no look-up at all, so that every one gets the same answer in the same time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import get_script_prefix

from kaishu.base import clock
from kaishu.cases import encryption

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

COOKIE: Final = "kaishu-cases"
SECONDS: Final = 2 * 60 * 60
# As many as fit into a cookie by a wide margin; the oldest leaves first.
MOST: Final = 12


def codes(request: HttpRequest) -> dict[str, str]:
    """The query codes that this browser carries, by case number."""
    token = request.COOKIES.get(COOKIE, "")
    if not token or len(token) > 4000:
        return {}
    try:
        carried = encryption.unwrap(token)
    except ValueError:
        return {}
    if not isinstance(carried, dict) or clock.now().timestamp() > carried.get("until", 0):
        return {}
    found: dict[str, str] = carried.get("codes", {})
    return found


def remember(request: HttpRequest, response: HttpResponse, number: str, code: str) -> None:
    """Let the browser carry one case more; never more than `MOST`."""
    carried = {**codes(request)}
    carried.pop(number, None)
    kept = dict([*carried.items(), (number, code)][-MOST:])
    until = int(clock.now().timestamp()) + SECONDS
    token = encryption.wrap({"until": until, "codes": kept})
    path = f"{get_script_prefix()}cases/"
    response.set_cookie(
        COOKIE, token, path=path, secure=request.is_secure(), httponly=True, samesite="Lax"
    )
