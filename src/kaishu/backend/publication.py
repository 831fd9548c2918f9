"""What the desk shows of publishing: that it is under way, and to the operator why it failed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings

from kaishu.cases.words import Role
from kaishu.publishing import publication

if TYPE_CHECKING:
    from django.http import HttpRequest


def context(request: HttpRequest) -> dict[str, Any]:
    """For pages of the desk: `under_way`, and to operators `publication`, the last build's end."""
    user: Any = getattr(request, "user", None)
    if not request.path_info.startswith("/desk/") or user is None or not user.is_authenticated:
        return {}
    profile = getattr(user, "staff_profile", None)
    if profile is None:
        return {}
    output = Path(settings.KAISHU_ROOT) / "build"
    under_way = publication.is_under_way(output)
    shown = profile.role == Role.OPERATOR.value and not under_way
    return {
        "publishing": under_way,
        "publication": publication.last(output) if shown else None,
    }
