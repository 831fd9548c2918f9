"""The stock admin: for superusers behind the desk's own sign-in; accounts alone, no case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from tests.cases.conftest import PASSWORD, signed_in

from kaishu.cases import staff
from kaishu.cases.accounts import site
from kaishu.cases.models import StaffProfile

if TYPE_CHECKING:
    from django.contrib.auth.models import AbstractBaseUser
    from pytest_django.fixtures import SettingsWrapper

ADMIN = "/desk/admin/"
USERS = f"{ADMIN}auth/user/"


@pytest.fixture
def superuser() -> Client:
    staff.add("root", "", PASSWORD, superuser=True)
    client = Client()
    client.post("/desk/login/", {"username": "root", "password": PASSWORD})
    return client


def user(name: str) -> AbstractBaseUser:
    found: AbstractBaseUser = get_user_model().objects.get(username=name)
    return found


def stated(name: str, role: str, department: str) -> dict[str, str]:
    return {
        "username": name, "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD,
        "staff_profile-TOTAL_FORMS": "1", "staff_profile-INITIAL_FORMS": "0",
        "staff_profile-0-role": role, "staff_profile-0-department": department,
    }  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "head", "operator", "auditor"])
def test_whoever_is_no_superuser_does_not_find_it(role: str) -> None:
    client = signed_in("zhang", "mzj" if role in ("officer", "head") else "", role)
    assert client.get(USERS, follow=True).status_code == 404
    assert client.get(ADMIN, follow=True).status_code == 404


def test_a_stranger_is_led_to_the_desks_sign_in() -> None:
    answer = Client().get(USERS, follow=True)
    assert answer.redirect_chain[-1][0].startswith("/desk/login/")


def test_a_superuser_opens_an_account_that_signs_in(superuser: Client) -> None:
    assert superuser.get(USERS).status_code == 200
    assert superuser.post(f"{USERS}add/", stated("li", "officer", "mzj")).status_code == 302
    profile = StaffProfile.objects.get(user=user("li"))
    assert (profile.role, profile.department) == ("officer", "mzj")
    officer = Client()
    officer.post("/desk/login/", {"username": "li", "password": PASSWORD})
    assert officer.get("/desk/").status_code == 200


@pytest.mark.parametrize(
    ("role", "department"), [("head", ""), ("head", "none"), ("auditor", "mzj")]
)
def test_a_role_without_its_department_is_refused(
    superuser: Client, role: str, department: str
) -> None:
    assert superuser.post(f"{USERS}add/", stated("li", role, department)).status_code == 200
    assert not get_user_model().objects.filter(username="li").exists()


def test_a_closed_account_is_out_at_once_and_stays_in_the_record(superuser: Client) -> None:
    officer = signed_in("zhang", "mzj")
    zhang = user("zhang")
    change = f"{USERS}{zhang.pk}/change/"
    assert superuser.get(change).status_code == 200
    profile = StaffProfile.objects.get(user=zhang)
    closed = {
        "username": "zhang", "staff_profile-TOTAL_FORMS": "1", "staff_profile-INITIAL_FORMS": "1",
        "staff_profile-0-id": str(profile.pk), "staff_profile-0-user": str(zhang.pk),
        "staff_profile-0-role": "officer", "staff_profile-0-department": "mzj",
    }  # fmt: skip
    assert superuser.post(change, closed).status_code == 302
    assert officer.get("/desk/").status_code == 302
    assert superuser.get(f"{USERS}{zhang.pk}/delete/").status_code == 403


def test_in_production_a_superuser_needs_the_second_factor_too(
    superuser: Client, settings: SettingsWrapper
) -> None:
    settings.KAISHU_MODE = "production"
    assert superuser.get(USERS, follow=True).redirect_chain[-1][0] == "/desk/enrol/"


def test_nothing_of_the_cases_is_registered() -> None:
    assert [model._meta.label for model in site._registry] == ["auth.User"]
    assert site.urls[2] == "accounts"


def test_its_pages_need_nothing_that_the_policy_forbids(superuser: Client) -> None:
    page = superuser.get(f"{USERS}add/")
    assert "script-src 'self'" in page["Content-Security-Policy"]
    text = page.content.decode()
    assert " onclick=" not in text
    assert "民政局" in text
    assert "工作人员" in text
    assert "<style" not in text
    assert "/cases/static/admin/" in text
