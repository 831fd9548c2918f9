"""Columns in brief: what the profile says, drawn to scale."""

from __future__ import annotations

from tests.site.test_plots import table

from kaishu.packaging.model import PublishedField, PublishedTable
from kaishu.site.columns import CELL_CHARACTERS, PAGE_CHARACTERS, bins, columns, previews


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


def wide(name: str, rows: int, cell: str) -> PublishedTable:
    fields = (PublishedField("text", "string"),)
    return PublishedTable(name, None, fields, ((cell,),) * rows, rows, {}, ())


def test_a_preview_of_short_rows_shows_all_that_were_kept() -> None:
    assert len(previews([wide("a", 100, "短")])["a"]) == 100


def test_wide_rows_fill_no_more_than_their_share_of_the_page() -> None:
    cell = "长" * CELL_CHARACTERS
    alone = previews([wide("a", 2000, cell)])["a"]
    both = previews([wide("a", 2000, cell), wide("b", 2000, cell)])
    assert len(alone) * CELL_CHARACTERS <= PAGE_CHARACTERS
    assert len(both["a"]) == len(both["b"]) <= len(alone) // 2 + 1


def test_a_long_cell_is_cut_and_says_so_and_one_row_is_always_shown() -> None:
    [[cell]] = previews([wide("a", 1, "x" * (2 * PAGE_CHARACTERS))])["a"]
    assert cell == "x" * CELL_CHARACTERS + "…"
