"""The desk shows that publishing is under way, and to operators how it ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.cases.conftest import PASSWORD
from tests.portals import small_portal

from kaishu.base.errors import BuildError
from kaishu.cases import staff
from kaishu.publishing.publication import Recorded

pytestmark = pytest.mark.django_db
FAILED, RUNNING = "最近一次构建没有成功", "正在发布……"


@pytest.fixture
def output(tmp_path: Path, settings: Any) -> Path:
    settings.KAISHU_ROOT = small_portal(tmp_path / "portal")
    return tmp_path / "portal/build"


def signed_in(name: str, department: str) -> Client:
    staff.add(name, department, PASSWORD, email=f"{name}@example.org")
    client = Client()
    assert client.post("/desk/login/", {"username": name, "password": PASSWORD}).status_code == 302
    return client


def test_a_failed_build_is_shown_to_the_operator_alone(output: Path) -> None:
    operator, officer = signed_in("ops", ""), signed_in("mz", "mzj")
    assert FAILED not in operator.get("/desk/").content.decode()
    with pytest.raises(BuildError), Recorded(output):
        raise BuildError("没有<空间>")
    page = operator.get("/desk/").content.decode()
    assert FAILED in page
    assert "没有&lt;空间&gt;" in page
    assert FAILED not in officer.get("/desk/").content.decode()
    assert FAILED not in Client().get("/desk/login/").content.decode()
    with Recorded(output):
        pass
    assert FAILED not in operator.get("/desk/").content.decode()


def test_while_a_build_runs_the_whole_desk_says_so(output: Path) -> None:
    clients = signed_in("ops", ""), signed_in("mz", "mzj")
    with Recorded(output):
        for client in clients:
            assert RUNNING in client.get("/desk/").content.decode()
    for client in clients:
        assert RUNNING not in client.get("/desk/").content.decode()
