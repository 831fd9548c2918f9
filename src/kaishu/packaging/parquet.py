"""Parquet, written by DuckDB: types by what the values need, never a number that is rounded."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any

from kaishu.base.i18n import N_
from kaishu.packaging import engine
from kaishu.packaging.values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from kaishu.packaging.model import PublishedField

_INT64 = 2**63
_DIGITS = 38  # the widest decimal of Parquet readers at large
_WITHOUT_VALUES = {"integer": "BIGINT", "year": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN",
                   "date": "DATE", "datetime": "TIMESTAMP", "time": "TIME"}  # fmt: skip
# So many characters of cells wait in memory.
_FEW = 200_000
NO_COLUMNS = N_("the table has no columns")


class ParquetSink:
    """One Parquet file; `types` gives each column's type once it is closed.

    Integers are int64, else decimal(38), else text; decimals decimal(≤ 38), else text; dates,
    times and what is missing are kept. Rows wait in memory while they are few, else in a file of
    text, so memory stays small.
    """

    format = "parquet"

    def __init__(self, path: Path, fields: Sequence[PublishedField]) -> None:
        self.path = path
        self.types: dict[str, str] = {}
        self.left_out = None if fields else NO_COLUMNS
        self._fields = fields
        self._columns = [Column(field) for field in fields]
        self._rows = path.with_name(f".{path.name}.rows")
        self._file: IO[str] | None = None
        self._waiting: list[list[str | None]] = []
        self._size = 0

    def row(self, _texts: Sequence[str], values: Sequence[Any]) -> None:
        """Keep one row, and how wide its numbers are."""
        for column, value in zip(self._columns, values, strict=True):
            column.see(value)
        cells = [None if value is None else as_text(value) for value in values]
        if self._file is not None:
            self._file.write(_line(cells))
            return
        self._waiting.append(cells)
        self._size += sum(len(cell) + 1 for cell in cells if cell is not None)
        if self._size > _FEW:
            self._file = self._rows.open("w", encoding="utf-8", newline="")
            self._file.writelines(map(_line, self._waiting))
            self._waiting.clear()

    def close(self) -> None:
        """Write the file, the same bytes for the same rows."""
        if self.left_out:
            return
        chosen = [column.type for column in self._columns]
        self.types = dict(zip(column_names(self._fields), chosen, strict=True))
        try:
            if self._file is None:
                columns = [list(column) for column in zip(*self._waiting, strict=True)]
                cells = (f"CAST(unnest(?) AS {type_})" for type_ in chosen)
                copy(f"SELECT {self._named(cells)}", self.path, columns or [[]] * len(chosen))
                return
            self._file.close()
            texts = {f"c{n}": "VARCHAR" for n in range(len(chosen))}
            cells = (f"CAST(c{n} AS {type_})" for n, type_ in enumerate(chosen))
            copy(
                f"SELECT {self._named(cells)} FROM read_csv({engine.literal(str(self._rows))}, "
                f"columns = {texts!r}, header = false, auto_detect = false, "
                "delim = ',', quote = '\"', escape = '\"', nullstr = '', "
                "allow_quoted_nulls = false, new_line = '\\n', max_line_size = 134217728)",
                self.path,
            )
        finally:
            self._rows.unlink(missing_ok=True)

    def _named(self, cells: Iterable[str]) -> str:
        """The cells as SQL lists them, by the columns' names."""
        names = map(engine.identifier, self.types)
        return ", ".join(f"{cell} AS {name}" for cell, name in zip(cells, names, strict=True))


def _line(cells: Sequence[str | None]) -> str:
    return (
        ",".join("" if cell is None else '"' + cell.replace('"', '""') + '"' for cell in cells)
        + "\n"
    )


class ParquetWritten:
    """One Parquet file that is there before the rows are read."""

    format = "parquet"

    def __init__(self, path: Path, types: dict[str, str]) -> None:
        self.path, self.types = path, types
        self.left_out: str | None = None

    def row(self, _texts: Sequence[str], _values: Sequence[Any]) -> None:
        """It has the row."""

    def close(self) -> None:
        """It is finished."""


def copy(query: str, target: Path, values: Sequence[Any] = ()) -> None:
    """Write the rows of a query, in their order, as one file; the same bytes for the same rows.

    `values` are the query's parameters.
    """
    # A higher level, or a look for words that return in columns of very many, takes longer and
    # makes the file hardly smaller.
    engine.connection().execute(
        f"COPY ({query}) TO {engine.literal(str(target))} "
        "(FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1, DICTIONARY_SIZE_LIMIT 5000)",
        [*values],
    )


def column_names(fields: Sequence[PublishedField]) -> list[str]:
    """The names of the columns: readers take them without regard to case, and each name once."""
    seen: set[str] = set()
    found = []
    for field in fields:
        name, number = field.name, 2
        while name.casefold() in seen:
            name, number = f"{field.name}_{number}", number + 1
        seen.add(name.casefold())
        found.append(name)
    return found


def without_values(field: PublishedField) -> str:
    """The type of a column without a value: that which its field declares."""
    return _WITHOUT_VALUES.get(field.type, "VARCHAR")


def decimal(whole: int, places: int) -> str:
    """The type of numbers of so many digits before and after the point."""
    digits = whole + places
    return f"DECIMAL({digits}, {places})" if 0 < digits <= _DIGITS else "VARCHAR"


class Column:
    """What type the values seen so far need."""

    def __init__(self, field: PublishedField) -> None:
        self.field = field
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
            return without_values(self.field)
        if len(self.kinds) != 1:
            return "VARCHAR"
        [kind] = self.kinds
        if kind is int:
            if self.low >= -_INT64 and self.high < _INT64:
                return "BIGINT"
            widest = max(len(str(abs(self.low))), len(str(self.high)))
            return f"DECIMAL({_DIGITS}, 0)" if widest <= _DIGITS else "VARCHAR"
        if kind is Decimal:
            return decimal(self.whole, self.places) if self.exact else "VARCHAR"
        if kind is dt.datetime and len(self.zoned) == 1:
            return "TIMESTAMPTZ" if True in self.zoned else "TIMESTAMP"
        if kind is dt.time and self.zoned == {False}:
            return "TIME"
        return {bool: "BOOLEAN", dt.date: "DATE", float: "DOUBLE"}.get(kind, "VARCHAR")
