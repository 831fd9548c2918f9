"""The applicant's side: form, receipt, status, delivery; nothing for anybody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.wsgi import get_wsgi_application
from django.test import Client
from django.urls import set_script_prefix
from tests.cases.conftest import FIELDS, OFFICER, file_one, form_of
from tests.portals import write
from werkzeug.test import Client as WsgiClient

from kaishu.backend.wsgi import Dispatcher
from kaishu.cases import actions, numbers, portal
from kaishu.cases.models import Case
from kaishu.cases.portal import Now

APPLY = "/cases/apply/?dataset=mzj/visits"
USCC = "91110000600037341L"


def test_filing_leads_to_a_receipt_with_number_code_and_reasoning(client: Client) -> None:
    answer = client.post(APPLY, form_of(), follow=True)
    text = answer.content.decode()
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == f"/cases/{case.number}/receipt/"
    assert case.number in text
    assert "第二十九条" in text
    assert "自收到申请之日起10个工作日内作出答复" in text.replace(" ", "")
    assert "第几个工作日" in text
    assert case.statement["applicant_name"] == FIELDS["applicant_name"]


def test_the_form_shows_the_reply_date_and_the_conditions(client: Client) -> None:
    text = client.get(APPLY).content.decode()
    assert "今天提交，最迟答复日期" in text
    assert "说明用途，承诺不用于识别个人。" in text


def test_a_wrong_form_keeps_what_was_typed_and_names_each_field(client: Client) -> None:
    form = form_of(applicant_type="legal-person", uscc="12345", purpose="", email="nonsense")
    answer = client.post(APPLY, form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert FIELDS["wanted"] in text
    for name in ("uscc", "contact_person", "purpose", "email"):
        assert f'href="#field-{name}"' in text
    assert 'value="12345"' in text
    assert not Case.objects.exists()


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"applicant_type": "legal-person"}, "uscc"),
        ({"uscc": USCC}, "uscc"),
        ({"phone": "", "email": ""}, "phone"),
        ({"phone": "call me"}, "phone"),
        ({"undertaking": ""}, "undertaking"),
        ({"applicant_type": "robot"}, "applicant_type"),
        ({"security": ""}, "security"),
    ],
)
def test_what_is_wrong_is_said_by_its_field(
    client: Client, more: dict[str, str], field: str
) -> None:
    answer = client.post(APPLY, form_of(**more))
    assert answer.status_code == 422
    assert f'id="id_{field}_error"' in answer.content.decode()


def test_an_organisations_code_is_stored_in_its_compact_form(client: Client) -> None:
    form = form_of(applicant_type="legal-person", uscc="91110000 600037341l", contact_person="李")
    client.post(APPLY, form)
    assert Case.objects.get().statement["uscc"] == USCC


def test_sending_twice_leads_to_the_same_receipt(client: Client) -> None:
    first = client.post(APPLY, form_of(), follow=True).content.decode()
    second = client.post(APPLY, form_of(), follow=True).content.decode()
    code = numbers.code_for("a" * 32, _secret())
    assert code in first
    assert code in second
    assert Case.objects.count() == 1


def _secret() -> str:
    from django.conf import settings

    return str(settings.SECRET_KEY)


def test_number_and_code_open_the_case_in_another_browser(now: Now) -> None:
    case = file_one(now, key="c" * 32)
    code = numbers.code_for("c" * 32, _secret())
    other = Client()
    typed = {"number": f" {case.number} ", "code": code.lower().replace("-", " ")}
    answer = other.post("/cases/track/", typed, follow=True)
    assert answer.redirect_chain[-1][0] == f"/cases/{case.number}/"
    assert "已提交" in answer.content.decode()


def test_every_wrong_guess_gets_the_same_answer(now: Now) -> None:
    case = file_one(now)
    answers = [
        Client().post("/cases/track/", {"number": number, "code": "AAAA-BBBB"})
        for number in (case.number, "202601010000001")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    texts = [answer.content.decode().split("<form")[0] for answer in answers]
    assert texts[0] == texts[1]


def test_guessing_is_paused(client: Client, now: Now) -> None:
    case = file_one(now)
    for _guess in range(20):
        client.post("/cases/track/", {"number": case.number, "code": "WRONG"})
    right = {"number": case.number, "code": numbers.code_for("0" * 32, _secret())}
    assert client.post("/cases/track/", right).status_code == 429


@pytest.mark.parametrize("path", ["", "receipt/"])
def test_a_case_is_closed_to_those_without_its_code(client: Client, now: Now, path: str) -> None:
    case = file_one(now)
    assert client.get(f"/cases/{case.number}/{path}").status_code == 404


def test_another_applicant_cannot_fetch_or_withdraw(client: Client, now: Now) -> None:
    client.post(APPLY, form_of())
    other = file_one(now, key="d" * 32)
    actions.grant(
        portal.now(), other, OFFICER, "", handover=actions.Handover(link="https://e.org/")
    )
    pk = other.deliveries.get().pk
    mine = Case.objects.exclude(pk=other.pk).get()
    assert client.post(f"/cases/{other.number}/deliveries/{pk}/").status_code == 404
    assert client.post(f"/cases/{mine.number}/deliveries/{pk}/").status_code == 404
    assert client.post(f"/cases/{other.number}/withdraw/").status_code == 404


def test_the_delivered_file_is_fetched_under_its_own_name(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    handover = actions.Handover(filename="客流.csv", blocks=[b"park,visitors\n"])
    actions.grant(portal.now(), case, OFFICER, "请查收", handover=handover)
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "请查收" in page
    answer = client.post(f"/cases/{case.number}/deliveries/{case.deliveries.get().pk}/")
    assert b"".join(answer.streaming_content) == b"park,visitors\n"
    assert "%E5%AE%A2%E6%B5%81.csv" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"


def test_an_applicant_can_withdraw_until_it_is_answered(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    assert "撤回申请" in client.get(f"/cases/{case.number}/").content.decode()
    client.post(f"/cases/{case.number}/withdraw/")
    assert "已撤回" in client.get(f"/cases/{case.number}/").content.decode()
    answer = client.post(f"/cases/{case.number}/withdraw/")
    assert answer.status_code == 409


def test_what_an_applicant_writes_is_shown_as_text(client: Client) -> None:
    client.post(APPLY, form_of(purpose="<script>alert(1)</script>"))
    case = Case.objects.get()
    text = client.get(f"/cases/{case.number}/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text


@pytest.mark.parametrize(
    ("key", "words"),
    [("mzj/parks", "无条件开放，不需要申请"), ("jtj/permits", "不予开放，不受理申请")],
)
def test_what_cannot_be_applied_for_says_why(client: Client, key: str, words: str) -> None:
    text = client.get(f"/cases/apply/?dataset={key}").content.decode()
    assert words in text
    assert "<form" not in text


def test_without_a_dataset_those_on_request_are_offered(client: Client) -> None:
    text = client.get("/cases/apply/").content.decode()
    assert "dataset=mzj/visits" in text
    assert "mzj/parks" not in text


def test_an_unknown_dataset_is_not_found(client: Client) -> None:
    answer = client.get("/cases/apply/?dataset=no/such")
    assert answer.status_code == 404
    assert "没有找到该页面" in answer.content.decode()


@pytest.mark.parametrize(
    "path", [APPLY, "/cases/track/", "/desk/login/", "/cases/zzz/", "/healthz"]
)
def test_every_answer_carries_a_strict_policy(client: Client, path: str) -> None:
    answer = client.get(path)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Cache-Control"] == "no-store"
    assert " style=" not in answer.content.decode()
    assert "<script>" not in answer.content.decode()


def test_a_form_without_its_token_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post(APPLY, form_of())
    assert answer.status_code == 403
    assert "请重新提交" in answer.content.decode()
    assert not Case.objects.exists()


def test_below_a_sub_path_every_link_keeps_it() -> None:
    backend = get_wsgi_application()
    answer = WsgiClient(Dispatcher(backend, backend, "/open")).get(f"/open{APPLY}")
    set_script_prefix("/")
    assert answer.status_code == 200
    assert 'href="/open/cases/static/kaishu.css"' in answer.text
    assert 'href="/open/datasets/mzj/visits/"' in answer.text
    assert 'href="/cases' not in answer.text


def test_where_the_regulation_sets_a_delivery_term_alone_that_one_is_shown(
    client: Client, small: Path
) -> None:
    text = (small / "catalog.yaml").read_text().replace("yingkou-2022", "shuozhou-2021")
    write(small, "catalog.yaml", text)
    assert "今天提交，最迟交付日期" in client.get(APPLY).content.decode()
    client.post(APPLY, form_of())
    case = Case.objects.get()
    assert (case.clock, case.rule, case.article) == ("delivery", "open-delivery", "第二十五条")
    actions.grant(portal.now(), case, OFFICER, "", handover=None)
    assert case.is_running


def test_health_is_told_by_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
