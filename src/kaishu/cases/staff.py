"""Accounts of the desk, and the demo's own ones."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from kaishu.base.errors import Conflict, NotFound, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness
from kaishu.cases.models import StaffProfile
from kaishu.cases.portal import now
from kaishu.cases.words import Role

if TYPE_CHECKING:
    from collections.abc import Iterator

OPERATOR, AUDITOR = "operator", "auditor"


@dataclass(frozen=True)
class Account:
    """One account; `department` is empty where all are seen, `password` known only when made."""

    username: str
    department: str
    role: str
    password: str = ""

    @property
    def role_word(self) -> Role:
        """The role with its label."""
        return Role(self.role)


def add(
    username: str,
    department: str,
    password: str,
    role: str = "",
    email: str = "",
    *,
    superuser: bool = False,
) -> None:
    """Make an account; by default an officer of the department, without one the operator.

    A superuser also manages accounts (see `accounts`). Raises Conflict, NotFound, or UsageError
    (a weak password, a role that does not fit).
    """
    which = Role(role) if role else Role.OFFICER if department else Role.OPERATOR
    check_role(which, department)
    users = get_user_model().objects
    if users.filter(username=username).exists():
        raise Conflict(_("There is an account “{name}” already.").format(name=username))
    _strong(password)
    with transaction.atomic():
        user = users.create_user(username=username, password=password, is_superuser=superuser)
        StaffProfile.objects.create(user=user, department=department, role=which.value, email=email)


def check_role(role: Role, department: str) -> None:
    """Raises UsageError or NotFound where a role and a department do not go together."""
    if (role in (Role.OFFICER, Role.HEAD)) != bool(department):
        raise UsageError(_("Officers and heads have a department; operator and auditor none."))
    if department and now().catalog.portal.department(department) is None:
        raise NotFound(_("There is no department “{id}” in catalog.yaml.").format(id=department))


def set_password(username: str, password: str) -> None:
    """Give an account a new password. Raises NotFound or UsageError (a weak password)."""
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise NotFound(_("There is no account “{name}”.").format(name=username))
    _strong(password)
    user.set_password(password)
    user.save(update_fields=["password"])


def reset_second_factor(username: str) -> None:
    """Take an account's second factor away, so that it sets up a new one. Raises NotFound."""
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise NotFound(_("There is no account “{name}”.").format(name=username))
    TOTPDevice.objects.filter(user=user).delete()


def accounts() -> list[Account]:
    """All accounts, by name, without passwords."""
    profiles = StaffProfile.objects.select_related("user").order_by("user__username")
    return [Account(one.user.get_username(), one.department, one.role) for one in profiles]


def demo() -> list[Account]:
    """The example's accounts: the operator, an auditor, and an officer and the head of each
    department that is applied to.

    Passwords are made at random once and kept in the variable folder, readable by its owner
    alone. Raises UsageError in a portal that is not an example.
    """
    if now().catalog.portal.mode != "example":
        raise UsageError(_("Demo accounts are made only in a portal with mode: example."))
    path = Path(settings.KAISHU_VAR) / "demo-accounts.json"
    known = json.loads(path.read_text()) if path.exists() else {}
    existing = {account.username for account in accounts()}
    made = []
    for username, department, role in _demo_names():
        password = known.get(username) or secrets.token_urlsafe(12)
        if username not in existing:
            add(username, department, password, role.value)
        elif username not in known:
            set_password(username, password)
        known[username] = password
        made.append(Account(username, department, role.value, password))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as target:
        json.dump(known, target, indent=2)
    return made


def _demo_names() -> Iterator[tuple[str, str, Role]]:
    yield OPERATOR, "", Role.OPERATOR
    yield AUDITOR, "", Role.AUDITOR
    applied_to = {
        dataset.department.id
        for dataset in now().catalog.datasets
        if dataset.openness is Openness.ON_REQUEST
    }
    for department in sorted(applied_to):
        yield f"officer-{department}", department, Role.OFFICER
        yield f"head-{department}", department, Role.HEAD


def _strong(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise UsageError(" ".join(error.messages)) from error
