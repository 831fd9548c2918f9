"""The desk: its own department's cases, by due date; refusals complete or not saved."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.cases.conftest import FIELDS, PASSWORD, events_of, file_kind, file_one, signed_in
from tests.cases.files import made
from tests.portals import write

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, portal
from kaishu.cases.models import Case, OutgoingMail
from kaishu.cases.portal import Now
from kaishu.cases.views_desk import FORMS
from kaishu.cases.words import Kind, State

if TYPE_CHECKING:
    from pytest_django.fixtures import SettingsWrapper

REFUSED = {
    "outcome": "refused",
    "reason": "涉及商业秘密",
    "reason_code": "trade-secret",
    "version": 1,
}
BASIS = {
    "basis_title": "《条例》",
    "basis_article": "第十五条",
    "basis_level": "administrative-regulation",
}


def page(case: Case) -> str:
    return f"/desk/cases/{case.number}/"


def test_the_desk_asks_for_a_sign_in(client: Client, case: Case) -> None:
    for path in ("/desk/", page(case)):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/desk/login/")


def test_a_wrong_password_is_refused_and_guessing_is_paused(
    officer: Client, client: Client
) -> None:
    for _guess in range(8):
        answer = client.post("/desk/login/", {"username": "zhang", "password": "wrong"})
        assert answer.status_code == 403
    answer = client.post("/desk/login/", {"username": "zhang", "password": PASSWORD})
    assert "请15分钟后再试" in answer.content.decode()


def test_after_signing_in_only_places_of_this_site_are_gone_to(officer: Client) -> None:
    for wanted, place in (
        ("/desk/?show=all", "/desk/?show=all"),
        ("https://evil.example/", "/desk/"),
    ):
        answer = Client().post(
            f"/desk/login/?next={wanted}", {"username": "zhang", "password": PASSWORD}
        )
        assert answer["Location"] == place


def test_cases_are_listed_by_due_date_with_the_time_left(officer: Client, now: Now) -> None:
    later = file_one(now, key="1" * 32, received=datetime(2026, 10, 15, 9, tzinfo=SHANGHAI))
    sooner = file_one(now, key="2" * 32, received=datetime(2026, 9, 1, 9, tzinfo=SHANGHAI))
    with clock.moved_to(datetime(2026, 10, 16, 9, tzinfo=SHANGHAI)):
        text = officer.get("/desk/").content.decode()
    assert text.index(sooner.number) < text.index(later.number)
    assert "逾期" in text
    assert "剩余" in text


def test_an_officer_sees_only_the_own_department(case: Case) -> None:
    other = signed_in("li", "jtj")
    assert case.number not in other.get("/desk/").content.decode()
    assert other.get(page(case)).status_code == 404
    assert other.post(page(case), {**REFUSED, **BASIS}).status_code == 404
    case.refresh_from_db()
    assert case.state == State.SUBMITTED


def test_the_operator_sees_all_departments(case: Case) -> None:
    operator = signed_in("chief", "")
    text = operator.get("/desk/").content.decode()
    assert case.number in text
    assert "民政局" in text


def test_the_rules_words_stand_beside_the_decision(officer: Client, case: Case) -> None:
    text = officer.get(page(case)).content.decode()
    assert "能够当场答复的，应当当场答复" in text


def test_a_refusal_without_a_reason_is_not_saved(officer: Client, case: Case) -> None:
    answer = officer.post(page(case), {**REFUSED, "reason": " "})
    assert answer.status_code == 422
    assert "不同意开放的，应当说明理由" in answer.content.decode()
    case.refresh_from_db()
    assert (case.state, events_of(case)) == (State.SUBMITTED, ["file"])


def test_where_the_regulation_asks_no_basis_the_reason_is_enough(
    officer: Client, case: Case
) -> None:
    assert officer.post(page(case), REFUSED).status_code == 302
    assert case.answer.reason == "涉及商业秘密"


@pytest.mark.parametrize("missing", BASIS)
def test_where_the_regulation_asks_a_basis_it_is_needed_whole(
    officer: Client, small: Path, missing: str
) -> None:
    text = (small / "catalog.yaml").read_text().replace("yingkou-2022", "shuozhou-2021")
    write(small, "catalog.yaml", text)
    from kaishu.cases import portal

    case = file_one(portal.now(), key="5" * 32)
    part = {name: value for name, value in BASIS.items() if name != missing}
    assert officer.post(page(case), {**REFUSED, **part}).status_code == 422
    case.refresh_from_db()
    assert case.state == State.SUBMITTED
    assert officer.post(page(case), {**REFUSED, **BASIS}).status_code == 302
    case.refresh_from_db()
    assert case.answer.basis_article == "第十五条"


def test_a_grant_on_the_spot_delivers_the_uploaded_file(officer: Client, case: Case) -> None:
    file = SimpleUploadedFile("../data.csv", b"a\n1\n")
    form = {"outcome": "granted", "message": "请查收", "file": file, "version": 1}
    assert officer.post(page(case), form).status_code == 302
    case.refresh_from_db()
    assert case.state == State.DELIVERED
    assert case.deliveries.get().filename == "data.csv"
    assert events_of(case) == ["file", "grant", "deliver"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("data.exe", b"MZ"),
        ("data.csv", b"MZ\x90\0"),
        ("data.zip", made.zipped({"setup.exe": b"MZ"})),
        ("data.zip", made.zipped({"a.csv": b"0" * 64 * 1024 * 1024})),
    ],
)
def test_a_file_that_is_no_data_is_not_delivered_and_the_answer_stays_typed(
    officer: Client, case: Case, name: str, content: bytes
) -> None:
    file = SimpleUploadedFile(name, content)
    form = {"outcome": "granted", "message": "请查收", "file": file, "version": 1}
    answer = officer.post(page(case), form)
    assert answer.status_code == 422
    assert "请查收" in answer.content.decode()
    case.refresh_from_db()
    assert case.state == State.SUBMITTED


def test_where_the_scanner_is_silent_nothing_is_delivered_but_a_link(
    officer: Client, case: Case, settings: SettingsWrapper
) -> None:
    settings.KAISHU_CLAMD = "tcp://127.0.0.1:1"
    form = {"outcome": "granted", "file": SimpleUploadedFile("a.csv", b"a\n1\n"), "version": 1}
    assert officer.post(page(case), form).status_code == 422
    form["file"], form["link"] = "", "https://data.example.org/x"
    assert officer.post(page(case), form).status_code == 302


def test_an_archive_is_delivered_as_it_was_uploaded(officer: Client, case: Case) -> None:
    content = made.zipped({"a.csv": "a\n" * 100_000, "说明.docx": made.word()})
    form = {"outcome": "granted", "file": SimpleUploadedFile("数据.zip", content), "version": 1}
    assert officer.post(page(case), form).status_code == 302
    delivery = case.deliveries.get()
    assert (delivery.filename, actions.stored_path(delivery).read_bytes()) == ("数据.zip", content)


def test_a_grant_can_be_delivered_in_a_second_step(officer: Client, case: Case) -> None:
    officer.post(page(case), {"outcome": "granted", "version": 1})
    assert officer.post(page(case), {"version": 2}).status_code == 422
    assert officer.post(page(case), {"version": 2, "link": "https://e.org/d"}).status_code == 302
    case.refresh_from_db()
    assert case.state == State.DELIVERED


def test_a_decision_on_an_outdated_page_shows_what_happened(officer: Client, case: Case) -> None:
    officer.post(page(case), {**REFUSED})
    second = signed_in("li", "mzj")
    answer = second.post(page(case), {"outcome": "granted", "version": 1})
    text = answer.content.decode()
    assert answer.status_code in (409, 422)
    assert "涉及商业秘密" in text
    case.refresh_from_db()
    assert case.state == State.REFUSED


def test_signing_out_closes_the_desk(officer: Client) -> None:
    assert officer.get("/desk/logout/").status_code == 405
    officer.post("/desk/logout/")
    assert officer.get("/desk/").status_code == 302


def post(client: Client, case: Case, verb: str, **form: object) -> int:
    case.refresh_from_db()
    sent = {"verb": verb, "version": case.version, **form}
    status = client.post(page(case), sent).status_code
    case.refresh_from_db()
    return int(status)


def test_a_correction_is_passed_on_by_the_operator_alone(now: Now) -> None:
    case = file_kind(now, Kind.CORRECTION)
    officer, operator = signed_in("zhang", "mzj"), signed_in("chief", "")
    assert officer.get(page(case)).status_code == 404
    assert "转交提供部门" in operator.get(page(case)).content.decode()
    assert post(operator, case, "pass-on", department="mzj") == 302
    assert (case.department, case.rule) == ("mzj", "correction")
    text = officer.get(page(case)).content.decode()
    assert "应当在5个工作日内进行校核" in text
    assert "不得以与共享的政务数据不一致为由拒绝办理" in text
    assert "已更正" in text


def test_what_the_operator_holds_is_passed_on_and_not_transferred(now: Now) -> None:
    """A transfer lets the clock run on; where none has begun, a department's would never begin."""
    case, operator = file_kind(now, Kind.CORRECTION), signed_in("chief", "")
    assert post(operator, case, "transfer", department="mzj", words="x") == 409
    assert post(operator, case, "pass-on", department="mzj") == 302
    assert post(operator, case, "pass-on", department="jtj") == 409
    assert events_of(case) == ["file", "pass-on"]


