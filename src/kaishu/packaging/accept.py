"""Tables that provably conform, found without Frictionless's rows: its own cell readers decide.

Whatever is the least unusual (a dialect that guesses otherwise, a row of another width, a key that
occurs twice, a cell that its field's reader does not take) is not judged here: the table is then
handed to Frictionless whole, so the verdict is always its own.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from kaishu.packaging import plain, tables
from kaishu.packaging.resources import delimiter_of, quote_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaishu.packaging.tables import CellReader

# As many lines as Frictionless shows the sniffer.
_SAMPLE = 100
_DIALECT = {"delimiter", "quoteChar", "csv", "$schema"}
_SCHEMA = {"fields", "primaryKey", "missingValues", "title", "description", "name", "$schema"}
_DESCRIBED = {"name", "path", "schema", "dialect", "format", "encoding", "mediatype", "type"}
# A column of few different texts is read once for each of them.
_REMEMBERED = 1000


class _Cells:
    """Reads the cells of a table's columns: plain ones here, all others by Frictionless."""

    def __init__(
        self, schema: dict[str, Any], fields: list[dict[str, Any]], missing: frozenset[str]
    ) -> None:
        self._schema, self._missing = schema, missing
        self._plain = [plain.reader(one) for one in fields]
        self._required = [bool((one.get("constraints") or {}).get("required")) for one in fields]
        self._theirs: list[CellReader] | None = None

    @property
    def is_sound(self) -> bool:
        """Whether the schema is one that Frictionless takes; it is asked where it says much."""
        return None not in self._plain or self._readers() is not None

    def read(self, column: int, text: str) -> Any:
        """The value of a cell. Raises _Doubt where it is not right."""
        reader = self._plain[column]
        if reader is not None:
            if text in self._missing:
                if self._required[column]:
                    raise _Doubt
                return None
            value = reader(text)
            if value is not NotImplemented:
                return value
        readers = self._readers()
        if readers is None:
            raise _Doubt
        value, notes = readers[column](text)
        if notes:
            raise _Doubt
        return value

    def _readers(self) -> list[CellReader] | None:
        if self._theirs is None:
            self._theirs = tables.cell_readers(self._schema)
        return self._theirs


@dataclass(frozen=True)
class _Plan:
    """How one table is read: its file, its dialect, its fields' readers, what occurs once."""

    path: Path
    encoding: str
    delimiter: str
    quote: str
    stated: bool
    names: list[str]
    cells: _Cells
    unique: list[int]
    key: list[int]


def conforms(folder: Path, table: dict[str, Any]) -> bool:
    """Whether Frictionless would find nothing wrong with the table; False where in doubt."""
    plan = _plan(folder, table)
    if plan is None:
        return False
    try:
        for _values in _rows(plan):
            pass
    except (_Doubt, OSError, UnicodeError, csv.Error):
        return False
    return True


def read(folder: Path, table: dict[str, Any]) -> Iterator[dict[str, Any]] | None:
    """The rows of a table that conforms, values by field name; None where in doubt."""
    if not conforms(folder, table):
        return None
    plan = _plan(folder, table)
    return (dict(zip(plan.names, values, strict=True)) for values in _rows(plan)) if plan else None


class _Doubt(Exception):
    """Something that Frictionless has to judge."""


def _plan(folder: Path, table: dict[str, Any]) -> _Plan | None:
    described = tables.described(table)
    schema, path = described.get("schema"), described.get("path")
    dialect = described.get("dialect") or {}
    if (
        set(described) - _DESCRIBED
        or not isinstance(path, str)
        or not path.lower().endswith(".csv")
        or str(described.get("format", "csv")) != "csv"
        or not isinstance(schema, dict)
        or set(schema) - _SCHEMA
        or not isinstance(dialect, dict)
        or set(dialect) - _DIALECT
    ):
        return None
    inner = dialect.get("csv") or {}
    if not isinstance(inner, dict) or set(inner) - {"delimiter", "quoteChar"}:
        return None
    fields = [one for one in schema.get("fields") or () if isinstance(one, dict)]
    names = [str(one.get("name") or "") for one in fields]
    key = schema.get("primaryKey") or []
    key = [key] if isinstance(key, str) else key
    if (
        not names
        or not all(names)
        or len(set(names)) < len(names)
        or not isinstance(key, list)
        or not set(key) <= set(names)
    ):
        return None
    missing = schema.get("missingValues", [""])
    if not isinstance(missing, list) or not all(isinstance(text, str) for text in missing):
        return None
    cells = _Cells(schema, fields, frozenset(missing))
    if not cells.is_sound:
        return None
    unique = [
        n
        for n, one in enumerate(fields)
        if isinstance(one.get("constraints"), dict) and one["constraints"].get("unique")
    ]
    return _Plan(
        path=folder / path,
        encoding=str(described["encoding"]),
        delimiter=delimiter_of(described),
        quote=quote_of(described),
        stated="delimiter" in dialect or "delimiter" in inner,
        names=names,
        cells=cells,
        unique=unique,
        key=[names.index(name) for name in key],
    )


def _rows(plan: _Plan) -> Iterator[list[Any]]:
    """The values of each row. Raises _Doubt at the first thing that is not plain."""
    seen: list[set[Any]] = [set() for _column in plan.unique]
    keys: set[Any] = set()
    memories: list[dict[str, Any]] = [{} for _name in plan.names]
    read_cell = plan.cells.read
    width = len(plan.names)
    with plan.path.open(encoding=plan.encoding, newline="") as source:
        sample = list(islice(source, _SAMPLE))
        _sniffed_as_expected(plan, sample)
        reader = csv.reader(chain(sample, source), delimiter=plan.delimiter, quotechar=plan.quote)
        if next(reader, None) != plan.names:
            raise _Doubt
        for cells in reader:
            if len(cells) != width:
                raise _Doubt
            values = []
            for column, cell in enumerate(cells):
                memory = memories[column]
                if cell in memory:
                    values.append(memory[cell])
                    continue
                value = read_cell(column, cell)
                if len(memory) < _REMEMBERED:
                    memory[cell] = value
                values.append(value)
            if all(value is None for value in values):
                raise _Doubt
            for column, before in zip(plan.unique, seen, strict=True):
                _once(values[column], before)
            if plan.key:
                _once(tuple(values[column] for column in plan.key), keys, whole=True)
            yield values


def _once(value: Any, before: set[Any], *, whole: bool = False) -> None:
    """Note a value that may occur once; what is missing from a key is Frictionless's to judge."""
    if (whole and None in value) or value is None:
        if whole:
            raise _Doubt
        return
    try:
        if value in before:
            raise _Doubt
        before.add(value)
    except TypeError:
        raise _Doubt from None


def _sniffed_as_expected(plan: _Plan, sample: Sequence[str]) -> None:
    """Frictionless lets a sniffer guess what the dialect does not state; it must guess the same."""
    try:
        delimiters = plan.delimiter if plan.stated else ",\t;|"
        guess = csv.Sniffer().sniff("".join(sample), delimiters)
    except csv.Error:
        return
    if (
        (guess.delimiter != plan.delimiter and not plan.stated)
        or guess.quotechar not in ('"', "'", None)
        or guess.skipinitialspace
        or guess.escapechar is not None
    ):
        raise _Doubt
