"""Accounts: strong passwords, known departments, and the demo's own."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from tests.cases.conftest import PASSWORD
from tests.portals import write

from kaishu.base.errors import Conflict, NotFound, UsageError
from kaishu.cases import staff


def test_an_account_belongs_to_a_department_of_the_catalogue() -> None:
    with pytest.raises(NotFound, match="nobody"):
        staff.add("zhang", "nobody", PASSWORD)


def test_a_weak_password_is_refused_with_the_reason() -> None:
    with pytest.raises(UsageError):
        staff.add("zhang", "mzj", "12345")
    assert staff.accounts() == []


def test_a_name_is_given_once() -> None:
    staff.add("zhang", "mzj", PASSWORD)
    with pytest.raises(Conflict):
        staff.add("zhang", "jtj", PASSWORD)


def test_a_stored_password_costs_a_guesser_a_million_hashes() -> None:
    asked = (
        "import django; django.setup(); from django.contrib.auth.hashers import get_hasher as get;"
        " print(get().algorithm, get().iterations >= 1_000_000)"
    )
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    assert done.stdout.split() == ["pbkdf2_sha256", "True"]


def test_a_new_password_replaces_the_old_one() -> None:
    staff.add("zhang", "mzj", PASSWORD)
    staff.set_password("zhang", PASSWORD + "2")
    user = get_user_model().objects.get(username="zhang")
    assert not user.check_password(PASSWORD)
    assert user.check_password(PASSWORD + "2")


def test_the_demo_has_every_role_where_applications_go() -> None:
    first, again = staff.demo(), staff.demo()
    assert [(one.username, one.department, one.role) for one in first] == [
        ("operator", "", "operator"),
        ("auditor", "", "auditor"),
        ("officer-mzj", "mzj", "officer"),
        ("head-mzj", "mzj", "head"),
    ]
    assert first == again
    users = get_user_model().objects
    assert all(users.get(username=one.username).check_password(one.password) for one in first)
    kept = Path(settings.KAISHU_VAR) / "demo-accounts.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_a_portal_in_production_gets_no_demo_accounts(small: Path) -> None:
    text = (small / "catalog.yaml").read_text().replace("mode: example", "mode: production")
    write(small, "catalog.yaml", text)
    with pytest.raises(UsageError):
        staff.demo()
