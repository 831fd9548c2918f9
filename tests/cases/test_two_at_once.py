"""Two people at once, on each pair of steps: one wins, the other sees what happened."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from django.test import Client
from tests.cases.conftest import events_of, file_kind, file_one, form_of, signed_in
from tests.cases.test_recount import with_notice
from tests.portals import write

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import audit, portal, recount
from kaishu.cases.models import Case
from kaishu.cases.words import Kind

if TYPE_CHECKING:
    from pathlib import Path

APPLY = "/cases/apply/?dataset=mzj/visits"
# What officers send, each from a page that was made before the other sent theirs.
DECISIONS: dict[str, dict[str, str]] = {
    "accept": {},
    "ask": {"words": "请补充用途"},
    "transfer": {"department": "jtj", "words": "数据在该局"},
    "grant": {"outcome": "granted"},
    "grant-in-part": {"outcome": "granted-in-part", "reason": "部分不持有", "reason_code": "not-held",
                      "message": "其余同意"},
    "refuse": {"outcome": "refused", "reason": "不持有", "reason_code": "not-held"},
}  # fmt: skip
# Both parts of an answer are sent as one form.
SENT_AS = {"grant-in-part": "grant", "refuse": "grant"}


def sent(client: Client, case: Case, decision: str, version: int) -> tuple[int, str]:
    verb = SENT_AS.get(decision, decision)
    form = {"verb": verb, "version": str(version), **DECISIONS[decision]}
    answer = client.post(f"/desk/cases/{case.number}/", form)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("first", DECISIONS)
def test_of_two_officers_the_second_sees_what_the_first_did(first: str) -> None:
    one, other = signed_in("zhang", "mzj"), signed_in("chief", "")
    for n, second in enumerate(DECISIONS):
        case = file_one(portal.now(), key=f"{n:032x}")
        assert sent(one, case, first, case.version)[0] == 302
        status, page = sent(other, case, second, case.version)
        assert status == 409, second
        assert 'role="alert"' in page
        assert events_of(case) == ["file", first], second
    assert list(audit.verify()) == []


@pytest.mark.parametrize("decision", DECISIONS)
def test_what_is_withdrawn_is_decided_by_nobody(decision: str) -> None:
    applicant = Client()
    applicant.post(APPLY, form_of())
    case = Case.objects.get()
    assert applicant.post(f"/cases/{case.number}/withdraw/").status_code == 302
    assert sent(signed_in("zhang", "mzj"), case, decision, case.version)[0] == 409
    assert events_of(case) == ["file", "withdraw"]


@pytest.mark.parametrize("decision", ["grant", "grant-in-part", "refuse"])
def test_what_is_decided_is_neither_withdrawn_nor_amended(decision: str) -> None:
    applicant = Client()
    applicant.post(APPLY, form_of())
    case = Case.objects.get()
    assert sent(signed_in("zhang", "mzj"), case, decision, case.version)[0] == 302
    for path in ("withdraw", "amend"):
        answer = applicant.post(f"/cases/{case.number}/{path}/", form_of("b" * 32))
        assert answer.status_code != 500
    assert events_of(case) == ["file", decision]


def test_of_two_heads_who_extend_one_does(small: Path) -> None:
    text = (small / "catalog.yaml").read_text().replace("yingkou-2022", "yichuan-2020")
    write(small, "catalog.yaml", text)

    case = file_kind(portal.now(), Kind.CORRECTION)
    heads = signed_in("wang", "mzj", "head"), signed_in("zhao", "mzj", "head")
    with clock.moved_to(datetime(2026, 10, 19, 9, tzinfo=SHANGHAI)):
        answers = [
            head.post(
                f"/desk/cases/{case.number}/",
                {"verb": "extend", "version": case.version, "amount": 5, "words": "需现场核实"},
            ).status_code
            for head in heads
        ]
    assert answers == [302, 409]
    assert events_of(case) == ["file", "extend"]


def test_a_recount_between_page_and_decision_is_told(small: Path) -> None:

    case = file_one(portal.now(), received=datetime(2026, 12, 17, 9, tzinfo=SHANGHAI))
    seen = case.version
    assert len(list(recount.recount(with_notice(small)))) == 1
    officer = signed_in("zhang", "mzj")
    status, page = sent(officer, case, "grant", seen)
    assert status == 409
    assert "2026年12月30日" in page
    case.refresh_from_db()
    assert sent(officer, case, "grant", case.version)[0] == 302


@pytest.mark.parametrize("meanwhile", ["accept", "ask"])
def test_what_the_second_typed_stays_typed(meanwhile: str) -> None:
    case = file_one(portal.now())
    seen = case.version
    assert sent(signed_in("zhang", "mzj"), case, meanwhile, seen)[0] == 302
    other = signed_in("chief", "")
    typed = {
        **DECISIONS["refuse"],
        "reason": "一段写了很久的理由",
        "verb": "grant",
        "version": str(seen),
    }
    answer = other.post(f"/desk/cases/{case.number}/", typed)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "一段写了很久的理由" in page
    assert re.search(r'value="refused"[^>]*checked', page)
    # The version is that of the case as it stands: sent again, it is decided.
    version = re.findall(r'name="version" value="(\d+)"', page)
    case.refresh_from_db()
    assert set(version) == {str(case.version)}
