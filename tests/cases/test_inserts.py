"""Plain inserts store what Django would, on either database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection

from kaishu.base import clock
from kaishu.cases.inserts import new, ready
from kaishu.cases.models import Case, Event
from kaishu.cases.records import Attachment, Tally
from kaishu.cases.storage import insert


def test_rows_are_inserted_as_django_would(case: Case) -> None:
    row = Attachment(
        case=case, position=1, digest="d", media_type="image/png", bytes=4, sealed_name="x"
    )
    tally = Tally(year=2026, kind="open-application", outcomes={"refused": 1}, days={"3": 2})
    insert(ready([row, tally]))
    assert Attachment.objects.get() == row
    again = Tally.objects.get()
    assert (again.outcomes, again.days) == ({"refused": 1}, {"3": 2})
    assert again.pk == tally.pk
    tally.late = 1
    tally.save()
    assert Tally.objects.get().late == 1


def test_every_value_of_a_case_is_stored_as_django_stores_it(case: Case) -> None:
    columns = [field.column for field in Case._meta.concrete_fields if not field.primary_key]
    unique = {"number": "1", "access": "2", "idempotency_key": "3"}

    def stored(pk: int) -> tuple[object, ...]:
        listed = ", ".join(column for column in columns if column not in unique)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {listed} FROM cases_case WHERE id = %s", [pk])
            row: tuple[object, ...] = cursor.fetchone()
        return row

    values = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields}
    del values["id"]
    values["due_at"] = dt.datetime(2026, 10, 28, tzinfo=dt.UTC)
    by_django = Case.objects.create(**{**values, **unique})
    plain = Case(**{**values, "number": "4", "access": "5", "idempotency_key": "6"})
    insert(ready([plain]))
    assert plain.pk not in (None, by_django.pk)
    assert stored(plain.pk) == stored(by_django.pk)


def test_a_row_may_refer_to_one_before_it(case: Case) -> None:
    values = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields}
    other = Case(**{**values, "id": None, "number": "1", "access": "2", "idempotency_key": "3"})
    event = Event(case=other, sequence=1, at=clock.now(), verb="file", actor="applicant", hash="h")
    insert(ready([other, event]))
    assert list(other.events.values_list("hash", "data")) == [("h", {})]


def test_of_rows_at_fault_none_is_stored(case: Case) -> None:
    tally = Tally(year=2026, kind="dispute")
    values = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields}
    twin = Case(**{**values, "id": None, "access": "2", "idempotency_key": "3"})
    with pytest.raises(IntegrityError):
        insert(ready([tally, twin]))
    assert not Tally.objects.exists()
    assert Case.objects.get() == case


def test_a_new_row_is_what_django_makes_of_the_same_values(case: Case) -> None:
    values = {f.attname: getattr(case, f.attname) for f in Case._meta.concrete_fields}
    given = {name: values[name] for name in ("number", "kind", "received_at", "sealed")}
    for model, named in (
        (Case, {**given, "about": case}),
        (Case, {**given, "about": None}),
        (Event, {"case": case, "sequence": 2, "at": clock.now()}),
        (Event, {"case": Case(), "sequence": 2, "data": {"a": 1}}),
    ):
        ours, djangos = new(model, **named), model(**named)
        assert {f.attname: getattr(ours, f.attname) for f in model._meta.concrete_fields} == {
            f.attname: getattr(djangos, f.attname) for f in model._meta.concrete_fields
        }
        related = "about" if model is Case else "case"
        assert getattr(ours, related) is named[related]
        assert (ours._state.adding, ours._state.db) == (True, None)
    assert new(Event, case=case).data is not new(Event, case=case).data