def test_a_transfer_moves_the_case_and_not_its_due_date(officer: Client, case: Case) -> None:
    due = case.due_date
    assert post(officer, case, "transfer", department="jtj", words="非本部门职责") == 302
    assert (case.department, case.due_date) == ("jtj", due)
    assert officer.get(page(case)).status_code == 404
    assert "非本部门职责" in signed_in("li", "jtj").get(page(case)).content.decode()
    assert post(signed_in("wu", "jtj"), case, "transfer", department="nobody", words="x") == 422


def test_a_question_stops_no_clock(officer: Client, case: Case) -> None:
    assert post(officer, case, "ask", words="请说明时间范围") == 302
    assert case.state == State.CLARIFYING
    assert case.is_running


@pytest.fixture
def yichuan(small: Path) -> Case:
    """A correction in 伊川: ten working days, which the principal head may extend by ten."""
    text = (small / "catalog.yaml").read_text().replace("yingkou-2022", "yichuan-2020")
    write(small, "catalog.yaml", text)
    return file_kind(portal.now(), Kind.CORRECTION)


def test_an_extension_is_the_heads_within_the_rules_limit_and_the_applicant_is_told(
    yichuan: Case,
) -> None:
    officer, head = signed_in("zhang", "mzj"), signed_in("wang", "mzj", role="head")
    operator = signed_in("chief", "")
    with clock.moved_to(datetime(2026, 10, 19, 9, tzinfo=SHANGHAI)):
        assert (
            "延期须经政务数据提供部门主要负责人同意" in officer.get(page(yichuan)).content.decode()
        )
        for other in (officer, operator):
            assert post(other, yichuan, "extend", amount=5, words="x") == 409
        assert post(head, yichuan, "extend", amount=11, words="x") == 422
        assert post(head, yichuan, "extend", amount=5, words="需要现场核实") == 302
        assert yichuan.due_date == date(2026, 10, 27)
        assert post(head, yichuan, "extend", amount=5, words="再一次") == 409
    assert events_of(yichuan) == ["file", "extend"]
    told = OutgoingMail.objects.order_by("pk").last()
    assert told is not None
    assert "需要现场核实" in told.body
    assert "2026年10月27日" in told.body


