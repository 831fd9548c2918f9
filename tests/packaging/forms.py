"""Tables as people make them, written as files by libraries that are not ours."""

# ruff: noqa: DTZ001 - cells of spreadsheets have no zone

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ezodf
import openpyxl
import xlwt

if TYPE_CHECKING:
    from collections.abc import Callable

# What each type's cells usually are, as typed values; what else stands in such cells.
CELLS: dict[str, list[Any]] = {
    "string": ["甲", "中心公园", " 空格 ", "a,b", 'say "x"', "007", "两\n行", "=1+1"],
    "integer": [1, 20, -3, 0, 2**53 - 1],
    "number": [1.5, -0.1, 2, 1e15, 0.30000000000000004],
    "boolean": [True, False],
    "date": [dt.date(2026, 1, 5), dt.date(1999, 12, 31)],
    "datetime": [dt.datetime(2026, 1, 5, 8), dt.datetime(1999, 12, 31, 23, 59, 59)],
    "any": ["x", 1, True],
}
ODD: list[Any] = [
    None, None, "", " ", "-", "#N/A", "#DIV/0!", "1.0", "１２", "2026-01-05", "true", "x" * 300, True, 3, 2.5,
    dt.date(2026, 2, 28), dt.datetime(2026, 2, 28, 8, 30), dt.time(8, 30), "2.10802E+17", 2**53 + 1, 10**17,
    "a\tb", "\u00a0", "NaN", "无",
]  # fmt: skip
CONSTRAINTS: dict[str, list[dict[str, Any]]] = {
    "integer": [{"minimum": 0}, {"enum": [1, 20]}, {"unique": True}],
    "number": [{"maximum": 100}],
    "string": [{"maxLength": 3}, {"pattern": "[甲乙a-z]+"}, {"unique": True}],
    "boolean": [{"enum": [True]}],
}

Rows = list[list[Any]]


def generated(choice: random.Random) -> tuple[dict[str, Any], Rows]:
    """A schema, and a table of typed cells with its header, mostly right."""
    fields, columns = [], []
    for n in range(choice.randint(1, 4)):
        kind = choice.choice(sorted(CELLS))
        field: dict[str, Any] = {"name": f"f{n}", "type": kind}
        constraints: dict[str, Any] = {}
        if choice.random() < 0.3:
            constraints |= choice.choice(CONSTRAINTS.get(kind, [{}]))
        if choice.random() < 0.15:
            constraints["required"] = True
        if constraints:
            field["constraints"] = constraints
        fields.append(field)
        columns.append([*CELLS[kind] * 3, *ODD] if choice.random() < 0.12 else CELLS[kind])
    rows = [[choice.choice(column) for column in columns] for _row in range(choice.randint(0, 7))]
    schema: dict[str, Any] = {"fields": fields}
    if choice.random() < 0.2:
        schema["primaryKey"] = ["f0"]
    if choice.random() < 0.2:
        schema["missingValues"] = choice.choice([["", "-"], ["", "无", "#N/A"]])
    table: Rows = [[field["name"] for field in fields], *rows]
    _twisted(choice, table)
    return schema, table


def _twisted(choice: random.Random, table: Rows) -> None:
    """What people do to tables."""
    twist = choice.choice(
        [*[""] * 14, "title", "blank", "wide", "short", "header", "double", "tail"]
    )
    odd, width = choice.randrange(len(table)), len(table[0])
    if twist == "title":
        table.insert(0, ["统计表", *[None] * (width - 1)])
    elif twist == "blank":
        table.insert(odd + 1, [None] * width)
    elif twist == "wide":
        table[odd].append(choice.choice(["更多", None, 5]))
    elif twist == "short":
        table[odd].pop()
    elif twist == "header":
        table[0][0] = choice.choice(["F0", "f0 ", None, 1, "别的"])
    elif twist == "double":
        table[0][-1] = table[0][0]
    elif twist == "tail":
        table.extend([[None] * width, [None] * width])


def as_xlsx(choice: random.Random, path: Path, table: Rows) -> dict[str, Any]:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    dialect: dict[str, Any] = {}
    if choice.random() < 0.2:
        other = book.create_sheet("另一张")
        other.append(["别的表"])
        if choice.random() < 0.5:
            sheet, other = other, sheet
            sheet.delete_rows(1, 1)
            dialect = {"dialect": {"excel": {"sheet": choice.choice([2, "另一张"])}}}
        other.sheet_state = choice.choice(["visible", "hidden"])
    for row in table:
        sheet.append(row)
    if choice.random() < 0.15 and len(table) > 1 and table[1]:
        # A formula that nothing has computed.
        table[1][0] = sheet.cell(2, 1).value = "=SUM(1,2)"
    if choice.random() < 0.15 and len(table[0]) > 1:
        sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=2)
    if choice.random() < 0.1:
        sheet.cell(len(table) + 3, len(table[0]) + 2).number_format = "0.00"
    book.save(path)
    return dialect


