"""After filing: receipt, status, supplement, delivery; nothing for anybody else."""

from __future__ import annotations

import base64
import json
import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.cases.conftest import FIELDS, OFFICER, file_one, form_of, signed_in
from tests.cases.files import made

from kaishu.base import clock
from kaishu.cases import actions, audit, handover, intake, numbers, portal
from kaishu.cases.models import Case
from kaishu.cases.portal import Now
from kaishu.cases.records import Attachment
from kaishu.cases.words import State

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
APPLY = "/cases/apply/?dataset=mzj/visits"


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
    token = handover.token(other, other.deliveries.get())
    mine = Case.objects.exclude(pk=other.pk).get()
    assert client.post(f"/cases/{other.number}/deliveries/{token}/").status_code == 404
    assert client.post(f"/cases/{mine.number}/deliveries/{token}/").status_code == 404
    assert client.post(f"/cases/{other.number}/withdraw/").status_code == 404


def test_the_delivered_file_is_fetched_under_its_own_name(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    handed = actions.Handover(filename="客流.csv", blocks=[b"park,visitors\n"], fetch_limit=1)
    actions.grant(portal.now(), case, OFFICER, "请查收", handover=handed)
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "请查收" in page
    place = f"/cases/{case.number}/deliveries/" + page.split("/deliveries/")[1].split('"')[0]
    assert FIELDS["purpose"] in client.get(place).content.decode()
    answer = client.post(place)
    assert b"".join(answer.streaming_content) == b"park,visitors\n"
    assert "%E5%AE%A2%E6%B5%81.csv" in answer["Content-Disposition"]
    assert answer["Content-Type"] == "application/octet-stream"
    assert client.post(place).status_code == 409
    assert Client().get(place).status_code == 404


def test_an_applicant_can_withdraw_until_it_is_answered(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    assert "撤回申请" in client.get(f"/cases/{case.number}/").content.decode()
    client.post(f"/cases/{case.number}/withdraw/")
    assert "已撤回" in client.get(f"/cases/{case.number}/").content.decode()
    answer = client.post(f"/cases/{case.number}/withdraw/")
    assert answer.status_code == 409


def test_health_is_told_by_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


def test_a_guess_at_an_address_asks_the_database_for_no_case(client: Client, now: Now) -> None:
    case = file_one(now)
    answers = [client.get(f"/cases/{number}/") for number in (case.number, "202601010000001")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].content == answers[1].content
    with CaptureQueriesContext(connection) as queries:
        Client().get(f"/cases/{case.number}/")
    assert not [one for one in queries.captured_queries if "cases_case" in one["sql"]]


def test_guesses_at_addresses_are_paused_too_and_the_owner_is_not(client: Client) -> None:
    client.post(APPLY, form_of())
    number = Case.objects.get().number
    stranger = Client()
    for _guess in range(20):
        assert stranger.get("/cases/202601010000001/").status_code == 404
    assert stranger.get("/cases/202601010000001/").status_code == 429
    assert client.get(f"/cases/{number}/").status_code == 200


def test_the_code_lies_in_no_table_and_the_cookie_tells_nothing(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    code = numbers.code_for("a" * 32, _secret())
    assert code not in str(Case.objects.values().get())
    cookie = client.cookies["kaishu-cases"]
    assert case.number not in cookie.value
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    over_tls = Client()
    over_tls.post(APPLY, form_of(), secure=True)
    assert over_tls.cookies["kaishu-cases"]["secure"]
    forged = Client()
    forged.cookies["kaishu-cases"] = cookie.value[:-4] + "AAAA"
    assert forged.get(f"/cases/{case.number}/").status_code == 404
    with clock.moved_to(case.received_at + timedelta(hours=2, minutes=1)):
        assert client.get(f"/cases/{case.number}/").status_code == 404


def test_the_officers_question_is_answered_on_the_status_page(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    actions.ask(case, OFFICER, "请说明<b>时间</b>范围")
    page = client.get(f"/cases/{case.number}/").content.decode()
    assert "请说明&lt;b&gt;时间&lt;/b&gt;范围" in page
    place = f"/cases/{case.number}/supplement/"
    assert client.post(place, {"words": " "}).status_code == 422
    assert Client().post(place, {"words": "2026年"}).status_code == 404
    assert client.post(place, {"words": "2026年全年"}).status_code == 302
    assert "2026年全年" in client.get(f"/cases/{case.number}/").content.decode()
    assert client.post(place, {"words": "再一次"}).status_code == 409


@pytest.fixture
def asked(client: Client) -> Case:
    """Filed from this browser with a picture, and asked for more."""
    picture = SimpleUploadedFile("证明.png", PNG, "image/png")
    client.post(APPLY, {**form_of(), "attachments": picture})
    case = Case.objects.get()
    actions.ask(case, OFFICER, "请补充证明材料")
    return case


def test_a_question_is_answered_with_attachments_too(
    client: Client, officer: Client, asked: Case
) -> None:
    place = f"/cases/{asked.number}/"
    page = client.get(place).content.decode()
    assert 'enctype="multipart/form-data"' in page
    files = [SimpleUploadedFile("营业执照.pdf", made.pdf()), SimpleUploadedFile("图.png", PNG)]
    sent = {"words": "材料如附件", "attachments": files}
    assert client.post(f"{place}supplement/", sent).status_code == 302
    added = Attachment.objects.filter(case=asked, sequence=3)
    assert [one.name for one in added] == ["营业执照.pdf", "图.png"]
    for page in (client.get(place), officer.get(f"/desk/cases/{asked.number}/")):
        assert all(name in page.content.decode() for name in ("证明.png", "营业执照.pdf"))
    answer = officer.get(f"/desk/cases/{asked.number}/attachments/{added[0].pk}/")
    assert b"".join(answer.streaming_content) == made.pdf()  # type: ignore[attr-defined]
    assert list(audit.verify()) == []


def test_a_refused_attachment_keeps_the_answer_that_was_typed(client: Client, asked: Case) -> None:
    place = f"/cases/{asked.number}/supplement/"
    sent = {"words": "材料如附件", "attachments": SimpleUploadedFile("说明.exe", b"MZ")}
    answer = client.post(place, sent)
    assert answer.status_code == 422
    assert all(words in answer.content.decode() for words in ("材料如附件", "说明.exe"))
    many = [SimpleUploadedFile(f"{n}.png", PNG) for n in range(intake.MOST_FILES + 1)]
    assert client.post(place, {"words": "多", "attachments": many}).status_code == 422
    assert Attachment.objects.get().sequence == 1
    assert Case.objects.get().state == State.CLARIFYING


def test_where_the_scanner_is_silent_no_supplement_is_taken(
    client: Client, asked: Case, settings: SettingsWrapper
) -> None:
    settings.KAISHU_CLAMD = "tcp://127.0.0.1:1"
    place = f"/cases/{asked.number}/supplement/"
    sent = {"words": "材料如附件", "attachments": SimpleUploadedFile("图.png", PNG)}
    assert client.post(place, sent).status_code == 422
    assert client.post(place, {"words": "先以文字答复"}).status_code == 302


def test_no_file_is_kept_where_nothing_was_asked(client: Client, asked: Case, small: Path) -> None:
    place = f"/cases/{asked.number}/supplement/"
    assert client.post(place, {"words": "答复"}).status_code == 302
    late = {"words": "再补充", "attachments": SimpleUploadedFile("迟.pdf", made.pdf())}
    assert client.post(place, late).status_code == 409
    assert Client().post(place, late).status_code == 404
    kept = [path for path in (small.parent / "var" / "attachments").rglob("*") if path.is_file()]
    assert len(kept) == 1


def test_applicants_fetch_what_they_sent_and_nobody_elses(client: Client, asked: Case) -> None:
    one = Attachment.objects.get()
    place = f"/cases/{asked.number}/attachments/{one.pk}/"
    assert place in client.get(f"/cases/{asked.number}/").content.decode()
    answer = client.get(place)
    assert b"".join(answer.streaming_content) == PNG  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "no-store" in answer["Cache-Control"]
    assert client.post(place).status_code == 405
    assert Client().get(place).status_code == 404
    other = Client()
    other.post(APPLY, form_of("b" * 32))
    others = Case.objects.exclude(pk=asked.pk).get().number
    assert other.get(place).status_code == 404
    assert other.get(f"/cases/{others}/attachments/{one.pk}/").status_code == 404
    assert client.get(f"/cases/{asked.number}/attachments/{one.pk + 1}/").status_code == 404


def test_a_revoked_delivery_cannot_be_fetched(client: Client) -> None:
    client.post(APPLY, form_of())
    case = Case.objects.get()
    handed = actions.Handover(link="https://example.org/data")
    actions.grant(portal.now(), case, OFFICER, "", handover=handed)
    token = handover.token(case, case.deliveries.get())
    actions.revoke(case, OFFICER, "超出使用范围")
    place = f"/cases/{case.number}/deliveries/{token}/"
    assert client.post(place).status_code == 404
    assert "超出使用范围" in client.get(f"/cases/{case.number}/").content.decode()


def test_every_request_leaves_one_line_that_nothing_sent_can_forge(
    client: Client, small: Path
) -> None:
    client.get("/cases/x%0A%22status%22:200%0D%0A/", HTTP_X_FORWARDED_FOR='1"\n')
    client.get("/cases/track/?code=secret")
    [log] = (small.parent / "var" / "access").iterdir()
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [line["status"] for line in lines] == [404, 200]
    assert lines[0]["path"] == '/cases/x\n"status":200\r\n/'
    assert lines[0]["address"] == "127.0.0.1"
    assert "secret" not in log.read_text()


@pytest.mark.parametrize("host", ["evil.example", "data.example.org.evil", "127.0.0.1@evil"])
def test_a_host_that_is_not_the_portals_is_refused(client: Client, host: str) -> None:
    assert client.get("/cases/track/", HTTP_HOST=host).status_code == 400


def test_where_nothing_can_be_stored_it_says_so_and_reading_goes_on(
    client: Client, now: Now
) -> None:
    client.post(APPLY, form_of())
    number = Case.objects.get().number
    with connection.execute_wrapper(_full):
        answer = client.post(APPLY, form_of("b" * 32))
        assert answer.status_code == 503
        assert "暂时无法保存" in answer.content.decode()
        assert client.get(f"/cases/{number}/").status_code == 200
    assert client.post(APPLY, form_of("b" * 32)).status_code == 302


def _full(execute: object, sql: str, params: object, many: bool, context: object) -> object:
    if sql.startswith(("INSERT", "UPDATE")):
        raise OperationalError("database or disk is full")
    return execute(sql, params, many, context)  # type: ignore[operator]


def test_letters_calendar_and_attachments_are_the_applicants_and_the_desks(
    client: Client, officer: Client
) -> None:
    picture = SimpleUploadedFile("证明.png", PNG, "image/png")
    client.post(APPLY, {**form_of(), "attachments": picture})
    case = Case.objects.get()
    place = f"/cases/{case.number}/"
    assert "证明.png" in client.get(place).content.decode()
    calendar = client.get(f"{place}due.ics")
    assert calendar["Content-Type"].startswith("text/calendar")
    assert case.number in client.get(f"{place}letters/1/").content.decode()
    assert client.get(f"{place}letters/1/?as=docx").content.startswith(b"PK")
    assert client.get(f"{place}letters/9/").status_code == 404
    for paper in ("due.ics", "letters/1/"):
        assert Client().get(place + paper).status_code == 404
    [kept] = Attachment.objects.all()
    desk = f"/desk/cases/{case.number}/"
    file = officer.get(f"{desk}attachments/{kept.pk}/")
    assert b"".join(file.streaming_content) == PNG
    assert file["Content-Type"] == "application/octet-stream"
    assert officer.get(f"{desk}letters/1/").status_code == 200
    other = signed_in("li", "jtj")
    for paper in (f"attachments/{kept.pk}/", "letters/1/"):
        assert other.get(desk + paper).status_code == 404
    assert list(audit.verify()) == []
    Attachment.objects.update(digest="0" * 64)
    assert list(audit.verify())


FORMER = {"purpose": "研究公园使用情况（续）", "security": "加密保存在专用机器上"}


@pytest.fixture
def former(client: Client) -> Case:
    """Delivered until the end of a term, filed from this browser."""
    client.post(APPLY, form_of(**FORMER))
    case = Case.objects.get()
    until = clock.now() + timedelta(days=10)
    handed = actions.Handover(link="https://example.org/data", until=until)
    actions.grant(portal.now(), case, OFFICER, "", handover=handed)
    return case


def test_what_was_stated_before_begins_a_new_application(
    client: Client, officer: Client, former: Case
) -> None:
    link = f"{APPLY.replace('/visits', '%2Fvisits')}&amp;again={former.number}"
    assert link in client.get(f"/cases/{former.number}/").content.decode()
    page = client.get(f"/cases/track/?again={former.number}", follow=True)
    text = page.content.decode()
    assert page.redirect_chain[-1][0] == link.replace("&amp;", "&")
    assert all(words in text for words in (*FORMER.values(), FIELDS["applicant_name"]))
    assert 'name="undertaking" required' in text
    assert "checked" not in text.split('name="undertaking"')[1].split(">")[0]
    address = page.redirect_chain[-1][0]
    assert client.post(address, form_of("b" * 32, purpose="第二期")).status_code == 302
    new = Case.objects.exclude(pk=former.pk).get()
    assert new.statement["former"] == former.number
    client.post(f"/cases/{new.number}/amend/", form_of("b" * 32, purpose="第三期"))
    for shown in (
        client.get(f"/cases/{new.number}/"),
        officer.get(f"/desk/cases/{new.number}/"),
    ):
        assert former.number in shown.content.decode()
        assert "第三期" in shown.content.decode()


def test_the_number_alone_tells_nothing_of_a_former_application(former: Case) -> None:
    stranger = Client()
    unknown = former.number[:-6] + "000000"
    pages = {}
    for number in (former.number, unknown):
        answer = stranger.get(f"{APPLY}&again={number}")
        assert answer["Location"] == f"/cases/track/?again={number}"
        page = stranger.get(answer["Location"])
        assert page.status_code == 200
        stripped = page.content.decode().replace(number, "")
        pages[number] = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", stripped)
    assert pages[former.number] == pages[unknown]
    # What is sent with a number that is not one's own is an application like any other.
    assert stranger.post(f"{APPLY}&again={former.number}", form_of("c" * 32)).status_code == 302
    assert "former" not in Case.objects.exclude(pk=former.pk).get().statement


def test_number_and_code_lead_from_the_notice_to_the_form(client: Client, former: Case) -> None:
    code = numbers.code_for("a" * 32, _secret())
    other = Client()
    typed = {"number": former.number, "code": code}
    page = other.post(f"/cases/track/?again={former.number}", typed, follow=True)
    assert FORMER["purpose"] in page.content.decode()
    wrong = {**typed, "code": "AAAAAAA"}
    assert Client().post(f"/cases/track/?again={former.number}", wrong).status_code == 404


def test_a_former_application_for_other_data_fills_nothing_in(client: Client, former: Case) -> None:
    Case.objects.update(dataset_key="mzj/other")
    page = client.get(f"{APPLY}&again={former.number}")
    assert page.status_code == 200
    assert FORMER["purpose"] not in page.content.decode()


def test_a_right_number_costs_a_guess_no_more_than_a_free_one(now: Now) -> None:
    """The same statements, so the same time: number and code are looked up as one."""
    case = file_one(now)
    # The first guess of a visitor is noted; all later ones are counted.
    Client().post("/cases/track/", {"number": "x", "code": "x"})
    asked = []
    for number in (case.number, "202601010000001", "x"):
        with CaptureQueriesContext(
            connection,
        ) as found:
            Client().post("/cases/track/", {"number": number, "code": "AAAA-BBBB"})
        asked.append([re.sub(r"'[^']*'|\b[0-9a-f]{16,}\b|\d+", "?", one["sql"]) for one in found])
    assert asked[0] == asked[1] == asked[2]
    assert any("access" in one for one in asked[0])
