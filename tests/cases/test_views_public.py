"""The applicant's side: form, receipt, status, delivery; nothing for anybody else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils.http import urlencode
from tests.cases.conftest import FIELDS, OFFICER, form_of
from tests.portals import write

from kaishu.base import clock
from kaishu.cases import actions, numbers, portal
from kaishu.cases.forms import ApplicationForm, PartyForm
from kaishu.cases.models import Case

if TYPE_CHECKING:
    pass

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


def test_applicants_have_no_session_and_officers_have_one(officer: Client) -> None:
    assert hasattr(officer.get("/desk/").wsgi_request, "session")
    for path in (APPLY, "/cases/track/", "/healthz"):
        asked = officer.get(path).wsgi_request
        assert not hasattr(asked, "session")
        assert not hasattr(asked, "user")


@pytest.mark.parametrize(
    "sent",
    [
        form_of(columns="visits.park", email=" WANG@example.org "),
        {},
        form_of(
            applicant_type="robot", phone="none", email="no", undertaking="", wanted="x\u202ey"
        ),
        form_of(applicant_type="legal-person", uscc=USCC.lower(), columns="no.such"),
    ],
)
def test_a_form_is_cleaned_as_django_cleans_it(
    sent: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    dataset = portal.now().dataset("mzj/visits")
    ours = ApplicationForm(QueryDict(urlencode(sent)), dataset=dataset)
    ours.full_clean()
    monkeypatch.delattr(PartyForm, "_clean_fields")
    djangos = ApplicationForm(QueryDict(urlencode(sent)), dataset=dataset)
    djangos.full_clean()
    assert ours.cleaned_data == djangos.cleaned_data
    assert ours.errors == djangos.errors


def test_a_form_without_its_token_is_refused() -> None:
    answer = Client(enforce_csrf_checks=True).post(APPLY, form_of())
    assert answer.status_code == 403
    assert "请重新提交" in answer.content.decode()
    assert not Case.objects.exists()


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


DEMAND = {
    "title": "公交站点候车人数",
    "wanted": "各站逐小时候车人数",
    "purpose": "研究",
    "applicant_type": "person",
}
CORRECTION = {"wrong": "第二行的名称写错了", "right": "东湖公园", "applicant_type": "person"}


def keyed(form: dict[str, str], key: str = "b" * 32) -> dict[str, str]:
    return {**form, "idempotency_key": key}


def test_a_demand_is_filed_without_a_name(client: Client) -> None:
    answer = client.post("/cases/demand/", keyed(DEMAND), follow=True)
    case = Case.objects.get()
    assert answer.redirect_chain[-1][0] == f"/cases/{case.number}/receipt/"
    assert "未规定答复期限" in answer.content.decode()
    assert (case.kind, case.department, case.title) == ("open-demand", "", DEMAND["title"])


def test_a_search_that_found_nothing_leads_to_a_demand_with_its_words(client: Client) -> None:
    text = client.get("/cases/demand/", {"q": " 无障碍“公厕”<1> "}).content.decode()
    assert 'value="无障碍“公厕”&lt;1&gt;"' in text


def test_what_is_in_the_catalogue_already_is_shown_before_a_demand_is_filed(
    client: Client,
) -> None:
    form = keyed({**DEMAND, "title": "城市公园的名单"})
    answer = client.post("/cases/demand/", form)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "/datasets/mzj/parks/" in text
    assert 'value="城市公园的名单"' in text
    assert not Case.objects.exists()
    assert client.post("/cases/demand/", {**form, "not_these": "on"}).status_code == 302


def test_an_earlier_demand_is_named_without_its_words(client: Client) -> None:
    client.post("/cases/demand/", keyed({**DEMAND, "wanted": "秘密用途"}))
    text = Client().post("/cases/demand/", keyed(DEMAND, "c" * 32)).content.decode()
    assert Case.objects.get().number in text
    assert "秘密用途" not in text


def test_a_correction_comes_with_its_column_filled_in(client: Client) -> None:
    for named in ("name", "parks.name"):
        text = client.get(f"/cases/correct/?dataset=mzj/parks&field={named}").content.decode()
        assert '<option value="parks.name" selected>名称</option>' in text
    assert "不会要求您自行前往" in text
    form = keyed({**CORRECTION, "column": "parks.name", "row": "2"})
    client.post("/cases/correct/?dataset=mzj/parks", form)
    case = Case.objects.get()
    assert case.statement["column"] == "parks.name"
    assert (case.dataset_key, case.provider, case.department) == ("mzj/parks", "mzj", "")


def test_a_column_that_the_dataset_has_not_is_refused(client: Client) -> None:
    form = keyed({**CORRECTION, "column": "parks.nothing"})
    assert client.post("/cases/correct/?dataset=mzj/parks", form).status_code == 422


def test_without_a_dataset_a_correction_asks_for_one(client: Client) -> None:
    assert "dataset=jtj/permits" in client.get("/cases/correct/").content.decode()
    assert client.get("/cases/correct/?dataset=no/such").status_code == 404


def test_columns_wanted_are_those_of_the_dataset(client: Client) -> None:
    text = client.get(APPLY).content.decode()
    assert 'value="visits.visitors"' in text
    client.post(
        APPLY, {**form_of(), "columns": ["visits.park", "visits.visitors"], "rows": "仅2026年"}
    )
    assert Case.objects.get().statement["columns"] == ["visits.park", "visits.visitors"]
    page = client.get(f"/cases/{Case.objects.get().number}/").content.decode()
    assert "公园编号、人次" in page
    bad = {**form_of("f" * 32), "columns": ["visits.secret"]}
    assert client.post(APPLY, bad).status_code == 422


def test_what_deceives_the_eye_is_taken_out_of_what_is_typed(client: Client) -> None:
    odd = "研究\u202e\u200b\x07\x00用途\ufeff"
    client.post(APPLY, form_of(purpose=odd, applicant_name="王\u2066小明"))
    stated = Case.objects.get().statement
    assert (stated["purpose"], stated["applicant_name"]) == ("研究用途", "王小明")


def test_lone_surrogates_and_broken_bytes_are_no_failure(client: Client) -> None:
    from urllib.parse import urlencode

    body = urlencode(form_of(purpose="PURPOSE")).encode().replace(b"PURPOSE", b"%ED%A0%80%FFx")
    answer = client.generic("POST", APPLY, body, "application/x-www-form-urlencoded")
    assert answer.status_code == 302
    assert Case.objects.get().statement["purpose"].endswith("x")


def test_the_notice_names_handler_purpose_kinds_term_and_rights(client: Client) -> None:
    text = client.get(APPLY).content.decode()
    for words in ("处理者", "处理目的", "信息种类", "办件结束后3年", "您的权利"):
        assert words in text
    assert "身份证号码" in text


def test_ten_minutes_to_correct_what_was_filed(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    place = f"/cases/{case.number}/amend/"
    assert FIELDS["purpose"] in client.get(place).content.decode()
    assert client.post(place, form_of("d" * 32, purpose="另一用途")).status_code == 302
    assert Case.objects.get().statement["purpose"] == "另一用途"
    assert client.post(place, form_of("d" * 32, purpose="")).status_code == 422
    with clock.moved_to(case.received_at + timedelta(minutes=10)):
        assert client.post(place, form_of("d" * 32, purpose="太晚")).status_code == 302
    assert Case.objects.get().statement["purpose"] == "另一用途"
    assert Client().get(place).status_code == 404


def test_an_answer_is_disputed_from_the_status_page(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    place = f"/cases/{case.number}/dispute/"
    assert client.get(place).status_code == 302
    actions.refuse(portal.now(), case, OFFICER, actions.Refusal("理由", "not-held"))
    assert place in client.get(f"/cases/{case.number}/").content.decode()
    assert client.get(place).status_code == 200
    client.post(place, keyed({"grounds": "理由不成立"}, "e" * 32))
    filed = Case.objects.get(kind="dispute")
    assert (filed.about, filed.department) == (case, "")
    assert filed.statement["applicant_name"] == FIELDS["applicant_name"]
    assert filed.number in client.get(f"/cases/{case.number}/").content.decode()


def test_a_body_that_no_form_can_carry_is_refused_unread(client: Client) -> None:
    for announced, status in ((10**9, 413), ("x", 413), (0, 422)):
        answer = client.generic("POST", APPLY, b"", "text/plain", CONTENT_LENGTH=announced)
        assert answer.status_code == status


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=utf-7", "applicant_name=+ADw-script+AD4-"),
        ("application/x-www-form-urlencoded; charset=utf-16", "applicant_name=%ff"),
        ("application/x-www-form-urlencoded", f"wanted={'x' * 2_000_000}"),
        ("application/x-www-form-urlencoded", "&".join(f"a{n}=1" for n in range(3000))),
        ("multipart/form-data; boundary=", "abc"),
    ],
)
def test_what_cannot_be_read_is_the_senders_affair_and_is_said_plainly(
    kind: str, body: str
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get("/cases/track/")
    token = {"X-CSRFToken": client.cookies["csrftoken"].value}
    answer = client.post(APPLY, body, content_type=kind, headers=token)
    assert answer.status_code == 400
    assert "无法读取" in answer.content.decode()
    assert not Case.objects.exists()


def test_other_methods_are_refused(client: Client) -> None:
    for address in ("/cases/track/", APPLY, "/cases/demand/", "/desk/login/"):
        assert client.generic("TRACE", address).status_code == 405, address


def test_a_body_of_twenty_megabytes_is_refused(client: Client) -> None:
    answer = client.post(APPLY, form_of(purpose="x" * 20_000_000))
    assert answer.status_code in (400, 413)
    assert not Case.objects.exists()
