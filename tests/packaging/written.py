"""A table that tests have written in every format."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from kaishu.packaging.rows import table_of
from kaishu.packaging.writing import Written, write

SCHEMA: dict[str, Any] = {
    "fields": [
        {"name": "id", "type": "string", "title": "编号"},
        {"name": "big", "type": "integer"},
        {"name": "amount", "type": "number"},
        {"name": "day", "type": "date"},
        {"name": "at", "type": "datetime"},
        {"name": "yes", "type": "boolean"},
        {"name": "备注 1", "type": "string"},
    ]
}
HEADER = "id,big,amount,day,at,yes,备注 1\n"
ROWS = (
    '0417,123456789012345678,0.1,2026-03-02,2026-03-02T08:30:00,true,"甲,乙\r\n丙 ""丁"""\n'
    "210802,7,12345678901234567890.123,1850-01-01,,false,=1+1\n"
    "3,,,,,,\n"
)


def at(*parts: int) -> dt.datetime:
    """A time as spreadsheets have it, without a zone."""
    return dt.datetime(*parts)  # type: ignore[arg-type,misc]  # noqa: DTZ001


def written(
    folder: Path, rows: str = ROWS, schema: dict[str, Any] = SCHEMA, header: str = HEADER
) -> Written:
    (folder / "t.csv").write_bytes((header + rows).encode())
    (folder / "out").mkdir(exist_ok=True)
    table = table_of(folder, {"name": "t", "path": "t.csv", "schema": schema}, schema)
    return write(table, folder / "out", "t", dt.date(2026, 3, 2))
