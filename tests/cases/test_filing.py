"""The applicant's verbs: filing by kind, its routing and its clock; ten minutes to correct."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from tests.cases.conftest import FIELDS, OFFICER, RECEIVED, events_of, file_kind, file_one
from tests.portals import write

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import NotAllowed
from kaishu.cases import actions, encryption, filing, portal
from kaishu.cases.models import NO_TERM, Case, OutgoingMail
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Kind, State

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.cases.portal import Now

OPERATOR = By(Actor.OPERATOR, "chief")


def under(root: Path, regulation: str) -> Now:
    text = (root / "catalog.yaml").read_text().replace("yingkou-2022", regulation)
    write(root, "catalog.yaml", text)
    return portal.now()


@pytest.mark.parametrize("regulation", ["yingkou-2022", "liaoning-2020"])
def test_a_citizens_correction_goes_to_the_operator_and_the_term_waits(
    small: Path, regulation: str
) -> None:
    case = file_kind(under(small, regulation), Kind.CORRECTION)
    assert (case.department, case.provider) == ("", "mzj")
    assert (case.clock, case.due_date, case.open_due_on) == ("none", None, NO_TERM)


def test_the_providers_term_starts_when_the_correction_reaches_it(now: Now) -> None:
    case = file_kind(now, Kind.CORRECTION)
    passed = datetime(2026, 10, 12, 9, tzinfo=SHANGHAI)
    with clock.moved_to(passed):
        actions.pass_on(now, case, OPERATOR, "mzj")
    case.refresh_from_db()
    assert (case.department, case.started_at) == ("mzj", passed)
    assert (case.rule, case.article, case.due_date) == (
        "correction",
        "第二十三条",
        date(2026, 10, 19),
    )
    assert case.open_due_on == case.due_date
    assert events_of(case) == ["file", "pass-on"]


def test_in_yichuan_a_correction_goes_straight_to_the_provider(small: Path) -> None:
    case = file_kind(under(small, "yichuan-2020"), Kind.CORRECTION)
    assert (case.department, case.article) == ("mzj", "第十九条")
    assert case.due_date == date(2026, 10, 20)


@pytest.mark.parametrize("kind", [Kind.OPEN_DEMAND, Kind.DISPUTE])
def test_where_no_text_sets_a_term_none_is_invented(now: Now, kind: Kind) -> None:
    case = file_kind(now, kind)
    assert (case.clock, case.due_date, case.department) == ("none", None, "")
    assert not case.is_running


def test_a_promise_of_the_operators_is_counted_and_is_no_law(small: Path) -> None:
    case = file_kind(promising(small), Kind.OPEN_DEMAND)
    assert (case.clock, case.promised, case.article) == ("answer", True, "")
    assert case.due_date == date(2026, 10, 27)


def promising(root: Path) -> Now:
    """A portal whose own regulation folder promises an answer to demands in 15 working days."""
    import shutil

    from kaishu.regulation import library

    source = library.__path__[0]
    shutil.copytree(f"{source}/yingkou-2022", root / "own")
    rules = (root / "own" / "rules.yaml").read_text()
    words = (
        "promises:\n  - {rule: open-demand, term: {amount: 15, unit: working-day}, by: 承诺}\n\n"
    )
    write(root, "own/rules.yaml", rules.replace("openness:\n", words + "openness:\n", 1))
    return under(root, "own")


def test_nothing_stated_lies_open_in_the_database(case: Case) -> None:
    row = str(Case.objects.filter(pk=case.pk).values().get())
    assert not any(FIELDS[name] in row for name in ("applicant_name", "phone", "email", "purpose"))
    assert case.statement["applicant_name"] == FIELDS["applicant_name"]


def test_the_applicant_is_found_by_an_exact_word(case: Case) -> None:
    index = encryption.blind("phone", FIELDS["phone"].replace("-", " "))
    assert Case.objects.get(phone_index=index) == case


def test_ten_minutes_to_correct_what_was_filed(case: Case) -> None:
    with clock.moved_to(RECEIVED + timedelta(minutes=9, seconds=59)):
        filing.amend(case, {**FIELDS, "purpose": "另一用途", "phone": "0417-7654321"})
    case = Case.objects.get(pk=case.pk)
    assert case.statement["purpose"] == "另一用途"
    assert case.phone_index == encryption.blind("phone", "04177654321")
    assert (case.received_at, case.due_date) == (RECEIVED, date(2026, 10, 20))
    assert events_of(case) == ["file", "amend"]


def test_after_ten_minutes_or_once_taken_up_it_is_too_late(case: Case) -> None:
    with clock.moved_to(RECEIVED + timedelta(minutes=10)), pytest.raises(NotAllowed):
        filing.amend(case, FIELDS)
    with clock.moved_to(RECEIVED + timedelta(minutes=1)):
        actions.accept(case, OFFICER)
        with pytest.raises(NotAllowed):
            filing.amend(case, FIELDS)


def test_a_question_is_answered_and_the_clock_runs_on(case: Case) -> None:
    due = case.due_date
    actions.ask(case, OFFICER, "请说明时间范围")
    assert (case.state, case.is_running) == (State.CLARIFYING, True)
    filing.supplement(case, "2026年全年")
    case.refresh_from_db()
    assert (case.state, case.due_date) == (State.ACCEPTED, due)
    assert [note.text for note in case.notes.all()] == ["请说明时间范围", "2026年全年"]


def test_an_answer_is_disputed_before_the_operator(case: Case, now: Now) -> None:
    with pytest.raises(NotAllowed), clock.moved_to(RECEIVED):
        dispute(now, case)
    actions.refuse(now, case, OFFICER, actions.Refusal("理由", "not-held"))
    filed = dispute(now, case)
    assert (filed.kind, filed.department, filed.about) == (Kind.DISPUTE, "", case)
    assert events_of(case) == ["file", "refuse", "dispute"]
    with pytest.raises(NotAllowed):
        dispute(now, case, key="8" * 32)


def test_lateness_is_disputed_too(case: Case, now: Now) -> None:
    assert case.due_at is not None
    with clock.moved_to(case.due_at):
        assert dispute(now, case).about == case


def dispute(now: Now, case: Case, key: str = "7" * 32) -> Case:
    filed = filing.Filing(Kind.DISPUTE, {"grounds": "逾期未答复"}, about=case)
    return filing.file(now, filed, idempotency_key=key)


def test_the_receipt_is_queued_with_the_case_and_sealed(case: Case) -> None:
    mail = OutgoingMail.objects.get()
    assert mail.case == case
    key = f"{case.received_at.timestamp():.6f}.case.{case.number}.1.applicant"
    assert mail.message_id.startswith(f"<{key}@")
    assert FIELDS["email"] not in str(vars(mail))
    assert mail.recipient == FIELDS["email"]
    assert case.number in mail.subject
    assert "查询码" in mail.body


def test_where_no_address_is_given_no_mail_is_queued(now: Now) -> None:
    file_one(now, key="6" * 32, email="")
    assert not OutgoingMail.objects.exists()
