"""A workbook that a dataset publishes from is looked at for what people do to sheets."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import openpyxl
import pytest
from tests.packaging.forms import FORMS

from kaishu.base.errors import UsageError
from kaishu.packaging import sheets
from kaishu.packaging.header import layout
from kaishu.packaging.sheets import check


def workbook(path: Path, rows: list[list[object]], merged: tuple[str, ...] = ()) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    for area in merged:
        sheet.merge_cells(area)
    book.save(path)
    return path


def codes(path: Path) -> list[str]:
    return [one.code for one in check(path, {}, file="t.xlsx")]


def test_a_plain_sheet_passes(tmp_path: Path) -> None:
    rows: list[list[object]] = [["编号", "名称"], ["001", "甲"], ["002", "乙"]]
    assert codes(workbook(tmp_path / "t.xlsx", rows)) == []


def test_titles_merged_headers_and_lost_digits_are_named(tmp_path: Path) -> None:
    rows: list[list[object]] = [["统计表", None, None], ["编号", "上半年", None], [None, "数", "率"],
                                [210802199001010000, 1, 2], [210802199001010000, 3, 4]]  # fmt: skip
    path = workbook(tmp_path / "t.xlsx", rows, ("A1:C1", "B2:C2", "A2:A3"))
    assert codes(path) == ["title-rows", "merged-header", "digits-lost"]
    titles, merged, lost = check(path, {}, file="t.xlsx")
    assert "1 行" in titles.message
    assert (merged.row, lost.row, lost.field) == (2, 4, "编号")


def test_a_broken_or_exploding_workbook_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "b.xlsx"
    broken.write_bytes(b"PK\x03\x04nothing")
    assert codes(broken) == ["not-a-workbook"]
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 200_000)
    monkeypatch.setattr(sheets, "UNPACKED", 100_000)
    assert codes(bomb) == ["not-a-workbook"]


@pytest.mark.parametrize(
    ("rows", "titles"),
    [
        ([["a", "b", "c"], ["1", "2", "3"]], 0),
        ([["表一", "", ""], ["a", "b", "c"], ["1", "2", "3"]], 1),
        ([["表一", "", ""], ["单位：人", "", ""], ["a", "b", "c"], ["1", "2", "3"]], 2),
        ([["a"], ["1"], ["2"]], 0),
        ([], 0),
    ],
)
def test_titles_are_rows_that_fill_hardly_a_cell(rows: list[list[str]], titles: int) -> None:
    assert layout(rows).titles == titles


def test_a_lone_cell_far_away_is_told_and_takes_no_memory(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", [["编号", "名称"], ["001", "甲"]])
    book = openpyxl.load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(1_048_576, 16_384).number_format = "0.00"
    book.save(path)
    assert sheets.read(path).rows == [["编号", "名称"], ["001", "甲"]]
    sheet.cell(1_048_576, 16_384).value = "x"
    book.save(path)
    [problem] = check(path, {}, file="t.xlsx")
    assert (problem.code, "1048576" in problem.message) == ("not-a-workbook", True)


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_damaged_workbooks_are_refused_and_end_nothing(tmp_path: Path, kind: str) -> None:
    """A reader of another language once asked for 98 GB at such a file, and the process was gone."""
    choice, refused = random.Random(9), 0
    path = tmp_path / f"t.{kind}"
    FORMS[kind](choice, path, [["编号", "名称"], *([n, f"公园{n}"] for n in range(20))])
    whole = path.read_bytes()
    for _case in range(60):
        content = bytearray(whole)
        for _place in range(choice.randint(1, 10)):
            content[choice.randrange(len(content))] = choice.randrange(256)
        path.write_bytes(content)
        try:
            sheets.read(path)
        except UsageError:
            refused += 1
    assert refused > 5
