"""Parquet, written by DuckDB: types by what the values need, never a number that is rounded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import N_
from kaishu.packaging import engine
from kaishu.packaging.values import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaishu.packaging.model import PublishedField

_INT64 = 2**63
_DIGITS = 38  # the widest decimal of Parquet readers at large
# A column without a value keeps the type that its field declares.
_WITHOUT_VALUES = {"integer": "BIGINT", "year": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN",
                   "date": "DATE", "datetime": "TIMESTAMP", "time": "TIME"}  # fmt: skip
NO_COLUMNS = N_("the table has no columns")


class ParquetSink:
    """One Parquet file; `types` gives each column's type once it is closed.

    Integers are int64, else decimal(38), else text; decimals decimal(≤ 38), else text; dates,
    times and what is missing are kept. Rows wait in a file of text, so memory stays small.
    """

    format = "parquet"

    def __init__(self, path: Path, fields: Sequence[PublishedField]) -> None:
        self.path = path
        self.types: dict[str, str] = {}
        self.left_out = None if fields else NO_COLUMNS
        self._columns = [_Column(field) for field in fields]
        self._rows = path.with_name(f".{path.name}.rows")
        self._file = self._rows.open("w", encoding="utf-8", newline="")

    def row(self, _texts: Sequence[str], values: Sequence[Any]) -> None:
        """Keep one row, and how wide its numbers are."""
        for column, value in zip(self._columns, values, strict=True):
            column.see(value)
        self._write([None if value is None else as_text(value) for value in values])

    def close(self) -> None:
        """Write the file, the same bytes for the same rows."""
        self._file.close()
        if self.left_out:
            self._rows.unlink()
            return
        try:
            columns = {f"c{n}": "VARCHAR" for n in range(len(self._columns))}
            chosen = [column.type for column in self._columns]
            self.types = dict(zip(self._names(), chosen, strict=True))
            select = ", ".join(
                f"CAST(c{n} AS {type_}) AS {engine.identifier(name)}"
                for n, (name, type_) in enumerate(self.types.items())
            )
            source = (
                f"read_csv(?, columns = {columns!r}, header = false, auto_detect = false, "
                "delim = ',', quote = '\"', escape = '\"', nullstr = '', "
                "allow_quoted_nulls = false, new_line = '\\n', max_line_size = 134217728)"
            )
            target = engine.literal(str(self.path))
            engine.connection().execute(
                f"COPY (SELECT {select} FROM {source}) TO {target} "
                "(FORMAT parquet, COMPRESSION zstd)",
                [str(self._rows)],
            )
        finally:
            self._rows.unlink()

    def _names(self) -> list[str]:
        # Parquet readers take names without regard to case, and each name once.
        seen: set[str] = set()
        found = []
        for column in self._columns:
            name, number = column.name, 2
            while name.casefold() in seen:
                name, number = f"{column.name}_{number}", number + 1
            seen.add(name.casefold())
            found.append(name)
        return found

    def _write(self, cells: Sequence[str | None]) -> None:
        line = ",".join(
            "" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in cells
        )
        self._file.write(line + "\n")


class _Column:
    """What type the values seen so far need."""

    def __init__(self, field: PublishedField) -> None:
        self.name, self.declared = field.name, field.type
        self.kinds: set[type] = set()
        self.low = self.high = 0
        self.whole = self.places = 0
        self.exact = True
        self.zoned: set[bool] = set()

    def see(self, value: Any) -> None:
        """Take note of one value."""
        if value is None:
            return
        kind = type(value)
        self.kinds.add(kind)
        if kind is int:
            if value < self.low:
                self.low = value
            elif value > self.high:
                self.high = value
        elif kind is Decimal:
            if not value.is_finite():
                self.exact = False
                return
            _sign, digits, exponent = value.as_tuple()
            places = max(-int(exponent), 0)
            whole = max(len(digits) + int(exponent), 0)
            if places > self.places:
                self.places = places
            if whole > self.whole:
                self.whole = whole
        elif kind is dt.datetime or kind is dt.time:
            self.zoned.add(value.tzinfo is not None)

    @property
    def type(self) -> str:
        """The narrowest of DuckDB's types that holds every value exactly."""
        if not self.kinds:
            return _WITHOUT_VALUES.get(self.declared, "VARCHAR")
        if len(self.kinds) != 1:
            return "VARCHAR"
        [kind] = self.kinds
        if kind is int:
            if self.low >= -_INT64 and self.high < _INT64:
                return "BIGINT"
            widest = max(len(str(abs(self.low))), len(str(self.high)))
            return f"DECIMAL({_DIGITS}, 0)" if widest <= _DIGITS else "VARCHAR"
        if kind is Decimal:
            digits = self.whole + self.places
            fits = self.exact and 0 < digits <= _DIGITS
            return f"DECIMAL({digits}, {self.places})" if fits else "VARCHAR"
        if kind is dt.datetime and len(self.zoned) == 1:
            return "TIMESTAMPTZ" if True in self.zoned else "TIMESTAMP"
        if kind is dt.time and self.zoned == {False}:
            return "TIME"
        return {bool: "BOOLEAN", dt.date: "DATE", float: "DOUBLE"}.get(kind, "VARCHAR")
