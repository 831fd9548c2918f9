"""Large tables in the table engine: which cells provably conform, and what becomes of the others.

Every column is read as text, so that nothing is taken for a value before its form is known. The
engine's reader passes over some things that are not right (blank lines, an empty cell too many);
the bytes of the file show that it has not: none may be left that is in no cell. Texts that are not
of a known form are read by Frictionless's own cell readers, each once.
"""

from __future__ import annotations

import csv
import datetime as dt
from contextlib import contextmanager
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any

from kaishu.packaging import columns, engine, lines
from kaishu.packaging.plan import Doubt
from kaishu.packaging.tables import CRASH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaishu.packaging.lines import Lines
    from kaishu.packaging.plan import Plan

# More different texts of unknown form than this are read faster row by row.
_UNKNOWN = 100_000
_TABLES = count(1)
_WHOLE, _PLACES = 18, 18


class Large:
    """A table whose structure is known to be read rightly; `rows` of them below the header.

    `wrong` names the columns of which some text is wrong, `blank` tells how many rows are empty,
    `repeated` names the keys (by their columns) of which a value may occur twice, or be missing.
    """

    def __init__(self, plan: Plan, text: Lines) -> None:
        self.plan, self.text = plan, text
        self.width = len(plan.fields)
        self.rows = self.blank = 0
        self.wrong: set[int] = set()
        self.repeated: set[tuple[int, ...]] = set()
        # Values of the texts of unknown form, by column; those that are wrong may have one, too.
        self.unknown: dict[int, dict[str, Any]] = {}
        self._table = f"unknown_{next(_TABLES)}"
        self._conditions = [self._condition(column) for column in range(self.width)]
        if len(text.header) != self.width:
            raise Doubt
        if self._look():
            self._ask()
            unknown = set(self.unknown)
            self.repeated |= {key for key in self._keys() if unknown & set(key)}

    @property
    def source(self) -> str:
        """SQL of the table: the texts `c0`, `c1`, …, and `row`, numbered as Frictionless does."""
        table = engine.text_table(self.text.path, self.width, self.text.delimiter)
        return f"(SELECT row_number() OVER () + 1 AS row, * FROM {table})"

    @property
    def unnumbered(self) -> str:
        """SQL of the table without the rows' numbers."""
        return engine.text_table(self.text.path, self.width, self.text.delimiter)

    def missing(self, column: int) -> str:
        """SQL that is true of cells that hold nothing."""
        if not self.plan.missing:
            return "false"
        return f"(c{column} IN {engine.texts(sorted(self.plan.missing))})"

    def is_blank(self) -> str:
        """SQL that is true of rows that hold nothing."""
        return " AND ".join(self.missing(column) for column in range(self.width))

    def is_wrong(self, column: int) -> str:
        """SQL that is true of cells that are wrong."""
        return f"c{column} IN (SELECT text FROM {self._table} WHERE n = {column} AND NOT ok)"

    def key(self, column: int) -> str:
        """SQL of what two equal values of a column have in common; NULL where there is none.

        Raises Doubt for types whose equality is not known.
        """
        field, name = self.plan.fields[column], f"c{column}"
        kind = str(field.get("type"))
        form = columns.form(name, field)
        if form is None:
            raise Doubt
        known = f"CASE WHEN {form} THEN {columns.key(name, kind)} END"
        if self.unknown.get(column):
            values = f"SELECT value FROM {self._table} WHERE n = {column} AND text = {name}"
            known = f"CASE WHEN {form} THEN {columns.key(name, kind)} ELSE {columns.key(f'({values})', kind)} END"
        return f"CASE WHEN {self.missing(column)} THEN NULL ELSE {known} END"

    def close(self) -> None:
        """Forget what the engine was told of it."""
        engine.connection().execute(f"DROP TABLE IF EXISTS {self._table}")

    def _condition(self, column: int) -> str:
        """SQL that is true of cells that certainly conform."""
        found = columns.condition(f"c{column}", self.plan.fields[column]) or "false"
        missing = self.missing(column)
        if self.plan.is_required(column):
            return f"(NOT {missing} AND {found})"
        return f"({missing} OR ({found}))" if found != "true" else "true"

    def _look(self) -> int:
        """Count, in one pass, rows and bytes; the number of rows with a text of unknown form.

        Raises Doubt for bytes that are not accounted for.
        """
        names = [f"c{n}" for n in range(self.width)]
        asked = {
            "rows": "count(*)",
            "bytes": f"sum({' + '.join(f'strlen({name})' for name in names)})",
            "doubtful": f"count(*) FILTER (({' AND '.join(self._conditions)}) IS NOT TRUE)",
            "blank": f"count(*) FILTER ({self.is_blank()})",
        }
        if self.text.quotes:
            inner = [f"strlen({name}) - strlen(replace({name}, '\"', ''))" for name in names]
            asked["inner"] = f"sum({' + '.join(inner)})"
        if self.width == 1:
            # A blank line is a row of one empty cell to the engine, and of none to others.
            asked["empty"] = "count(*) FILTER (c0 = '')"
        for key in self._keys():
            parts = [self.key(column) for column in key]
            whole = f"({', '.join(parts)})" if len(parts) > 1 else parts[0]
            asked[f"distinct {key}"] = f"count(DISTINCT {whole})"
            asked[f"known {key}"] = f"count(*) FILTER ({_some(parts)})"
        query = f"SELECT {', '.join(asked.values())} FROM {self.unnumbered}"
        row = engine.connection().execute(query).fetchone()
        found = {name: int(value or 0) for name, value in zip(asked, row or (), strict=True)}
        self.rows, self.blank = found["rows"], found["blank"]
        ends = (self.rows - (not self.text.is_ended)) * len(self.text.end)
        delimiters = self.rows * (self.width - 1)
        # Quotes aside, of which cells may hold some, every byte is in a cell or between two.
        accounted = found["bytes"] - found.get("inner", 0) + delimiters + ends
        if accounted != self.text.size - self.text.quotes:
            raise Doubt
        if found.get("empty") and self.text.path == self.plan.path:
            raise Doubt
        for key in self._keys():
            known, primary = found[f"known {key}"], key == self.plan.key
            if found[f"distinct {key}"] != known or (primary and known != self.rows):
                self.repeated.add(key)
        return found["doubtful"]

    def _keys(self) -> list[tuple[int, ...]]:
        """What may occur once, by columns: the unique ones, and the primary key."""
        keys = dict.fromkeys((column,) for column in self.plan.unique)
        return [*keys, self.plan.key] if self.plan.key and self.plan.key not in keys else [*keys]

    def _ask(self) -> None:
        """Have Frictionless read every text of unknown form. Raises Doubt where it fails."""
        readers = self.plan.theirs()
        if readers is None:
            raise Doubt
        run = engine.connection().execute
        run(f"CREATE TEMP TABLE {self._table} (n INTEGER, text VARCHAR, value VARCHAR, ok BOOLEAN)")
        for column in self._unsure():
            texts = run(
                f"SELECT DISTINCT c{column} FROM {self.unnumbered} "
                f"WHERE ({self._conditions[column]}) IS NOT TRUE LIMIT {_UNKNOWN + 1}"
            ).fetchall()
            if len(texts) > _UNKNOWN:
                raise Doubt
            told, values = [], {}
            for (text,) in texts:
                value, notes = readers[column](text)
                if notes and CRASH in notes:
                    raise Doubt
                if notes:
                    self.wrong.add(column)
                values[text] = value
                told.append((text, _as_key(value), not notes))
            self.unknown[column] = values
            lists = [list(one) for one in zip(*told, strict=True)] or [[], [], []]
            run(
                f"INSERT INTO {self._table} SELECT {column}, unnest(?), unnest(?), unnest(?)",
                lists,
            )

    def _unsure(self) -> list[int]:
        """The columns that hold a text of unknown form."""
        counts = ", ".join(f"bool_or(({one}) IS NOT TRUE)" for one in self._conditions)
        row = engine.connection().execute(f"SELECT {counts} FROM {self.unnumbered}").fetchone()
        return [column for column, unsure in enumerate(row or ()) if unsure]


