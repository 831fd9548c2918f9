"""All four kinds under all six regulations, as applicants file them: who holds it, which term runs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.cases.conftest import RECEIVED, form_of
from tests.portals import write

from kaishu.base import clock
from kaishu.cases import actions, portal
from kaishu.cases.clock import approver, extension_of
from kaishu.cases.models import Case
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Clock

if TYPE_CHECKING:
    from pathlib import Path

    from django.test import Client

ALL = (
    "liaoning-2020", "shuozhou-2021", "shaoyang-2022", "yichuan-2020", "yingkou-2022",
    "national-2025",
)  # fmt: skip
FIVE, TEN = date(2026, 10, 13), date(2026, 10, 20)
# 营口 第二十九条 answers, 朔州 第二十五条 delivers; no other text sets a term for opening.
APPLICATION = {
    "yingkou-2022": (Clock.ANSWER, "第二十九条"),
    "shuozhou-2021": (Clock.DELIVERY, "第二十五条"),
}
# The last day, and who extends it by how many working days.
CORRECTION = {
    "liaoning-2020": (FIVE, None, 0),
    "shuozhou-2021": (TEN, None, 0),
    "shaoyang-2022": (FIVE, Actor.HEAD, 15),
    "yichuan-2020": (TEN, Actor.HEAD, 10),
    "yingkou-2022": (FIVE, None, 0),
    "national-2025": (TEN, None, 0),
}
PARTY = {name: form_of()[name] for name in ("applicant_type", "applicant_name", "phone", "email")}


@pytest.fixture(params=ALL)
def regulation(request: pytest.FixtureRequest, small: Path) -> str:
    text = (small / "catalog.yaml").read_text()
    write(small, "catalog.yaml", text.replace("yingkou-2022", request.param))
    return str(request.param)


def filed(client: Client, address: str, key: str, **fields: str) -> Case:
    """Filed by the form; receipt and status page are there."""
    stated = {**PARTY, "idempotency_key": key * 32, **fields}
    with clock.moved_to(RECEIVED):
        assert client.get(address).status_code == 200
        answer = client.post(address, stated)
        assert answer.status_code == 302, answer.content.decode()
        assert client.get(answer["Location"]).status_code == 200
        case = Case.objects.get(number=answer["Location"].split("/")[2])
        page = client.get(f"/cases/{case.number}/").content.decode()
    told = "未规定答复期限" in page or "自其收到主管部门转交之日起" in page
    assert told == (case.clock == Clock.NONE)
    return case


def test_an_application_has_the_term_of_its_text_or_none(client: Client, regulation: str) -> None:
    case = filed(client, "/cases/apply/?dataset=mzj/visits", "1", **form_of("1" * 32))
    which, article = APPLICATION.get(regulation, (Clock.NONE, ""))
    assert (case.department, case.clock, case.article) == ("mzj", which, article)
    assert case.due_date == (TEN if article else None)


def test_a_demand_and_a_dispute_have_no_term(client: Client, regulation: str) -> None:
    said = {"title": "共享单车停放点", "wanted": "位置", "purpose": "研究"}
    demand = filed(client, "/cases/demand/", "2", **said)
    assert (demand.department, demand.clock, demand.due_date) == ("", Clock.NONE, None)
    with clock.moved_to(RECEIVED + timedelta(days=1)):
        operator = By(Actor.OPERATOR, "li")
        actions.refuse(portal.now(), demand, operator, actions.Refusal(
            "没有这样的数据", "not-held", "《办法》", "第三十条", "rule"))  # fmt: skip
    dispute = filed(client, f"/cases/{demand.number}/dispute/", "3", grounds="应当有")
    assert (dispute.department, dispute.clock, dispute.about_id) == ("", Clock.NONE, demand.pk)


def test_a_correction_goes_its_way_and_is_extended_as_the_text_has_it(
    client: Client, regulation: str
) -> None:
    case = filed(client, "/cases/correct/?dataset=mzj/parks", "4", wrong="重名")
    last, who, most = CORRECTION[regulation]
    if regulation == "yichuan-2020":
        assert case.department == "mzj"
    else:
        assert (case.department, case.clock, case.due_date) == ("", Clock.NONE, None)
        with clock.moved_to(RECEIVED):
            actions.pass_on(portal.now(), case, By(Actor.OPERATOR, "li"), "mzj")
    assert (case.clock, case.due_date) == (Clock.ANSWER, last)
    extension = extension_of(case, portal.now())
    assert (extension and (approver(extension), extension.term.amount)) == (
        (who, most) if who else None
    )
