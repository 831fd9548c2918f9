"""A case's papers are its own people's: attachments, letters, deliveries, the date for a calendar."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from docx import Document
from tests.cases.conftest import file_one, form_of, signed_in
from tests.cases.files import made

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, handover, proof
from kaishu.cases.models import Case
from kaishu.cases.portal import Now
from kaishu.cases.records import Attachment, Confirmation
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, State

OFFICER = By(Actor.OFFICER, "zhang")
APPLY = "/cases/apply/?dataset=mzj/visits"


def applied(client: Client, **more: object) -> Case:
    """Filed through the form, so that the browser carries the code."""
    answer = client.post(APPLY, {**form_of(), **more})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Case.objects.get(number=answer.url.split("/")[2])  # type: ignore[attr-defined]


def with_file(client: Client) -> Attachment:
    upload = SimpleUploadedFile("说明<b>.pdf", made.pdf())
    return applied(client, attachments=[upload]).attachments.get()


def test_the_form_carries_a_challenge_that_its_own_site_made(client: Client) -> None:
    page = client.get(APPLY).content.decode()
    assert 'data-challenge="{' in page
    assert 'enctype="multipart/form-data"' in page
    assert "proof-worker.js" in page


def test_a_form_with_its_proof_needs_no_confirmation(client: Client) -> None:
    case = applied(client, proof=proof.solve(proof.challenge()))
    assert case.proof
    assert not Confirmation.objects.filter(case=case).exists()


def test_a_refused_file_is_named_and_nothing_is_filed(client: Client) -> None:
    upload = SimpleUploadedFile("a.docm", b"PK")
    answer = client.post(APPLY, {**form_of(), "attachments": [upload]})
    assert answer.status_code == 422
    assert "a.docm" in answer.content.decode()
    assert "2026年各公园逐小时客流" in answer.content.decode()
    assert not Case.objects.exists()


def test_an_attachment_is_saved_and_does_nothing(client: Client) -> None:
    one = with_file(client)
    path = f"/desk/cases/{one.case.number}/attachments/{one.pk}/"
    answer = signed_in("zhang", "mzj").get(path)
    assert b"".join(answer.streaming_content) == made.pdf()  # type: ignore[attr-defined]
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "<b>" not in answer["Content-Disposition"]


def test_an_attachment_is_shown_to_its_department_alone(client: Client) -> None:
    one = with_file(client)
    path = f"/desk/cases/{one.case.number}/attachments/{one.pk}/"
    assert signed_in("zhang", "mzj").get(path).status_code == 200
    assert signed_in("li", "jtj").get(path).status_code == 404
    assert Client().get(path).status_code == 302


def test_an_attachment_of_another_case_is_not_reached_through_ones_own(
    client: Client, now: Now
) -> None:
    one = with_file(client)
    other = file_one(now, key="5" * 32)
    path = f"/desk/cases/{other.number}/attachments/{one.pk}/"
    assert signed_in("zhang", "mzj").get(path).status_code == 404


def test_letters_are_read_printed_and_saved(client: Client) -> None:
    case = applied(client)
    page = client.get(f"/cases/{case.number}/letters/1/")
    assert case.number in page.content.decode()
    assert "第二十九条" in page.content.decode()
    saved = client.get(f"/cases/{case.number}/letters/1/?as=docx")
    assert any(case.number in one.text for one in Document(io.BytesIO(saved.content)).paragraphs)
    assert client.get(f"/cases/{case.number}/letters/9/").status_code == 404
    desk = f"/desk/cases/{case.number}/letters/1"
    officer = signed_in("zhang", "mzj")
    assert officer.get(f"{desk}/").status_code == officer.get(f"{desk}/?as=docx").status_code == 200
    other = signed_in("li", "jtj")
    assert other.get(f"{desk}/").status_code == other.get(f"{desk}/?as=docx").status_code == 404


def test_the_date_is_taken_for_a_calendar(client: Client) -> None:
    case = applied(client)
    answer = client.get(f"/cases/{case.number}/due.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    assert answer.content.startswith(b"BEGIN:VCALENDAR\r\n")


@pytest.fixture
def delivered(client: Client, now: Now) -> Case:
    case = applied(client)
    link = actions.Handover(
        "数据.csv", [b"a,b\n"], until=clock.now() + timedelta(days=30), fetch_limit=1
    )
    actions.grant(now, case, OFFICER, "同意", handover=link)
    return Case.objects.get(pk=case.pk)


def link_of(case: Case) -> str:
    return f"/cases/{case.number}/deliveries/{handover.token(case, case.deliveries.get())}/"


def test_a_delivery_shows_the_agreement_then_the_file_once(client: Client, delivered: Case) -> None:
    page = client.get(f"/cases/{delivered.number}/").content.decode()
    assert "/deliveries/" in page
    address = link_of(delivered)
    shown = client.get(address).content.decode()
    assert "研究公园使用情况" in shown
    assert delivered.deliveries.get().fetches == 0
    answer = client.post(address)
    assert b"".join(answer.streaming_content) == b"a,b\n"  # type: ignore[attr-defined]
    assert "attachment" in answer["Content-Disposition"]
    assert client.post(address).status_code == 409
    assert delivered.deliveries.get().fetches == 1


def test_the_link_alone_gives_nothing(delivered: Case) -> None:
    assert Client().get(link_of(delivered)).status_code == 404
    assert Client().post(link_of(delivered)).status_code == 404


def test_another_applicants_link_gives_nothing(delivered: Case, now: Now) -> None:
    other = Client()
    other.post(APPLY, form_of("b" * 32))
    assert other.get(link_of(delivered)).status_code == 404


def test_an_officer_sets_the_term_and_the_count(client: Client) -> None:
    case = applied(client)
    officer = signed_in("zhang", "mzj")
    day = (clock.today() + timedelta(days=100)).isoformat()
    said = {"outcome": "granted", "version": case.version, "link": "https://data.example.org/x"}
    officer.post(f"/desk/cases/{case.number}/", {**said, "until": day, "fetch_limit": "3"})
    delivery = case.deliveries.get()
    assert delivery.fetch_limit == 3
    assert delivery.expires_at is not None
    assert delivery.expires_at.astimezone(SHANGHAI).date() == clock.today() + timedelta(days=101)
    assert Case.objects.get(pk=case.pk).state == State.DELIVERED


def test_a_term_that_is_over_is_refused(client: Client) -> None:
    case = applied(client)
    officer = signed_in("zhang", "mzj")
    said = {"outcome": "granted", "version": case.version, "link": "https://data.example.org/x"}
    answer = officer.post(f"/desk/cases/{case.number}/", {**said, "until": "2020-01-01"})
    assert answer.status_code == 422
    assert not case.deliveries.exists()


def test_the_desk_sees_what_was_not_confirmed(client: Client) -> None:
    case = applied(client)
    officer = signed_in("zhang", "mzj")
    assert "尚未通过邮件确认" in officer.get(f"/desk/cases/{case.number}/").content.decode()
    Confirmation.objects.update(confirmed_at=datetime(2026, 11, 21, tzinfo=SHANGHAI))
    assert "尚未通过邮件确认" not in officer.get(f"/desk/cases/{case.number}/").content.decode()
