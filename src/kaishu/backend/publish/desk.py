"""Who publishes in the browser, and through which repository."""

from __future__ import annotations

import os
import subprocess
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import render

from kaishu.cases.desk import officers_only
from kaishu.cases.words import Role
from kaishu.gate import settings as gate_settings
from kaishu.history.proposals import Person, Proposals

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from kaishu.cases.models import StaffProfile

# The bare repository with the gate in it; without it, the one that the portal was cloned from.
REPOSITORY = "KAISHU_REPOSITORY"


def repository() -> Proposals | None:
    """The repository that is published through, or None where there is none with a gate."""
    root, var = Path(settings.KAISHU_ROOT), Path(settings.KAISHU_VAR)
    named = os.environ.get(REPOSITORY) or _origin(root)
    if not named or not (Path(named) / gate_settings.FILE).is_file():
        return None
    # A variable folder belongs to one portal; the repository beside the bare one lies in it.
    branch = gate_settings.read(Path(named)).branch
    return Proposals(Path(named), var / "publish.git", branch)


def person(request: HttpRequest, profile: StaffProfile) -> Person:
    """The officer as git and the gate know them: by the account's address, else by its name."""
    user: Any = request.user
    name = user.get_full_name() or user.get_username()
    email = profile.email or user.email or ""
    return Person(name, email or f"{user.get_username()}@desk.invalid", email or name)


def publishers(
    *roles: Role,
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponseBase]]:
    """Give a view the officer's profile and the repository; others than `roles` find nothing."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def guarded(
            request: HttpRequest, profile: StaffProfile, *arguments: Any, **named: Any
        ) -> HttpResponse:
            if profile.role not in roles:
                raise Http404
            found = repository()
            if found is None:
                return render(request, "publish/unset.html", {"variable": REPOSITORY}, status=404)
            return view(request, profile, found, *arguments, **named)

        return officers_only(guarded)

    return decorate


def _origin(root: Path) -> str:
    done = subprocess.run(
        ["git", "-C", str(root), "config", "--get", "remote.origin.url"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    found = done.stdout.strip()
    return found if Path(found).is_dir() else ""
