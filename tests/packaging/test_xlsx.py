"""A workbook holds the table as spreadsheets have it, and nothing is lost without a word."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from openpyxl import load_workbook
from python_calamine import load_workbook as load_with_calamine
from tests.packaging.written import at, written


def test_a_workbook_keeps_codes_long_numbers_and_dates(out: Path) -> None:
    book = load_workbook(out / "t.xlsx")
    assert book.sheetnames == ["数据", "数据字典"]
    rows = list(book["数据"].iter_rows(values_only=True))
    assert rows[1][:4] == ("0417", "123456789012345678", 0.1, at(2026, 3, 2))
    assert rows[1][4:6] == (at(2026, 3, 2, 8, 30), True)
    assert rows[2][1:4] == (7, "12345678901234567890.123", "1850-01-01")
    assert list(book["数据字典"].iter_rows(values_only=True))[1][:3] == ("id", "编号", "string")
    other = load_with_calamine(str(out / "t.xlsx")).get_sheet_by_name("数据").to_python()
    assert other[1][0] == "0417"
    assert other[1][3] == dt.date(2026, 3, 2)


def test_more_rows_than_a_sheet_holds_go_on_the_next_and_it_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaishu.packaging.workbook.SHEET_ROWS", 3)
    done = written(tmp_path)
    assert done.notes == (("xlsx", "3 行，分在 2 张工作表"),)
    book = load_workbook(tmp_path / "out/t.xlsx")
    assert book.sheetnames == ["数据", "数据 2", "数据字典"]
    assert book["数据 2"]["A2"].value == "3"


def test_line_ends_and_what_looks_like_an_escape_survive_a_workbook(tmp_path: Path) -> None:
    texts = ["x\ry", "x\r\ny", "_x0041_", " x "]
    rows = "".join(f'"{text}"\n' for text in texts)
    written(tmp_path, rows, {"fields": [{"name": "a", "type": "string"}]}, "a\n")
    sheet = load_with_calamine(str(tmp_path / "out/t.xlsx")).get_sheet_by_index(0).to_python()
    assert [row[0] for row in sheet[1:]] == texts
    records = ET.parse(tmp_path / "out/t.xml").getroot().findall("record")
    assert [record.findtext("a") for record in records] == texts


def test_times_of_different_zones_stay_apart_in_a_workbook(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "t", "type": "datetime"}]}
    written(tmp_path, "2026-01-05T00:00:00Z\n2026-01-05T00:00:00+08:00\n", schema, "t\n")
    [_head, (one,), (other,)] = load_workbook(tmp_path / "out/t.xlsx").worksheets[0].values
    assert one != other


def test_texts_too_long_for_a_cell_are_cut_and_it_is_said(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "a", "type": "string"}, {"name": "n", "type": "integer"}]}
    done = written(tmp_path, "x" * 40_000 + ",7\n短,8\n", schema, "a,n\n")
    [(kind, note)] = done.notes
    assert kind == "xlsx"
    assert "32,767" in note
    [_head, (cut, seven), _short] = load_workbook(tmp_path / "out/t.xlsx").worksheets[0].values
    assert (len(cut), seven) == (32_767, 7)