@contextmanager
def opened(plan: Plan, scratch: Path) -> Iterator[Large]:
    """The table, as its file is or as a copy of even rows in the folder `scratch`.

    Raises Doubt where it is Frictionless's to judge.
    """
    table = None
    try:
        table = _opened(plan, scratch)
        yield table
    except (OSError, UnicodeError, LookupError, csv.Error, engine.Refused) as refused:
        raise Doubt from refused
    finally:
        if table is not None:
            table.close()


def _opened(plan: Plan, scratch: Path) -> Large:
    try:
        return Large(plan, lines.as_they_are(plan))
    except (Doubt, engine.Refused):
        copy = scratch / f"{len(list(scratch.iterdir()))}.csv"
        return Large(plan, lines.even(plan, copy))


def values_known(table: Large, wanted: Sequence[int]) -> bool:
    """Whether the values of these columns can all be compared by the engine."""
    return all(
        value is None or _as_key(value) is not None
        for column in wanted
        for value in table.unknown.get(column, {}).values()
    )


def _some(parts: Sequence[str]) -> str:
    """SQL that is true where not all is NULL."""
    return " OR ".join(f"{part} IS NOT NULL" for part in parts)


def _as_key(value: Any) -> str | None:
    """A value in the one form that the engine's own have; None where it has no such form."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_WHOLE else None
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, dt.datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str) else None


def _decimal(value: Decimal) -> str | None:
    """A number written plainly, where DECIMAL(38, 18) holds it."""
    if not value.is_finite() or not -1000 < value.adjusted() < _WHOLE:
        return None
    text = format(value, "f")
    places = text.partition(".")[2].rstrip("0")
    return text if len(places) <= _PLACES else None
