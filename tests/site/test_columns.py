"""Columns in brief: what the profile says, drawn to scale."""

from __future__ import annotations

from tests.site.test_plots import table

from kaishu.packaging.model import PublishedField, PublishedTable
from kaishu.site.columns import bins, columns


def test_a_column_says_what_is_empty_how_many_values_and_from_where_to_where() -> None:
    rows = [(n % 4 if n else None, "甲" if n < 15 else "乙") for n in range(20)]
    number, kind = columns(table([("n", "integer", "次数"), ("kind", "string", "")], rows))
    assert (number.title, number.nulls, number.distinct) == ("次数", 1, 4)
    assert (number.low, number.high, number.is_number) == ("0", "3", True)
    assert number.bins
    assert (kind.title, kind.low, kind.is_number) == ("kind", None, False)
    [(value, count, [segment]), _other] = kind.top
    assert (value, count, segment.width) == ("甲", 15, 75.0)


def test_the_highest_bar_fills_the_box_and_an_empty_bin_has_none() -> None:
    drawn = bins((2, 0, 4))
    assert [one.height for one in drawn] == [50.0, 100.0]
    assert [one.y for one in drawn] == [50.0, 0.0]
    assert [one.x for one in drawn] == [0.0, 66.67]
    assert bins(()) == ()


def test_without_rows_the_fields_stand_alone() -> None:
    fields = (PublishedField("park", "integer", "公园编号"),)
    [column] = columns(PublishedTable("visits", None, fields, (), 0, {}, ()))
    assert (column.title, column.distinct, column.bins, column.top) == ("公园编号", 0, (), ())
