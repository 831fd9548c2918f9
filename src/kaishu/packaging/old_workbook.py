"""XLS, Excel's form before 2007 (BIFF8 in OLE2): its sheets as values, read in Python alone.

A damaged one makes readers of other languages ask for any amount of memory and end the process.
"""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any

import xlrd

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from pathlib import Path

    Merged = tuple[tuple[int, int, int, int], ...]

# OLE2 compound files begin so.
MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")


class OldWorkbook:
    """An XLS file; raises UsageError where it cannot be read."""

    def __init__(self, path: Path) -> None:
        self._book = _read(path)
        self.sheet_names: list[str] = self._book.sheet_names()
        self.failed = 0

    def values(self, name: str) -> tuple[list[list[Any]], Merged]:
        """A sheet's rows of values, and its merged cells as (top, left, bottom, right)."""
        sheet = self._book.sheet_by_name(name)
        rows = [[self._value(cell) for cell in sheet.row(n)] for n in range(sheet.nrows)]
        merged = tuple(
            (top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells
        )
        return rows, merged

    def _value(self, cell: Any) -> Any:
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        if cell.ctype == xlrd.XL_CELL_DATE:
            return _moment(cell.value, self._book.datemode)
        if cell.ctype == xlrd.XL_CELL_ERROR:
            self.failed += 1
            return ""
        return cell.value


def _read(path: Path) -> Any:
    content = path.read_bytes()
    try:
        try:
            return _opened(content, formatted=True)
        except NotImplementedError:
            return _opened(content, formatted=False)
    except Exception as error:
        # A damaged file leads it into errors of every kind.
        raise UsageError(_("The workbook cannot be read: {reason}").format(reason=error)) from error


def _opened(content: bytes, *, formatted: bool) -> Any:
    return xlrd.open_workbook(
        file_contents=content, formatting_info=formatted, logfile=io.StringIO()
    )


def _moment(value: float, mode: int) -> dt.datetime | dt.date | dt.time | float:
    try:
        moment: dt.datetime = xlrd.xldate.xldate_as_datetime(value, mode)
    except (ValueError, OverflowError):
        return value
    if 0 <= value < 1:
        return moment.time()
    return moment if moment.time() != dt.time() else moment.date()
