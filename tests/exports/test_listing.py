"""The catalogue as a table, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import Workbook, load_workbook
from tests.exports.exported import DAY, Exported

from kaishu.exports import listing
from kaishu.exports.write import write


def rows(exported: Exported) -> list[list[str]]:
    portal = exported.catalog.portal
    return [
        listing.entry_header(),
        *(
            listing.entry(portal, one, exported.packages[one.key], exported.updated.get(one.key))
            for one in exported.catalog.datasets
        ),
    ]


def workbook(exported: Exported) -> Workbook:
    write(exported.catalog, exported.packages, exported.updated, DAY, exported.folder)
    return load_workbook(exported.folder / "catalog.xlsx")


def test_there_is_one_row_a_dataset_with_every_column(exported: Exported) -> None:
    header, *entries = rows(exported)
    assert len(entries) == 3
    assert all(len(entry) == len(header) for entry in entries)


def test_the_three_classes_become_the_guides_yes_and_no_beside_themselves(
    exported: Exported,
) -> None:
    header, *entries = rows(exported)
    society, openness = header.index("是否向社会开放"), header.index("开放属性")
    assert [(row[society], row[openness]) for row in entries] == [
        ("是", "无条件开放"),
        ("是", "依申请开放"),
        ("否", "不予开放"),
    ]


def test_a_cell_that_looks_like_a_formula_is_text_in_both_forms(exported: Exported) -> None:
    text = listing.as_csv(rows(exported)).decode("utf-8-sig")
    assert any("'=1+1" in row for row in csv.reader(io.StringIO(text)))
    sheet = workbook(exported).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_fields_are_listed_under_their_dataset(exported: Exported) -> None:
    sheet = workbook(exported).worksheets[1]
    _header, *fields = sheet.iter_rows(values_only=True)
    assert [row[4] for row in fields] == ["code", "code", "code"]
    assert fields[0][5] == "代码"


def test_fields_beyond_one_sheet_go_on_in_the_next(
    exported: Exported, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listing, "SHEET_ROWS", 3)
    _entries, *sheets = workbook(exported).worksheets
    assert [sheet.max_row for sheet in sheets] == [3, 2]
