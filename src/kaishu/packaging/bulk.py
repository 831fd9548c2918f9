"""Large tables, column by column: which cells provably conform, and what becomes of the others.

Every column is read as text, so that nothing is taken for a value before its form is known. The
engine's reader passes over some things that are not right (blank lines, an empty cell too many);
the bytes of the file show that it has not: none may be left that is in no cell. Texts that are not
of a known form are read by Frictionless's own cell readers, each once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _
from kaishu.packaging import columns, engine
from kaishu.packaging.plan import Doubt
from kaishu.packaging.tables import CRASH, ERRORS_LISTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from kaishu.packaging.lines import Lines
    from kaishu.packaging.plan import Foreign, Plan

# More different texts of unknown form than this are read faster row by row.
_UNKNOWN = 100_000


class Columns:
    """A table whose structure is known to be read rightly.

    `repeated` names the keys (by their columns) of which a value may occur twice, or be missing.
    """

    def __init__(self, plan: Plan, text: Lines) -> None:
        self.plan, self.header, self._text = plan, text.header, text
        self.repeated: set[tuple[int, ...]] = set()
        # No foreign key is known to be kept before it is looked at.
        self.settled: Mapping[Foreign, Sequence[str]] = {}
        self._width = len(plan.fields)
        if len(self.header) != self._width:
            raise Doubt
        self._rows = engine.text_table(text.path, self._width, text.delimiter)
        self._numbered = engine.numbered(self._rows)
        self._blank = False
        # The columns of which some text is wrong; and the values of texts of unknown form, by
        # column: those that are wrong may have one, too.
        self._wrong: set[int] = set()
        self._unknown: dict[int, dict[str, Any]] = {}
        self._told = engine.Temporary()
        self._conditions = [self._condition(column) for column in range(self._width)]
        if self._look():
            self._ask()
            self.repeated |= {key for key in plan.keys if set(key) & set(self._unknown)}

    def wrong(self) -> set[int]:
        """The first rows that have something wrong in themselves, by number."""
        found = [
            f"c{n} IN (SELECT text FROM {self._told.name} WHERE n = {n} AND NOT ok)"
            for n in sorted(self._wrong)
        ]
        found += [self._is_blank()] if self._blank else []
        query = f"SELECT row FROM {self._numbered} WHERE {' OR '.join(found)}"
        rows = engine.first(query, ERRORS_LISTED + 1) if found else []
        return {*self._text.odd, *(row for (row,) in rows)}

    def fetched(self, numbers: Iterable[int]) -> dict[int, list[str]]:
        """The cells of some rows, by number."""
        query = f"SELECT * FROM {self._numbered} WHERE row IN {engine.numbers(numbers)}"
        found = engine.connection().execute(query).fetchall()
        return {row: self._text.odd.get(row, list(cells)) for row, *cells in found}

    def keyed(self, key: Sequence[int], prefix: str = "k") -> tuple[list[str], str]:
        """The names of a key's parts, and SQL of the table's rows with them.

        Raises Doubt where the engine cannot tell which values are equal.
        """
        values = (value for column in key for value in self._unknown.get(column, {}).values())
        if not all(value is None or columns.as_key(value) is not None for value in values):
            raise Doubt
        parts = {f"{prefix}{column}": self._key(column) for column in key}
        listed = ", ".join(f"{part} AS {name}" for name, part in parts.items())
        return list(parts), f"(SELECT row, {listed} FROM {self._numbered})"

    def close(self) -> None:
        """Forget what the engine was told of it."""
        self._told.drop()

    def _missing(self, column: int) -> str:
        return columns.missing(f"c{column}", self.plan.missings[column])

    def _is_blank(self) -> str:
        """SQL that is true of rows that hold nothing."""
        return " AND ".join(self._missing(column) for column in range(self._width))

    def _key(self, column: int) -> str:
        """SQL of what two equal values of a column have in common; NULL where there is none."""
        field, name = self.plan.fields[column], f"c{column}"
        kind, form = str(field.get("type")), columns.form(name, field)
        if form is None:
            raise Doubt
        known = f"CASE WHEN {form} THEN {columns.key(name, kind)} END"
        if self._unknown.get(column):
            values = f"(SELECT value FROM {self._told.name} WHERE n = {column} AND text = {name})"
            known = known.replace(" END", f" ELSE {columns.key(values, kind)} END")
        return f"CASE WHEN {self._missing(column)} THEN NULL ELSE {known} END"

    def _condition(self, column: int) -> str:
        """SQL that is true of cells that certainly conform."""
        found = columns.condition(f"c{column}", self.plan.fields[column]) or "false"
        missing = self._missing(column)
        if self.plan.is_required(column):
            return f"(NOT {missing} AND {found})"
        return f"(({found}) OR {missing})" if found != "true" else "true"

    def _look(self) -> int:
        """Count, in one pass, rows and bytes; the number of rows with a text of unknown form.

        Raises Doubt for bytes that are not accounted for.
        """
        names = [f"c{n}" for n in range(self._width)]
        asked = {
            "rows": "count(*)",
            "bytes": f"sum({' + '.join(f'strlen({name})' for name in names)})",
            "doubtful": f"count(*) FILTER (({' AND '.join(self._conditions)}) IS NOT TRUE)",
            "blank": f"count(*) FILTER ({self._is_blank()})",
        }
        if self._text.quotes:
            inner = [f"strlen({name}) - strlen(replace({name}, '\"', ''))" for name in names]
            asked["inner"] = f"sum({' + '.join(inner)})"
        if self._width == 1:
            # A blank line is a row of one empty cell to the engine, and of none to others.
            asked["empty"] = "count(*) FILTER (c0 = '')"
        for key in self.plan.keys:
            asked |= engine.counts(key, [self._key(column) for column in key])
        name = self.plan.path.name
        with engine.through(lambda: _("Checking {file} (MB)").format(file=name), self.plan.path):
            found = engine.one_row(asked, self._rows)
        ends = (found["rows"] - (not self._text.is_ended)) * len(self._text.end)
        delimiters = found["rows"] * (self._width - 1)
        # Quotes aside, of which cells may hold some, every byte is in a cell or between two.
        accounted = found["bytes"] - found.get("inner", 0) + delimiters + ends
        if accounted != self._text.size - self._text.quotes:
            raise Doubt
        if found.get("empty") and self._text.path == self.plan.path:
            raise Doubt
        self._blank = found["blank"] > 0
        self.repeated = engine.repeated(self.plan, found)
        return found["doubtful"]

    def _ask(self) -> None:
        """Have Frictionless read every text of unknown form. Raises Doubt where it fails."""
        readers, run = self.plan.theirs(), engine.connection().execute
        if readers is None:
            raise Doubt
        self._told.create("n INTEGER, text VARCHAR, value VARCHAR, ok BOOLEAN")
        asked = {str(n): f"max(({one}) IS NOT TRUE)" for n, one in enumerate(self._conditions)}
        for name, unsure in engine.one_row(asked, self._rows).items():
            if not unsure:
                continue
            column = int(name)
            texts = run(
                f"SELECT DISTINCT c{column} FROM {self._rows} "
                f"WHERE ({self._conditions[column]}) IS NOT TRUE LIMIT {_UNKNOWN + 1}"
            ).fetchall()
            if len(texts) > _UNKNOWN:
                raise Doubt
            values: dict[str, Any] = {}
            right = []
            for (text,) in texts:
                values[text], notes = readers[column](text)
                if notes and CRASH in notes:
                    raise Doubt
                right.append(not notes)
            if not all(right):
                self._wrong.add(column)
            self._unknown[column] = values
            known = [columns.as_key(value) for value in values.values()]
            self._told.insert(f"{column}, unnest(?), unnest(?), unnest(?)", [*values], known, right)
