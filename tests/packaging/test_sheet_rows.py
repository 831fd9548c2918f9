"""Rows of a workbook: written many at a time as one by one, and read back as they were."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from kaishu.packaging.sheet_rows import CELL_CHARACTERS, row_of, rows_of
from kaishu.packaging.workbook import Workbook

TEXTS = [
    "", "甲", "站前区建设大街7号", "=1+1", "＝1", "-", "-5", "+86", "@x", " 前", "后 ", "a  b", "a&b", "<b>",
    "_x0041_", "_", "¦", "a¦b", "¦=1", "\u3000甲", "甲\u00a0", "两\n行", "\r", "\t", "\x00", "\ud800",
    "\ufffe", "100%", "%s", "%d%%", "'引号'", '"', "\u2028", "x" * 40,
]  # fmt: skip
CELLS: list[st.SearchStrategy[Any]] = [
    st.sampled_from(TEXTS),
    st.text(max_size=5),
    st.integers(-(10**17), 10**17),
    st.integers(0, 100),
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(-1000, 1000, places=2),
    st.booleans(),
    st.dates(),
    st.dates(dt.date(1900, 1, 1), dt.date(1900, 3, 3)),
    st.datetimes(),
    st.times(),
    st.none(),
    st.floats(),
]


@st.composite
def tables(draw: st.DrawFn) -> list[list[Any]]:
    columns = []
    for _column in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(CELLS))
        columns.append(st.one_of(kind, draw(st.sampled_from([kind, st.none(), *CELLS]))))
    return draw(st.lists(st.tuples(*columns).map(list), max_size=6))


@settings(deadline=None)
@given(tables())
def test_rows_written_together_are_those_written_one_by_one(rows: list[list[Any]]) -> None:
    assert rows_of(rows) == ("".join(row_of(row)[0] for row in rows), 0)


@pytest.mark.parametrize("rows", [1, 20])
def test_a_text_too_long_is_cut_wherever_it_stands_among_others(rows: int) -> None:
    table = [["甲", n] for n in range(rows)]
    table[-1][0] = "长" * (CELL_CHARACTERS + 1)
    lines, cut = rows_of(table)
    assert (lines.count("长"), cut) == (CELL_CHARACTERS, 1)


def test_readers_of_workbooks_give_back_what_was_written_together(tmp_path: Path) -> None:
    day = dt.date(2026, 1, 5)
    rows = [[text, n, Decimal("2.50"), n % 2 == 0, day, None] for n, text in enumerate(TEXTS[1:6])]
    book = Workbook(tmp_path / "t.xlsx", day)
    sheet = book.sheet("数据", list("abcdef"), [10] * 6)
    sheet.add(rows_of(rows)[0], len(rows))
    book.close()
    moment = dt.datetime.fromisoformat("2026-01-05")
    expected = [
        [text, n, 2.5, is_even, moment, None] for text, n, _two, is_even, _day, _none in rows
    ]
    made = openpyxl.load_workbook(tmp_path / "t.xlsx")["数据"]
    assert [list(row) for row in made.iter_rows(min_row=2, values_only=True)] == expected
    assert [cell.data_type for cell in made["A"]] == ["s"] * 6
    other = CalamineWorkbook.from_path(str(tmp_path / "t.xlsx")).get_sheet_by_name("数据")
    assert [row[:5] for row in other.to_python()[1:]] == [
        [text, float(n), 2.5, is_even, day] for text, n, _two, is_even, _day, _none in rows
    ]