def as_xls(choice: random.Random, path: Path, table: Rows) -> dict[str, Any]:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("一")
    styles = {
        dt.date: xlwt.easyxf(num_format_str="yyyy-mm-dd"),
        dt.datetime: xlwt.easyxf(num_format_str="yyyy-mm-dd hh:mm:ss"),
        dt.time: xlwt.easyxf(num_format_str="hh:mm:ss"),
    }
    for y, row in enumerate(table):
        for x, value in enumerate(row):
            if value is not None:
                sheet.write(y, x, value, styles.get(type(value), xlwt.Style.default_style))
    if choice.random() < 0.1 and table[0]:
        book.add_sheet("二").write(0, 0, "别的表")
    book.save(str(path))
    return {}


def as_ods(choice: random.Random, path: Path, table: Rows) -> dict[str, Any]:
    book = ezodf.newdoc(doctype="ods", filename=str(path))
    width = max(map(len, table))
    sheet = ezodf.Sheet("一", size=(len(table), max(width, 1)))
    book.sheets += sheet
    for y, row in enumerate(table):
        for x, value in enumerate(row):
            if isinstance(value, dt.time):
                value = value.isoformat()
            if value is not None and value != "":
                if isinstance(value, (dt.date, dt.datetime)):
                    sheet[y, x].set_value(value.isoformat(), "date")
                else:
                    sheet[y, x].set_value(value)
    if choice.random() < 0.1:
        book.sheets += ezodf.Sheet("二", size=(1, 1))
    book.save()
    return {}


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _records(choice: random.Random, table: Rows) -> list[Any]:
    header = [str(one) for one in table[0]]
    records: list[Any] = [dict(zip(header, map(plain, row), strict=False)) for row in table[1:]]
    if records and choice.random() < 0.3:
        one = choice.choice(records)
        twist = choice.choice(["more", "less", "nested", "list", "array", "null"])
        if twist == "more":
            one["更多"] = "多"
        elif twist == "less" and one:
            one.popitem()
        elif twist in ("nested", "list") and one:
            one[next(iter(one))] = {"a": [1, None]} if twist == "nested" else [1, "二"]
        elif twist == "array":
            records[records.index(one)] = list(one.values())
        elif twist == "null":
            records[records.index(one)] = None
    elif choice.random() < 0.2:
        records = [header, *([plain(cell) for cell in row] for row in table[1:])]
    return records


def as_json(choice: random.Random, path: Path, table: Rows) -> dict[str, Any]:
    records = _records(choice, table)
    if records and choice.random() < 0.05 and isinstance(records[0], dict):
        records[0]["f0"] = float("nan")
    if choice.random() < 0.1:
        path.write_text(json.dumps({"数据": {"rows": records}}, ensure_ascii=False))
        return {"dialect": {"json": {"property": "数据.rows"}}}
    path.write_text(json.dumps(records, ensure_ascii=choice.random() < 0.5))
    return {}


def as_ndjson(choice: random.Random, path: Path, table: Rows) -> dict[str, Any]:
    lines = [json.dumps(one, ensure_ascii=False) for one in _records(choice, table)]
    if lines and choice.random() < 0.1:
        lines.insert(choice.randrange(len(lines)), choice.choice(["", "{", "1"]))
    path.write_text("\n".join(lines) + choice.choice(["", "\n", "\n\n"]))
    return {}


def as_text(choice: random.Random, path: Path, table: Rows) -> dict[str, Any]:
    """TSV, or CSV in an encoding that is stated."""
    output = io.StringIO()
    writer = csv.writer(output, delimiter="\t" if path.suffix == ".tsv" else ",",
                        lineterminator=choice.choice(["\n", "\r\n"]))  # fmt: skip
    writer.writerows([["" if one is None else plain(one) for one in row] for row in table])
    encoding = choice.choice(["utf-8", "gb18030", "utf-16", "utf-8-sig"])
    path.write_bytes(output.getvalue().encode(encoding))
    return {"encoding": encoding}


FORMS: dict[str, Callable[[random.Random, Path, Rows], dict[str, Any]]] = {
    "xlsx": as_xlsx, "xls": as_xls, "ods": as_ods, "json": as_json, "ndjson": as_ndjson,
    "tsv": as_text, "csv": as_text,
}  # fmt: skip
