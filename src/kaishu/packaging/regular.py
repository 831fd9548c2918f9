"""Large tables, line by line: one pattern tells which lines are rows whose every cell conforms.

Lines that it does not take are few in most tables; their cells are looked at one by one. Where cells
hold the ends of lines, or many lines are of another form, the table is Frictionless's or `bulk`'s.
"""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from kaishu.packaging import columns, engine, lines, matching, patterns
from kaishu.packaging.matching import Form
from kaishu.packaging.plan import SAMPLE, Doubt
from kaishu.packaging.tables import CRASH

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from kaishu.packaging.plan import Foreign, Plan
    from kaishu.packaging.tables import CellReader

_BEYOND = "beyond"
# More digits than these make no key of the engine's; Python takes no whole number of many more.
_DIGITS, _LONGEST = 18, 4000
_COUNTED = ("integer", "number")
# Tables looked at by this process, so that what is checked is not looked at again to be written.
_known: dict[tuple[Any, ...], Mapping[int, int]] = {}


class Regular:
    """A table of one row a line, but for a blank one.

    `repeated` names the keys (by their columns) of which a value may occur twice, or be missing.
    `few` are the texts that a foreign key of one column may have, where these are few; `settled`
    are those foreign keys that every row is known to keep.
    """

    def __init__(
        self,
        plan: Plan,
        scratch: Path,
        few: Mapping[Foreign, Sequence[str]] | None = None,
        places: Mapping[int, int] | None = None,
    ) -> None:
        self.plan, self._scratch = plan, scratch
        self.settled: Mapping[Foreign, Sequence[str]] = few or {}
        # Digits after the point that numbers have at most, by column.
        self._places = _places(plan) if places is None else places
        self.header, line = lines.headed(plan)
        self._width = len(plan.fields)
        if len(self.header) != self._width:
            raise Doubt
        # The cells of lines of another form, by number; those that have something wrong.
        self._cells: dict[int, list[str]] = {}
        self._values: dict[int, list[Any]] = {}
        self._wrong: set[int] = set()
        self._theirs: list[CellReader] | None = None
        self._keys = engine.Temporary()
        self._keyed: list[int] = []
        self._is_bare = True
        # Columns of numbers whose digits need no counting, as nothing is compared with them.
        numbers = {n for n, one in enumerate(plan.fields) if one.get("type") in _COUNTED}
        self._free = frozenset(numbers - self._compared())
        self._count = 0
        self.repeated = self._look(line)
        if self._cells:
            self.settled = {}
        if not (self._cells or self.repeated or self.header != plan.names):
            _known[_signature(plan)] = self._places

    @staticmethod
    def known(plan: Plan) -> Mapping[int, int] | None:
        """Digits after the point, by column, of a file of which every line was found regular.

        None where it was not looked at by this process, as it is now.
        """
        return _known.get(_signature(plan))

    @property
    def is_irregular(self) -> bool:
        """Whether some line is of another form."""
        return bool(self._cells)

    def wrong(self) -> set[int]:
        """The rows that have something wrong in themselves, by number."""
        return self._wrong

    def fetched(self, numbers: Iterable[int]) -> dict[int, list[str]]:
        """The cells of some rows, by number."""
        wanted = set(numbers)
        found = {row: self._cells[row] for row in wanted & set(self._cells)}
        others = wanted - set(found)
        if others:
            table = engine.numbered(engine.line_table(self.plan.path))
            query = f"SELECT row, line FROM {table} WHERE row IN {engine.numbers(others)}"
            for row, line in engine.connection().execute(query).fetchall():
                found[row] = self._parsed(line)
        return found

    def keyed(self, key: Sequence[int], prefix: str = "k") -> tuple[list[str], str]:
        """The names of a key's parts, and SQL of the table's rows with them.

        Raises Doubt where the engine cannot tell which values are equal.
        """
        if not set(key) <= set(self._keyed):
            self._extract(sorted({*self._wanted(), *key}))
        listed = ", ".join(f"k{n} AS {prefix}{n}" for n in key)
        return [f"{prefix}{n}" for n in key], f"(SELECT row, {listed} FROM {self._keys.name})"

    def close(self) -> None:
        """Forget what the engine was told of it."""
        self._keys.drop()

    def _look(self, header: bytes) -> set[tuple[int, ...]]:
        """Match every line, in one pass; the keys that may occur twice. Raises Doubt where in doubt."""
        plan = self.plan
        # The first cell is cut off a line sooner than columns are read.
        first = self._is_bare and self._wanted() == [0]
        bounded, bare = self._bounded(), 0 if first else None
        pattern = patterns.line(bounded, self._places, bare=bare, free=self._free)
        if pattern is None:
            return self._look_again(header)
        form = Form(bounded, pattern, self._places, bare)
        found = matching.look(form, header, self._keys)
        self._count = found.rows
        if found.others is None or (self._free and found.longest > _LONGEST):
            return self._look_again(header)
        self._account(header, found.rows, found.size)
        if found.others and not header.endswith(b"\r\n") and lines.has_return(plan.path):
            # A return and the line feed after it would be the ends of two lines.
            raise Doubt
        for row, line in found.others.items():
            self._judge(row, line)
        lines.header_is_first(self._sampled(found.rows))
        if found.keys and self._cells:
            self._keep([0], found.keys)
        elif found.keys:
            self._keyed = [0]
        if self.plan.keys == [(0,)] and found.is_rising and not self._cells:
            return set()
        return self._counted(found.rows)

    def _look_again(self, header: bytes) -> set[tuple[int, ...]]:
        """Match every line to what is less narrow. Raises Doubt where nothing is."""
        if not (self.settled or self._places or self._is_bare or self._free):
            raise Doubt
        self.settled, self._places, self._is_bare, self._free = {}, {}, False, frozenset()
        return self._look(header)

    def _bounded(self) -> Plan:
        """The plan whose foreign keys of few texts are enumerations."""
        fields = list(self.plan.fields)
        for foreign, texts in self.settled.items():
            [column] = foreign.columns
            constraints = {**(fields[column].get("constraints") or {}), "enum": [*texts]}
            fields[column] = {**fields[column], "constraints": constraints}
        return replace(self.plan, fields=tuple(fields))

    def _account(self, header: bytes, rows: int, size: int) -> None:
        """Raises Doubt unless every byte is of a line, or ends one."""
        with self.plan.path.open("rb") as source:
            whole = source.seek(0, 2)
            source.seek(max(whole - 1, 0))
            is_ended = source.read() == b"\n"
        end = 2 if header.endswith(b"\r\n") else 1
        if len(header) + size + (rows - (rows > 0 and not is_ended)) * end != whole:
            raise Doubt

    def _judge(self, number: int, line: str) -> None:
        """Look at the cells of one line. Raises Doubt where it may not be a row."""
        cells = self._parsed(line)
        values: list[Any] = []
        right = len(cells) == self._width
        for column, cell in enumerate(cells[: self._width]):
            value, is_right = self._read(column, cell)
            values.append(value)
            right = right and is_right
        values += [None] * (self._width - len(values))
        self._cells[number], self._values[number] = cells, values
        if not right or all(value is None for value in values):
            self._wrong.add(number)

    def _sampled(self, rows: int) -> list[int]:
        """The widths of the first rows, the header's included."""
        cells = (self._cells.get(n) for n in range(2, min(rows + 1, SAMPLE) + 1))
        return [self._width, *(self._width if one is None else len(one) for one in cells)]

    def _read(self, column: int, text: str) -> tuple[Any, bool]:
        """The value of a cell, and whether it is right."""
        reader = self.plan.readers[column]
        if reader is not None:
            if text in self.plan.missing:
                return None, not self.plan.is_required(column)
            value = reader(text)
            if value is not NotImplemented:
                return value, True
        if self._theirs is None:
            self._theirs = self.plan.theirs()
        if self._theirs is None:
            raise Doubt
        value, notes = self._theirs[column](text)
        if notes and CRASH in notes:
            raise Doubt
        return value, not notes

    def _parsed(self, line: str) -> list[str]:
        """The cells of a line. Raises Doubt where a quote is open at its end."""
        if "\r" in line:
            raise Doubt
        reader = csv.reader(iter([line, _BEYOND]), delimiter=self.plan.delimiter)
        cells = next(reader)
        if reader.line_num != 1:
            raise Doubt
        return cells

    def _counted(self, rows: int) -> set[tuple[int, ...]]:
        """The keys that occur twice, or that some row has not."""
        if not self.plan.keys:
            return set()
        asked: dict[str, str] = {}
        _names, table = self.keyed(list(dict.fromkeys(n for key in self.plan.keys for n in key)))
        for key in self.plan.keys:
            asked |= engine.counts(key, [f"k{n}" for n in key])
        return engine.repeated(self.plan, {**engine.one_row(asked, table), "rows": rows})

    def _key(self, cell: str, column: int) -> str:
        kind = str(self.plan.fields[column]["type"])
        return columns.key_or_null(cell, kind, self.plan.missing)

    def _wanted(self) -> list[int]:
        """The columns of which keys are made, but for foreign ones that are settled."""
        columns = {n for key in self.plan.keys for n in key}
        for foreign in self.plan.foreign:
            if foreign not in self.settled:
                columns.update(foreign.columns)
        return sorted(columns)

    def _compared(self) -> set[int]:
        """The columns whose values are compared with those of other rows."""
        found = {n for key in self.plan.keys for n in key}
        for foreign in self.plan.foreign:
            found.update(foreign.columns)
            if foreign.resource in ("", self.plan.name):
                found.update(n for n, name in enumerate(self.plan.names) if name in foreign.fields)
        return found

    def _extract(self, wanted: list[int]) -> None:
        """Have the engine keep some columns' keys: of the lines from the file, of the others as read."""
        rows = engine.numbered(engine.text_table(self._even(), self._width, self.plan.delimiter))
        if set(wanted) & self._free:
            long = " OR ".join(f"strlen(c{n}) > {_DIGITS}" for n in wanted)
            if engine.one_row({"long": f"count(*) FILTER ({long})"}, rows)["long"]:
                raise Doubt
        listed = engine.named({f"k{n}": self._key(f"c{n}", n) for n in wanted})
        self._keep(wanted, f"SELECT row, {listed} FROM {rows}")

    def _keep(self, wanted: list[int], query: str) -> None:
        """Keep the keys that a query gives of regular lines, and those of the others."""
        others, kept = sorted(self._values), engine.Temporary()
        kept.make(
            f"SELECT * FROM ({query})" + (" WHERE row NOT IN (SELECT unnest(?))" if others else ""),
            *([others] if others else []),
        )
        self._keys.drop()
        self._keys, self._keyed = kept, wanted
        if engine.one_row({"rows": "count(*)"}, kept.name)["rows"] != self._count - len(others):
            raise Doubt
        if others:
            keys = [[self._told(row, n) for row in others] for n in wanted]
            kinds = [str(self.plan.fields[n]["type"]) for n in wanted]
            given = ", ".join(
                columns.key(f"t{n}", kind) for n, kind in zip(wanted, kinds, strict=True)
            )
            texts = ", ".join(f"unnest(?) AS t{n}" for n in wanted)
            kept.insert(f"row, {given} FROM (SELECT unnest(?) AS row, {texts})", others, *keys)

    def _told(self, row: int, column: int) -> str | None:
        value = self._values[row][column]
        found = columns.as_key(value)
        if value is not None and found is None:
            raise Doubt
        return found

    def _even(self) -> Path:
        """The file, or a copy whose lines of another form are empty rows."""
        if not self._cells:
            return self.plan.path
        copy = self._scratch / "regular.csv"
        if not copy.exists():
            empty = self.plan.delimiter.encode() * (self._width - 1)
            with self.plan.path.open("rb") as source, copy.open("wb") as target:
                end = b""
                for number, line in enumerate(source, start=1):
                    end = end or (b"\r\n" if line.endswith(b"\r\n") else b"\n")
                    target.write(empty + end if number in self._cells else line)
        return copy


def _places(plan: Plan) -> dict[int, int]:
    """The digits after the point that numbers have at both ends of the file, by column."""
    numbers = [n for n, one in enumerate(plan.fields) if one.get("type") == "number"]
    found = dict.fromkeys(numbers, 0)
    for cells in lines.ends(plan) if numbers else ():
        for n in numbers:
            places = cells[n].partition(".")[2] if n < len(cells) else ""
            if places.isdigit() and found[n] < len(places) <= patterns.PLACES:
                found[n] = len(places)
    return found


def _signature(plan: Plan) -> tuple[Any, ...]:
    """What says that a file is still the one that was looked at, by the same description."""
    now = plan.path.stat()
    described = json.dumps([plan.schema, plan.delimiter, plan.stated], sort_keys=True, default=str)
    return plan.path.resolve(), now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns, described
