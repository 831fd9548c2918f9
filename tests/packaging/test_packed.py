"""Packed values: what goes in comes out, in less room."""

import pickle
import tracemalloc
from typing import Any

from kaishu.packaging.model import Package, PublishedField, PublishedTable
from kaishu.packaging.packed import Packed, PackedRows

PROFILE = {"rows": 2, "columns": [{"nulls": 0, "top": [["海", 2]]}, {"min": 1.5, "max": None}]}


def test_an_object_is_as_it_was() -> None:
    packed = Packed(PROFILE)
    assert packed == PROFILE
    assert packed["columns"][0]["top"] == [["海", 2]]
    assert pickle.loads(pickle.dumps(packed)) == PROFILE
    assert not Packed({})


def test_rows_are_as_they_were() -> None:
    rows = PackedRows([("甲", "1"), ["乙", ""]])
    assert rows == (("甲", "1"), ("乙", ""))
    assert rows != (("甲", "1"),)
    assert rows[1] == ("乙", "")
    assert rows[:1] == (("甲", "1"),)
    assert [*rows, *pickle.loads(pickle.dumps(rows))] == [*rows] * 2


def test_packages_take_less_room_than_their_values() -> None:
    def values(number: int) -> dict[str, Any]:
        columns = [{"nulls": n, "distinct": number, "top": [[str(n), n]] * 5} for n in range(8)]
        return {"rows": [[f"{number}-{n}", "乙"] for n in range(50)], "columns": columns}

    def size(make: Any) -> int:
        tracemalloc.start()
        before = tracemalloc.get_traced_memory()[0]
        held = [make(number) for number in range(100)]
        after = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert len(held) == 100
        return after - before

    def package(number: int) -> Package:
        given = values(number)
        rows, profile = given.pop("rows"), given
        fields = (PublishedField("name", "string"),)
        table = PublishedTable("t", None, fields, tuple(map(tuple, rows)), 50, profile, ())
        return Package("d/t", (), (table,), {"resources": [{"name": "t"}]})

    assert size(package) * 3 < size(values)
