"""Letters say what the record says, with the article's words, whatever was typed."""

from __future__ import annotations

import io
from datetime import datetime

import pytest
from docx import Document
from tests.cases.conftest import file_one

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, letters, portal
from kaishu.cases.models import Case, Event
from kaishu.cases.portal import Now
from kaishu.cases.steps import By
from kaishu.cases.words import Actor, Verb

NOON = datetime(2026, 10, 9, 12, tzinfo=SHANGHAI)
OFFICER = By(Actor.OFFICER, "zhang")


def last(case: Case) -> Event:
    found = case.events.last()
    assert found is not None
    return found


def refused(case: Case, reason: str = "涉及第三方商业秘密") -> Case:
    refusal = actions.Refusal(reason, "trade-secret", "《数据安全法》", "第三十八条", "law")
    with clock.moved_to(NOON):
        actions.refuse(portal.now(), case, OFFICER, refusal)
    return Case.objects.get(pk=case.pk)


def test_a_refusal_states_reason_basis_and_the_way_on(case: Case, now: Now) -> None:
    case = refused(case)
    letter = letters.letter(now, case, last(case))
    text = "\n".join(letter.paragraphs)
    for said in (
        "公园客流明细",
        case.number,
        "涉及第三方商业秘密",
        "《数据安全法》第三十八条",
        "测试市大数据管理局",
        "异议",
    ):
        assert said in text
    assert letter.addressee == "王小明"
    assert letter.signed_by == "民政局"
    assert letter.day == NOON.date()
    cited = letter.citations[0]
    assert (cited.title, cited.article) == (now.regulation.title, "第二十九条")
    assert "10个工作日" in cited.quote


def test_a_grant_tells_no_way_to_dispute(case: Case, now: Now) -> None:
    with clock.moved_to(NOON):
        actions.grant(now, case, OFFICER, "请按承诺使用")
    letter = letters.letter(now, case, last(case))
    assert "请按承诺使用" in letter.paragraphs
    assert not any("异议" in text for text in letter.paragraphs)


def test_a_question_carries_what_was_asked(case: Case, now: Now) -> None:
    with clock.moved_to(NOON):
        actions.ask(case, OFFICER, "请说明使用期限")
    assert "请说明使用期限" in letters.letter(now, case, last(case)).paragraphs


def test_only_events_with_a_letter_are_offered(case: Case) -> None:
    with clock.moved_to(NOON):
        actions.accept(case, OFFICER)
    found = letters.letters(case, list(case.events.all()))
    assert [event.verb for event in found] == [Verb.FILE]


def test_the_document_can_be_opened_and_reads_the_same(case: Case, now: Now) -> None:
    case = refused(case)
    letter = letters.letter(now, case, last(case))
    read = Document(io.BytesIO(letters.as_docx(letter)))
    texts = [paragraph.text for paragraph in read.paragraphs]
    assert letter.title in texts
    for text in letter.paragraphs:
        assert text in texts


@pytest.mark.parametrize("typed", ["a\0b\x1b[31m", "\ud800", "\u202e反", "]]><w:p/>", "\ufffe"])
def test_whatever_was_typed_makes_a_document(now: Now, case: Case, typed: str) -> None:
    named = file_one(
        now,
        key="9" * 32,
        applicant_name=f"王{typed}".replace("\0", "").encode("utf-8", "ignore").decode(),
    )
    letter = letters.letter(now, named, last(named))
    assert Document(io.BytesIO(letters.as_docx(letter)))
    case = refused(case, typed.replace("\0", "").encode("utf-8", "ignore").decode() or "x")
    assert Document(io.BytesIO(letters.as_docx(letters.letter(now, case, last(case)))))
