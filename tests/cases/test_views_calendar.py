"""The desk's calendar: what is loaded, what is provisional, and the operator's recount."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.cases.conftest import events_of, file_one, signed_in
from tests.cases.test_recount import with_notice
from tests.regulation.made import NOTICE_2027, notice

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import portal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now

PAGE = "/desk/calendar/"


@pytest.fixture
def late(now: Now) -> Case:
    """Received on 17 December 2026, while the notice for 2027 is missing."""
    return file_one(now, key="2" * 32, received=datetime(2026, 12, 17, 9, tzinfo=SHANGHAI))


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with clock.moved_to(datetime(2026, 12, 18, 9, tzinfo=SHANGHAI)):
        yield


@pytest.fixture
def operator() -> Client:
    return signed_in("chief", "")


def shown(client: Client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer.content.decode())


def edition() -> str:
    return portal.now().calendar.edition


def test_what_is_missing_and_what_is_provisional_is_told(operator: Client, late: Case) -> None:
    page = shown(operator)
    assert "2027 年的放假安排尚未录入" in page or "2027" in page
    assert "尚未录入：可能涉及该年的日期为暂定" in page
    assert "chinesecalendar" in page
    assert late.number in page
    assert "1 个在办件的应答复日期为暂定" in page
    assert "重新计算不会引起变动" in page
    assert "governance/calendar/&lt;年&gt;.yaml" in page
    assert 'method="post" class="ks-screen-only"' not in page


def test_what_the_next_count_changes_is_shown_and_done_once_confirmed(
    operator: Client, late: Case, small: Path
) -> None:
    with_notice(small)
    page = shown(operator)
    assert "测试〔2026〕1号" in page
    assert "2026-12-30" in page
    late.refresh_from_db()
    assert late.due_date == date(2026, 12, 31)
    for wrong in ({}, {"seen": "on"}, {"seen": "on", "edition": "x"}, {"edition": edition()}):
        assert operator.post(PAGE, wrong).status_code == 422
    assert events_of(late) == ["file"]
    answer = operator.post(PAGE, {"seen": "on", "edition": edition()})
    assert answer.status_code == 302
    late.refresh_from_db()
    assert (late.due_date, late.provisional) == (date(2026, 12, 30), False)
    assert events_of(late) == ["file", "recount"]
    after = shown(operator, answer["Location"])
    assert "1 个办件的应答复日期有变动" in after
    assert "没有暂定的应答复日期" in after
    # Sent twice, nothing more happens.
    again = operator.post(PAGE, {"seen": "on", "edition": edition()})
    assert again["Location"].endswith("changed=0")
    assert events_of(late) == ["file", "recount"]


def test_the_auditor_reads_and_cannot_count(late: Case, small: Path) -> None:
    with_notice(small)
    auditor = signed_in("shen", "", "auditor")
    page = shown(auditor)
    assert late.number in page
    assert "我已看过将要变动的内容" not in page
    assert auditor.post(PAGE, {"seen": "on", "edition": edition()}).status_code == 403
    assert events_of(late) == ["file"]


@pytest.mark.parametrize("role", ["officer", "head"])
def test_departments_have_no_such_page(late: Case, role: str) -> None:
    client = signed_in("zhang", "mzj", role)
    assert client.get(PAGE).status_code == 404
    assert client.post(PAGE, {"seen": "on", "edition": edition()}).status_code == 404
    assert "/desk/calendar/" not in client.get("/desk/").content.decode()
    stranger = Client().get(PAGE)
    assert stranger["Location"].startswith("/desk/login/")
    assert events_of(late) == ["file"]


def test_a_notice_that_waits_for_a_build_or_is_not_complete_is_told(
    operator: Client, small: Path
) -> None:
    shown(operator)
    notice(small, NOTICE_2027)
    assert "已录入，下次构建后使用" in shown(operator)
    notice(small, NOTICE_2027.replace("complete: true", "complete: false"))
    page = shown(operator)
    assert "下列文件有误，未被采用" in page
    assert "governance/calendar/2027.yaml" in page


@pytest.mark.parametrize("odd", ["x", "-1", "9" * 30, "１", "<script>"])
def test_an_odd_address_says_nothing_of_a_count(operator: Client, odd: str) -> None:
    assert "已重新计算" not in shown(operator, f"{PAGE}?changed={odd}")
