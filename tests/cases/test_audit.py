"""`kaishu audit verify` finds any later edit, in events and in whatever they fix."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection, models
from tests.cases.conftest import FIELDS, OFFICER, RECEIVED, file_one
from tests.cases.files import made

from kaishu.base import clock
from kaishu.cases import (
    actions,
    audit,
    encryption,
    filing,
    handover,
    intake,
    keys,
    retention,
)
from kaishu.cases.models import Answer, Case, Delivery, Event, Note
from kaishu.cases.records import Attachment
from kaishu.cases.words import Kind
from kaishu.cli.audit import verified

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_django.fixtures import SettingsWrapper

    from kaishu.cases.portal import Now

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


def edit(statement: str, values: Sequence[Any] = ()) -> None:
    """Change a table as somebody with the database's password would, its guards taken away."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER cases_event_no_update")
            cursor.execute("DROP TRIGGER cases_event_no_delete")
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE cases_event DISABLE TRIGGER cases_event_append_only")
        cursor.execute(statement, values)
        assert cursor.rowcount


def test_an_untouched_record_is_as_it_was_written(told: Case, now: Now) -> None:
    file_one(now, key="9" * 32)
    assert list(audit.verify()) == []
    assert verified() == 0


def test_what_was_filed_is_corrected_and_the_attachments_stay_as_they_were(now: Now) -> None:
    beside = intake.Admitted((intake.Sent("图.png", "image/png", made.png()),))
    dataset = now.dataset("mzj/visits")
    filed = filing.Filing(
        Kind.OPEN_APPLICATION, FIELDS, dataset, files=beside.marks, beside=beside.rows
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


@pytest.fixture
def whole(now: Now) -> Case:
    """A case of every kind of row: words, files, an answer in part, deliveries fetched and revoked."""
    beside = intake.Admitted((intake.Sent("图.png", "image/png", made.png()),))
    dataset = now.dataset("mzj/visits")
    filed = filing.Filing(
        Kind.OPEN_APPLICATION, FIELDS, dataset, undertaking="1", files=beside.marks,
        beside=beside.rows,
    )  # fmt: skip
    with clock.moved_to(RECEIVED):
        case = filing.file(now, filed, idempotency_key="8" * 32)
    with clock.moved_to(RECEIVED + timedelta(hours=30)):
        actions.ask(case, OFFICER, "请说明时间范围")
        part = actions.Refusal("其余涉及商业秘密", "trade-secret", "《条例》", "第十五条", "law")
        until = clock.now() + timedelta(days=30)
        file = actions.Handover("客流.csv", [b"1,2\n"], until=until, fetch_limit=3)
        actions.grant(now, case, OFFICER, "予以提供", in_part=part, handover=file)
        handover.take(case, case.deliveries.get())
        case.refresh_from_db()
        actions.deliver(case, OFFICER, actions.Handover(link="https://data.example.org/x"))
        actions.revoke(case, OFFICER, "擅自转让")
    return case


ROWS = (Case, Event, Note, Answer, Delivery, Attachment)


@pytest.mark.parametrize(
    ("model", "name"),
    [
        pytest.param(model, field.name, id=f"{model.__name__}.{field.name}")
        for model in ROWS
        for field in model._meta.local_concrete_fields
        if not field.primary_key
    ],
)
def test_an_edit_of_any_column_is_found(
    whole: Case, now: Now, model: type[models.Model], name: str
) -> None:
    other = file_one(now, key="7" * 32)
    assert list(audit.verify()) == []
    rows = list(model._default_manager.filter(**{"pk" if model is Case else "case": whole.pk}))
    # Behind the last event there is room.
    row = rows[-1 if model is Event else 0]
    field = model._meta.get_field(name)
    changed = _another(field, row, other)
    prepared = field.get_db_prep_save(changed, connection)
    statement = f"UPDATE {model._meta.db_table} SET {field.column} = %s WHERE id = %s"
    edit(statement, [prepared, row.pk])
    assert list(audit.verify())


def _another(field: Any, row: models.Model, other: Case) -> Any:
    """Another value than the row's, as plausible as one can be made by rule."""
    stands = getattr(row, field.attname)
    if isinstance(field, models.ForeignKey):
        return other.pk
    if isinstance(field, models.JSONField):
        return {**stands, "more": 1}
    if isinstance(field, models.BooleanField):
        return not stands
    if isinstance(field, models.IntegerField):
        return (stands or 0) + 1
    if isinstance(field, models.DateTimeField):
        return (stands or clock.now()) + timedelta(hours=-2)
    if isinstance(field, models.DateField):
        return (stands or clock.today()) + timedelta(days=1)
    if field.choices:
        return next(value for value, _label in field.choices if value != stands)
    if field.name in ("sealed", "sealed_name"):
        return encryption.seal({"text": "x"} if field.name == "sealed" else "x")
    return f"{stands}x"[-(field.max_length or 1000) :] if stands != "x" else "y"


def test_after_the_retention_term_the_record_is_whole_and_nothing_is_put_back(whole: Case) -> None:
    with clock.moved_to(RECEIVED + timedelta(days=4 * 366)):
        assert list(retention.erase()) == [whole.number]
    assert list(audit.verify()) == []
    edit("UPDATE cases_answer SET reason = %s", ["后来写的"])
    assert list(audit.verify())


def test_sealed_anew_under_another_key_the_record_is_as_it_was(
    whole: Case, settings: SettingsWrapper
) -> None:
    settings.KAISHU_KEYS = [keys.new_key(), *settings.KAISHU_KEYS]
    assert list(audit.verify()) == []
    assert keys.reseal().changed
    settings.KAISHU_KEYS = settings.KAISHU_KEYS[:1]
    assert list(audit.verify()) == []


def test_an_exchanged_file_is_found(whole: Case) -> None:
    actions.stored_path(whole.deliveries.exclude(stored="")[0]).write_bytes(b"3,4\n")
    assert list(audit.verify())


def test_an_event_cut_out_with_its_hashes_mended_is_found(told: Case) -> None:
    last = told.events.get(sequence=3)
    edit("DELETE FROM cases_event WHERE sequence = 4")
    type(told).objects.filter(pk=told.pk).update(head=last.hash, version=3)
    assert list(audit.verify())