def test_after_its_term_nothing_is_extended(yichuan: Case) -> None:
    head = signed_in("wang", "mzj", role="head")
    with clock.moved_to(datetime(2026, 10, 21, tzinfo=SHANGHAI)):
        assert post(head, yichuan, "extend", amount=5, words="x") == 409


def test_where_the_regulation_gives_no_extension_none_is_offered(case: Case) -> None:
    head = signed_in("wang", "mzj", role="head")
    with clock.moved_to(datetime(2026, 10, 9, tzinfo=SHANGHAI)):
        assert "延长期限" not in head.get(page(case)).content.decode()
        assert post(head, case, "extend", amount=5, words="x") == 409


def test_a_grant_in_part_says_why_not_the_rest(officer: Client, case: Case) -> None:
    assert post(officer, case, "grant", outcome="granted-in-part") == 422
    form = {
        "outcome": "granted-in-part",
        "reason": "含商业秘密的列不提供",
        "reason_code": "trade-secret",
    }
    assert post(officer, case, "grant", **form, link="https://e.org/d") == 302
    assert (case.state, case.answer.outcome) == ("delivered", "granted-in-part")
    assert events_of(case) == ["file", "grant-in-part", "deliver"]


def test_where_the_portal_says_so_refusals_are_the_heads(small: Path, case: Case) -> None:
    text = (small / "catalog.yaml").read_text() + "backend: {refusals: head}\n"
    write(small, "catalog.yaml", text)
    refusal = {"outcome": "refused", "reason": "涉及商业秘密", "reason_code": "trade-secret"}
    assert post(signed_in("zhang", "mzj"), case, "grant", **refusal) == 409
    assert case.state == State.SUBMITTED
    assert post(signed_in("wang", "mzj", role="head"), case, "grant", **refusal) == 302


def test_an_auditor_reads_everything_and_changes_nothing(case: Case, now: Now) -> None:
    auditor = signed_in("shen", "", role="auditor")
    text = auditor.get(page(case)).content.decode()
    assert FIELDS["applicant_name"] in text
    assert 'name="verb"' not in text
    for verb in FORMS:
        assert post(auditor, case, verb.value, **REFUSED, department="jtj", words="x") == 403
    assert events_of(case) == ["file"]


def test_a_reason_is_released_once_it_was_read(officer: Client, case: Case) -> None:
    officer.post(page(case), REFUSED)
    assert not Case.objects.get().answer.released
    assert post(officer, case, "release") == 302
    assert Case.objects.get().answer.released
    assert post(officer, case, "release") == 409
    assert post(officer, case, "close") == 302
    assert case.state == State.CLOSED


def test_a_step_that_does_not_exist_is_not_found(officer: Client, case: Case) -> None:
    for verb in ("withdraw", "file", "recount", "erase", "x"):
        assert post(officer, case, verb) == 404
