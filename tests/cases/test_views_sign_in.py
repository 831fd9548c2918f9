"""Sign-in: second factor, lock-out, new session, no way out of the site."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice
from tests.cases.conftest import PASSWORD, signed_in

from kaishu.cases import staff

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

LOGIN = "/desk/login/"
ZHANG = {"username": "zhang", "password": PASSWORD}


@pytest.fixture
def production(settings: SettingsWrapper) -> None:
    settings.KAISHU_MODE = "production"


def digits(key: bytes) -> str:
    return f"{totp(key):06d}"


def test_in_production_nothing_is_shown_before_a_second_factor_is_set_up(
    production: None,
) -> None:
    client = signed_in("zhang", "mzj")
    assert client.get("/desk/")["Location"] == "/desk/enrol/"
    page = client.get("/desk/enrol/").content.decode()
    assert 'src="data:image/png;base64,' in page
    device = TOTPDevice.objects.get()
    assert base64.b32encode(device.bin_key).decode().rstrip("=") in page
    assert client.post("/desk/enrol/", {"token": "000000"}).status_code == 403
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert client.post("/desk/enrol/", {"token": digits(device.bin_key)}).status_code == 302
    assert client.get("/desk/").status_code == 200


@pytest.fixture
def key() -> bytes:
    """The key of a second factor that zhang of mzj has set up."""
    staff.add("zhang", "mzj", PASSWORD)
    user = get_user_model().objects.get(username="zhang")
    return bytes(TOTPDevice.objects.create(user=user, name="t", confirmed=True).bin_key)


@pytest.mark.parametrize("mode", ["example", "production"])
def test_the_password_alone_opens_nothing(key: bytes, settings: SettingsWrapper, mode: str) -> None:
    settings.KAISHU_MODE = mode
    client = Client()
    client.post(LOGIN, ZHANG)
    assert client.get("/desk/")["Location"] == "/desk/verify/"
    assert client.get("/desk/enrol/")["Location"] == "/desk/"
    assert client.post("/desk/verify/", {"token": digits(key)}).status_code == 302
    assert client.get("/desk/").status_code == 200


def test_a_used_token_is_worth_nothing(key: bytes) -> None:
    token = digits(key)
    for status in (302, 403):
        client = Client()
        client.post(LOGIN, ZHANG)
        assert client.post("/desk/verify/", {"token": token}).status_code == status


def test_guessing_digits_is_slowed_down(key: bytes) -> None:
    client = Client()
    client.post(LOGIN, ZHANG)
    wrong = f"{(int(digits(key)) + 123) % 10**6:06d}"
    for _guess in range(5):
        assert client.post("/desk/verify/", {"token": wrong}).status_code == 403
    assert client.post("/desk/verify/", {"token": digits(key)}).status_code == 403


def test_a_second_factor_that_was_lost_is_taken_away(key: bytes) -> None:
    staff.reset_second_factor("zhang")
    assert not TOTPDevice.objects.exists()


def test_guessing_passwords_is_paused_whatever_the_header_says() -> None:
    staff.add("zhang", "mzj", PASSWORD)
    client = Client()
    for guess in range(8):
        forged = {"HTTP_X_FORWARDED_FOR": f"203.0.113.{guess}"}
        answer = client.post(LOGIN, {**ZHANG, "password": "wrong"}, **forged)
        assert answer.status_code == 403
    answer = client.post(LOGIN, ZHANG, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert answer.status_code == 403
    assert "请15分钟后再试" in answer.content.decode()


def test_behind_a_declared_proxy_visitors_are_told_apart(settings: SettingsWrapper) -> None:
    settings.KAISHU_PROXIES = 1
    staff.add("zhang", "mzj", PASSWORD)
    for guess in range(8):
        forged = {"HTTP_X_FORWARDED_FOR": f"198.51.100.{guess}, 203.0.113.7"}
        Client().post(LOGIN, {"username": f"nobody{guess}", "password": "wrong"}, **forged)
    from_there = {"HTTP_X_FORWARDED_FOR": "198.51.100.1, 203.0.113.7"}
    assert Client().post(LOGIN, ZHANG, **from_there).status_code == 403
    elsewhere = {"HTTP_X_FORWARDED_FOR": "203.0.113.8"}
    assert Client().post(LOGIN, ZHANG, **elsewhere).status_code == 302


def test_a_session_planted_before_is_worth_nothing_afterwards() -> None:
    staff.add("zhang", "mzj", PASSWORD)
    client = Client()
    client.get(LOGIN)
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["sessionid"] = planted = session.session_key or ""
    client.post(LOGIN, ZHANG)
    assert client.cookies["sessionid"].value != planted
    other = Client()
    other.cookies["sessionid"] = planted
    assert other.get("/desk/").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//e.org",
    ],
)
def test_after_signing_in_nobody_is_led_away(wanted: str) -> None:
    staff.add("zhang", "mzj", PASSWORD)
    from urllib.parse import quote

    answer = Client().post(f"{LOGIN}?next={quote(wanted)}", ZHANG)
    assert answer["Location"] == "/desk/"


def test_an_account_without_a_profile_is_no_officer() -> None:
    get_user_model().objects.create_user(username="zhang", password=PASSWORD)
    assert Client().post(LOGIN, ZHANG).status_code == 403
