"""One table into files: CSV, JSON and XLSX, the same bytes each time."""

from __future__ import annotations

import csv
import datetime as dt
import json
import math
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import xlsxwriter

from kaishu.packaging.rows import as_text

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kaishu.packaging.rows import Table

SHEET_ROWS = 1_048_576
# Beyond this many digits a spreadsheet loses the last ones, so such numbers stay text.
SHEET_DIGITS = 15


def write_csv(table: Table, target: Path) -> None:
    """CSV (RFC 4180 with LF), UTF-8 without a mark; every cell's text as it was written."""
    with target.open("w", encoding="utf-8", newline="") as output:
        writer = csv.writer(output, lineterminator="\n")
        writer.writerow([field.name for field in table.fields])
        writer.writerows(table.texts())


def write_json(table: Table, target: Path) -> None:
    """JSON: an array of records, values typed by the schema, one record a line."""
    names = [field.name for field in table.fields]
    with target.open("w", encoding="utf-8") as output:
        output.write("[")
        for number, values in enumerate(table.values()):
            record = dict(zip(names, map(_json_value, values), strict=True))
            text = json.dumps(record, ensure_ascii=False)
            output.write(f",\n{text}" if number else f"\n{text}")
        output.write("\n]\n")


def write_xlsx(table: Table, target: Path, as_of: date) -> bool:
    """One sheet, typed cells, text never taken for a formula; False where it has too many rows.

    `as_of` is the creation date written into the file, so that equal tables are equal files.
    """
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    book.set_properties({"created": dt.datetime.combine(as_of, dt.time())})
    header = book.add_format({"bold": True, "bg_color": "#E6EEF5", "bottom": 1})
    formats = {
        dt.date: book.add_format({"num_format": "yyyy-mm-dd"}),
        dt.datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        dt.time: book.add_format({"num_format": "hh:mm:ss"}),
    }
    sheet = book.add_worksheet("data")
    sheet.freeze_panes(1, 0)
    for column, field in enumerate(table.fields):
        sheet.set_column(
            column, column, min(max(len(field.name), len(field.title or "") * 2, 10), 40)
        )
    for column, field in enumerate(table.fields):
        sheet.write_string(0, column, field.name, header)
    fits = True
    for row, values in enumerate(table.values(), start=1):
        if row >= SHEET_ROWS:
            fits = False
            break
        for column, value in enumerate(values):
            _cell(sheet, row, column, value, formats)
    book.close()
    if not fits:
        target.unlink()
    return fits


def _cell(sheet: Any, row: int, column: int, value: Any, formats: dict[type, Any]) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, (int, float, Decimal)) and _fits_a_sheet(value):
        sheet.write_number(row, column, value)
    elif type(value) in formats and (not hasattr(value, "year") or value.year >= 1900):
        plain = value.replace(tzinfo=None) if hasattr(value, "tzinfo") else value
        sheet.write_datetime(row, column, plain, formats[type(value)])
    else:
        sheet.write_string(row, column, as_text(value))


def _fits_a_sheet(value: float | Decimal) -> bool:
    number = Decimal(str(value))
    return number.is_finite() and len(number.normalize().as_tuple().digits) <= SHEET_DIGITS


def _json_value(value: Any) -> Any:
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Decimal)):
        number = float(value)
        # A number that JSON readers would round is given as text instead.
        exact = math.isfinite(number) and Decimal(repr(number)) == Decimal(str(value))
        return number if exact else str(value)
    return value if isinstance(value, (list, dict)) else as_text(value)
