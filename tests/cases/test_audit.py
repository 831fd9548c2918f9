"""`kaishu audit verify` finds any later edit, in events and in whatever they fix."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.db import connection
from tests.cases.conftest import FIELDS, OFFICER, RECEIVED, file_one
from tests.cases.files import made

from kaishu.base import clock
from kaishu.cases import actions, audit, filing, intake
from kaishu.cases.words import Kind
from kaishu.cli.audit import verified

if TYPE_CHECKING:
    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now
    from kaishu.cases.records import Attachment

EDITS = [
    "UPDATE cases_event SET data = '{}' WHERE sequence = 1",
    "UPDATE cases_event SET actor_name = 'li' WHERE sequence = 3",
    "UPDATE cases_event SET at = '2026-10-01 00:00:00+00' WHERE sequence = 2",
    "UPDATE cases_event SET verb = 'accept' WHERE sequence = 2",
    "DELETE FROM cases_event WHERE sequence = 4",
    "DELETE FROM cases_event WHERE sequence = 2",
    "DELETE FROM cases_event",
    "UPDATE cases_case SET state = 'granted'",
    "UPDATE cases_case SET due_date = '2027-01-01'",
    "UPDATE cases_case SET due_at = '2027-01-02 00:00:00+00'",
    "UPDATE cases_case SET department = 'jtj'",
    "UPDATE cases_case SET received_at = '2026-10-01 00:00:00+00'",
    "UPDATE cases_case SET sealed = ''",
    "UPDATE cases_case SET sealed = '', erased_at = '2026-10-01 00:00:00+00'",
    "UPDATE cases_answer SET reason = 'x'",
    "UPDATE cases_answer SET reason_code = 'not-held'",
    "UPDATE cases_answer SET basis_article = 'x'",
    "DELETE FROM cases_answer",
    "UPDATE cases_note SET sealed = ''",
    "DELETE FROM cases_note WHERE sequence = 3",
    "UPDATE cases_attachment SET sequence = 1",
    "DELETE FROM cases_attachment",
]


def attached(case: Case) -> list[Attachment]:
    return intake.Admitted((intake.Sent("图.png", "image/png", made.png()),)).attachments(case)


@pytest.fixture
def told(case: Case, now: Now) -> Case:
    """Filed, asked, supplemented, refused: four events."""
    actions.ask(case, OFFICER, "请说明时间范围")
    filing.supplement(case, "2026年全年", attached(case))
    refusal = actions.Refusal("涉及商业秘密", "trade-secret", "《条例》", "第十五条", "law")
    actions.refuse(now, case, OFFICER, refusal)
    return case


def edit(statement: str) -> None:
    """Change a table as somebody with the database's password would, its guards taken away."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER cases_event_no_update")
            cursor.execute("DROP TRIGGER cases_event_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE cases_event DISABLE TRIGGER cases_event_append_only")
        cursor.execute(statement)
        assert cursor.rowcount


def test_an_untouched_record_is_as_it_was_written(told: Case, now: Now) -> None:
    file_one(now, key="9" * 32)
    assert list(audit.verify()) == []
    assert verified() == 0


def test_what_was_filed_is_corrected_and_the_attachments_stay_as_they_were(now: Now) -> None:
    beside = intake.Admitted((intake.Sent("图.png", "image/png", made.png()),))
    dataset = now.dataset("mzj/visits")
    filed = filing.Filing(
        Kind.OPEN_APPLICATION, FIELDS, dataset, files=beside.digests, beside=beside.rows
    )
    with clock.moved_to(RECEIVED):
        case = filing.file(now, filed, idempotency_key="8" * 32)
        actions.transfer(now, case, OFFICER, "jtj", "属交通部门")
        filing.amend(case, {**FIELDS, "purpose": "另一用途"})
    assert list(audit.verify()) == []


@pytest.mark.parametrize("statement", EDITS)
def test_any_later_edit_is_found(told: Case, statement: str) -> None:
    edit(statement)
    assert {number for number, _wrong in audit.verify()} == {told.number}
    assert verified() == 1


def test_an_event_cut_out_with_its_hashes_mended_is_found(told: Case) -> None:
    last = told.events.get(sequence=3)
    edit("DELETE FROM cases_event WHERE sequence = 4")
    type(told).objects.filter(pk=told.pk).update(head=last.hash, version=3)
    assert list(audit.verify())
