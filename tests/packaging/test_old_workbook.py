"""XLS: values, dates, times, errors and merged cells as a spreadsheet shows them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import xlwt

from kaishu.base.errors import UsageError
from kaishu.packaging import sheets
from kaishu.packaging.old_workbook import OldWorkbook


def test_values_and_merged_cells_are_read(tmp_path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("统计表")
    day, clock = xlwt.easyxf(num_format_str="yyyy-mm-dd"), xlwt.easyxf(num_format_str="hh:mm")
    sheet.write_merge(0, 0, 0, 3, "公园统计表")
    for column, title in enumerate(("编号", "建成", "开门", "收费")):
        sheet.write(1, column, title)
    for row, cells in enumerate((("001", 1.5), ("002", 2.0)), start=2):
        sheet.write(row, 0, cells[0])
        sheet.write(row, 1, dt.date(2020, 1, row), day)
        sheet.write(row, 2, dt.time(8, 30), clock)
        sheet.write(row, 3, row == 2)
    sheet.write(4, 0, cells[1])
    sheet.row(4).set_cell_error(1, "#N/A!")
    book.save(str(tmp_path / "t.xls"))
    found = sheets.read(tmp_path / "t.xls")
    assert found.merged == ((0, 0, 0, 3),)
    assert found.rows[2:] == [["001", "2020-01-02", "08:30:00", "true"],
                              ["002", "2020-01-03", "08:30:00", "false"], ["2", "", "", ""]]  # fmt: skip
    assert found.failed == 1
    assert [one.code for one in sheets.check(tmp_path / "t.xls", {}, file="t.xls")] == [
        "title-rows", "error-cells",
    ]  # fmt: skip


def test_what_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600)
    with pytest.raises(UsageError, match="无法读取"):
        OldWorkbook(tmp_path / "t.xls")
