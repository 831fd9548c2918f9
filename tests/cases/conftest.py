"""Cases of a small portal, in a variable folder of its own."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import clear_script_prefix
from tests.portals import small_portal

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import filing, portal, staff
from kaishu.cases.models import Case
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django.fixtures import SettingsWrapper

OFFICER = By(Actor.OFFICER, "zhang")
PASSWORD = "correct-horse-battery"
RECEIVED = datetime(2026, 9, 30, 16, 0, tzinfo=SHANGHAI)
FIELDS = {
    "applicant_type": "person",
    "applicant_name": "王小明",
    "uscc": "",
    "contact_person": "",
    "phone": "0417-1234567",
    "email": "wang@example.org",
    "wanted": "2026年各公园逐小时客流",
    "purpose": "研究公园使用情况",
    "scene": "城市规划论文",
    "period": "至2027年12月31日",
    "delivery_way": "一次性文件",
    "security": "加密保存，限本人使用",
}


@pytest.fixture(autouse=True)
def small(tmp_path: Path, settings: SettingsWrapper, db: None) -> Path:
    """The small portal, read anew for each test."""
    root = small_portal(tmp_path / "portal")
    settings.KAISHU_ROOT = root
    settings.KAISHU_VAR = tmp_path / "var"
    settings.KAISHU_VAR.mkdir()
    cache.clear()
    return root


@pytest.fixture(autouse=True)
def at_the_root() -> Iterator[None]:
    """Requests below a sub-path leave it behind for whatever the same thread does next."""
    yield
    clear_script_prefix()


@pytest.fixture
def now() -> Now:
    return portal.now()


@pytest.fixture
def case(now: Now) -> Case:
    """An application filed on 30 September 2026 at four in the afternoon."""
    return file_one(now)


def file_one(now: Now, key: str = "0" * 32, received: datetime = RECEIVED, **more: str) -> Case:
    dataset = now.dataset("mzj/visits")
    assert dataset is not None
    filed = filing.Filing(Kind.OPEN_APPLICATION, {**FIELDS, **more}, dataset, undertaking="2026-1")
    with clock.moved_to(received):
        return filing.file(now, filed, idempotency_key=key)


def file_kind(now: Now, kind: Kind, key: str = "3" * 32, received: datetime = RECEIVED) -> Case:
    """A case of any kind, filed by the same person."""
    dataset = None if kind in (Kind.OPEN_DEMAND, Kind.DISPUTE) else now.dataset("mzj/visits")
    filed = filing.Filing(kind, FIELDS, dataset)
    with clock.moved_to(received):
        return filing.file(now, filed, idempotency_key=key)


def form_of(key: str = "a" * 32, **more: str) -> dict[str, str]:
    return {**FIELDS, "undertaking": "on", "idempotency_key": key, **more}


@pytest.fixture
def officer() -> Client:
    """Signed in as an officer of the department that is applied to."""
    return signed_in("zhang", "mzj")


def signed_in(name: str, department: str, role: str = "") -> Client:
    staff.add(name, department, PASSWORD, role)
    client = Client()
    assert client.post("/desk/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


@pytest.fixture
def at_noon() -> Iterator[datetime]:
    """The clock stands at noon of the day after the example's receipt."""
    moment = datetime(2026, 10, 9, 12, 0, tzinfo=SHANGHAI)
    with clock.moved_to(moment):
        yield moment


def events_of(case: Case) -> list[str]:
    return [event.verb for event in case.events.all()]


def dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
