"""The catalogue as a table, safe in a spreadsheet."""

from __future__ import annotations

import csv
import io

from openpyxl import load_workbook
from tests.exports.exported import DAY, Exported

from kaishu.exports import listing


def rows(exported: Exported) -> list[list[str]]:
    return listing.entries(exported.catalog, exported.packages, exported.updated)


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
    book = load_workbook(io.BytesIO(listing.as_workbook({"目录": rows(exported)}, DAY)))
    cells = [cell for row in book["目录"].iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]


def test_fields_are_listed_under_their_dataset(exported: Exported) -> None:
    _header, *fields = listing.items(exported.catalog, exported.packages)
    assert [row[4] for row in fields] == ["code", "code", "code"]
    assert fields[0][5] == "代码"


def test_the_bytes_are_the_same_each_time(exported: Exported) -> None:
    sheets = {"目录": rows(exported)}
    assert listing.as_workbook(sheets, DAY) == listing.as_workbook(sheets, DAY)
