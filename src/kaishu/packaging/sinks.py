"""Where rows go: each sink writes one table in one text format, in the pass that feeds them all.

A sink that finds its format useless at the table's size gives up, and leaves no file.
"""

from __future__ import annotations

import csv
import json
import re
from typing import IO, TYPE_CHECKING, Any, Protocol

from kaishu.base.i18n import N_
from kaishu.packaging.values import acts_as_formula, as_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaishu.packaging.model import PublishedField

# Whole documents beyond this many cells are opened by no program that people have.
DOCUMENT_CELLS = 20_000_000
_SIGNED = re.compile(r"[+-][0-9.,]+(?:[eE][+-]?[0-9]+)?").fullmatch
# What JSON has, too.
_JSON = frozenset((type(None), bool, int, str))
TOO_MANY_CELLS = N_("more than {n} cells: take CSV, NDJSON or Parquet")


class Sink(Protocol):
    """One file being written. `left_out` says why there is none in the end, or is None."""

    path: Path
    format: str
    left_out: str | None

    def row(self, texts: Sequence[str], values: Sequence[Any]) -> None:
        """Take one row, as the department wrote it and as typed values."""

    def close(self) -> None:
        """Finish the file; a sink that gave up removes it."""


class TextSink:
    """A file of text; what it `holds` is added line by line."""

    format = ""

    def __init__(self, path: Path, encoding: str = "utf-8") -> None:
        self.path = path
        self.left_out: str | None = None
        self._file: IO[str] = path.open("w", encoding=encoding, newline="")

    def close(self) -> None:
        """Finish the file, or remove it where it was given up."""
        self._end()
        self._file.close()
        if self.left_out:
            self.path.unlink()

    def _end(self) -> None:
        """Write what closes the document."""


def csv_writer(file: IO[str]) -> Any:
    """A writer of CSV (RFC 4180) with LF, which any reader reads back cell by cell."""
    # The module's writer only quotes a lone CR where its own line ends hold one.
    return csv.writer(_Lf(file), lineterminator="\r\n")


class _Lf:
    """Lines that end in CRLF go on with LF alone."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, line: str) -> int:
        return self._file.write(line[:-2] + "\n")


class CsvSink(TextSink):
    """CSV (RFC 4180 with LF), UTF-8 without a mark; every cell's text as it was written."""

    format = "csv"

    def __init__(self, path: Path, fields: Sequence[PublishedField]) -> None:
        super().__init__(path)
        self._write = csv_writer(self._file).writerow
        self._write([field.name for field in fields])

    def row(self, texts: Sequence[str], _values: Sequence[Any]) -> None:
        """Write the texts."""
        self._write(texts)


class ExcelCsvSink(TextSink):
    """CSV for Excel on Windows: with a byte order mark, CRLF, and nothing that acts as a formula."""

    format = "excel.csv"

    def __init__(self, path: Path, fields: Sequence[PublishedField]) -> None:
        super().__init__(path, encoding="utf-8-sig")
        self._write = csv.writer(self._file, lineterminator="\r\n").writerow
        self._write([_set_off(field.name) for field in fields])

    def row(self, texts: Sequence[str], values: Sequence[Any]) -> None:
        """Write the texts; one that would act as a formula is set off by an apostrophe."""
        # What a schema takes for a number may still be written as a formula (bareNumber).
        self._write(
            [
                text if _SIGNED(text) and not isinstance(value, str) else _set_off(text)
                for text, value in zip(texts, values, strict=True)
            ]
        )


def _set_off(text: str) -> str:
    return f"'{text}" if acts_as_formula(text) else text


class Records:
    """Rows as JSON objects, values typed by the schema: each encoded once for all that write it."""

    def __init__(self, fields: Sequence[PublishedField]) -> None:
        self.names = [field.name for field in fields]
        self._encode = json.JSONEncoder(ensure_ascii=False).encode
        self._values: Sequence[Any] | None = None
        self._text = ""

    def text(self, values: Sequence[Any]) -> str:
        """The object of a row."""
        if values is not self._values:
            typed = [one if type(one) in _JSON else as_json(one) for one in values]
            self._text = self._encode(dict(zip(self.names, typed, strict=True)))
            self._values = values
        return self._text


class NdjsonSink(TextSink):
    """NDJSON: one record a line."""

    format = "ndjson"

    def __init__(self, path: Path, records: Records) -> None:
        super().__init__(path)
        self._records = records

    def row(self, _texts: Sequence[str], values: Sequence[Any]) -> None:
        """Write one record."""
        self._file.write(self._records.text(values) + "\n")


class JsonSink(TextSink):
    """JSON: an array of records, one record a line."""

    format = "json"

    def __init__(self, path: Path, records: Records) -> None:
        super().__init__(path)
        self._records = records
        self._rows = 0
        self._file.write("[")

    def row(self, _texts: Sequence[str], values: Sequence[Any]) -> None:
        """Write one record."""
        if self.left_out:
            return
        if (self._rows + 1) * len(self._records.names) > DOCUMENT_CELLS:
            self.left_out = TOO_MANY_CELLS
            return
        text = self._records.text(values)
        self._file.write(f",\n{text}" if self._rows else f"\n{text}")
        self._rows += 1

    def _end(self) -> None:
        self._file.write("\n]\n")
