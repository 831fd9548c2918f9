"""XLSX of a table: typed cells, as many sheets as its rows need, and a sheet of the dictionary."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import N_, gettext
from kaishu.packaging.sheet_rows import rows_of
from kaishu.packaging.workbook import SHEET_COLUMNS, SHEET_ROWS, Workbook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from pathlib import Path

    from kaishu.packaging.model import PublishedField

# A workbook of more sheets than this opens in no spreadsheet of an ordinary machine.
SHEETS = 3
TOO_MANY_ROWS = N_("more than {rows} rows: take CSV, NDJSON or Parquet")
TOO_MANY_COLUMNS = N_("more columns than a sheet holds: take CSV, NDJSON or Parquet")
SPLIT = N_("{rows} rows, over {sheets} sheets")
CUT = N_(
    "texts cut to the {n} characters that a cell holds: {cells}; the other formats have them whole"
)
DATA, DICTIONARY = N_("Data"), N_("Data dictionary")
_HEADINGS = (N_("Field name"), N_("Title"), N_("Type"), N_("Description"))
_NARROW, _WIDE = 10, 40
# Rows are written by columns, so many at a time.
_TOGETHER = 500


class XlsxSink:
    """One workbook. `sheets` is how many hold data, `cut` how many texts are not there whole.

    `created` is the date written into it.
    """

    format = "xlsx"

    def __init__(self, path: Path, fields: Sequence[PublishedField], created: date) -> None:
        self.path = path
        self.left_out = TOO_MANY_COLUMNS if len(fields) > SHEET_COLUMNS else None
        self.sheets = self.cut = 0
        self._fields = fields
        self._rows: list[Sequence[Any]] = []
        self._book = Workbook(path, created)
        self._next()

    def row(self, _texts: Sequence[str], values: Sequence[Any]) -> None:
        """Write one row of typed cells."""
        if self.left_out:
            return
        if len(self._rows) >= self._fit:
            self._flush()
            if not self._sheet.room:
                if self.sheets == SHEETS:
                    self.left_out = TOO_MANY_ROWS
                    return
                self._next()
        self._rows.append(values)

    def close(self) -> None:
        """Add the dictionary and finish the file."""
        self._flush()
        headings = [gettext(heading) for heading in _HEADINGS]
        sheet = self._book.sheet(gettext(DICTIONARY), headings, (24, 24, 12, 60))
        for field in self._fields:
            sheet.write([field.name, field.title, field.type, field.description])
        self._book.close()
        if self.left_out:
            self.path.unlink()

    def _flush(self) -> None:
        lines, cut = rows_of(self._rows)
        self._sheet.add(lines, len(self._rows))
        self.cut += cut
        self._rows.clear()
        self._fit = min(_TOGETHER, self._sheet.room)

    def _next(self) -> None:
        self.sheets += 1
        name = gettext(DATA) + (f" {self.sheets}" if self.sheets > 1 else "")
        widths = [
            min(max(len(field.name), len(field.title or "") * 2, _NARROW), _WIDE)
            for field in self._fields
        ]
        header = [field.name for field in self._fields]
        self._sheet = self._book.sheet(name, header, widths)
        self._fit = min(_TOGETHER, self._sheet.room)


def row_limit() -> int:
    """How many rows of data the sheets hold at most."""
    return (SHEET_ROWS - 1) * SHEETS
