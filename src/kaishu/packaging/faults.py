"""What is wrong with a large table: the few rows at fault, judged by Frictionless as in the whole.

The engine finds the rows that may be wrong: with a wrong cell, of another width, empty, with a key
that occurs before or refers to nothing. Frictionless is given these, the rows that they are compared
with, and nothing else, so that what it says is its own, in its own order.
"""

from __future__ import annotations

import csv
import tempfile
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.packaging import engine, lines
from kaishu.packaging.bulk import Columns
from kaishu.packaging.plan import Doubt
from kaishu.packaging.regular import Regular
from kaishu.packaging.tables import ERRORS_LISTED, check_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kaishu.base.problems import Problem
    from kaishu.packaging.plan import Foreign, Plan

    Large = Regular | Columns

# So many codes are sooner part of a pattern than looked up.
_FEW = 500
_LISTED = ("string", "integer", "year")


def problems(
    table: dict[str, Any], plan: Plan, others: Mapping[str, Plan], **place: Any
) -> list[Problem]:
    """What Frictionless finds in `table`, of which `plan` is made; raises Doubt where in doubt.

    `others` are the tables, by name, that its foreign keys may refer to.
    """
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as stack:
        referred: dict[str, Large] = {}
        for name in {foreign.resource for foreign in plan.foreign} - {"", plan.name}:
            if name not in others:
                raise Doubt
            referred[name] = stack.enter_context(_opened(others[name], Path(scratch), {}))
        few = _few(plan, referred)
        large = stack.enter_context(_opened(plan, Path(scratch), few))
        return _Search(large, {**referred, "": large, plan.name: large}).problems(table, place)


def _few(plan: Plan, referred: Mapping[str, Large]) -> dict[Foreign, list[str]]:
    """The texts that a foreign key of one column may have, where all of them are plain and few."""
    found = {}
    taken: set[int] = set()
    for foreign in plan.foreign:
        [column, *more], other = foreign.columns, referred.get(foreign.resource)
        field = plan.fields[column]
        if (
            other is None
            or more
            or column in taken
            or field.get("type") not in _LISTED
            or plan.readers[column] is None
            or set(field.get("constraints") or {}) - {"required", "unique"}
        ):
            continue
        [name], keyed = _theirs(plan, other, foreign)
        query = f"SELECT DISTINCT {name} FROM {keyed} WHERE {name} IS NOT NULL LIMIT {_FEW + 1}"
        texts = sorted(str(text) for (text,) in engine.connection().execute(query).fetchall())
        if 0 < len(texts) <= _FEW and not set("".join(texts)) & {'"', "\r", "\n", plan.delimiter}:
            found[foreign] = texts
            taken.add(column)
    return found


@contextmanager
def _opened(plan: Plan, scratch: Path, few: Mapping[Foreign, Sequence[str]]) -> Iterator[Large]:
    """The table, read by lines where these are regular, else by columns, else from an even copy.

    Raises Doubt where it is Frictionless's to judge.
    """
    try:
        made = _read(plan, scratch, few)
        try:
            yield made
        finally:
            made.close()
    except (OSError, UnicodeError, LookupError, csv.Error, engine.Refused) as refused:
        raise Doubt from refused


def _read(plan: Plan, scratch: Path, few: Mapping[Foreign, Sequence[str]]) -> Large:
    folder = Path(tempfile.mkdtemp(dir=scratch))
    for way in WAYS:
        with suppress(Doubt, engine.Refused):
            return way(plan, folder, few)
    raise Doubt


def _by_columns(plan: Plan, _folder: Path, _few: object) -> Columns:
    return Columns(plan, lines.as_they_are(plan))


def _by_copy(plan: Plan, folder: Path, _few: object) -> Columns:
    return Columns(plan, lines.even(plan, folder / "even.csv"))


# The quickest first; each takes what the one before it leaves.
WAYS: tuple[Callable[[Plan, Path, Mapping[Foreign, Sequence[str]]], Large], ...] = (
    Regular,
    _by_columns,
    _by_copy,
)


class _Search:
    """The rows of one table that may be wrong, by their numbers, and those they are compared with."""

    def __init__(self, large: Large, referred: Mapping[str, Large]) -> None:
        self.large, self.referred = large, referred
        self.wrong = large.wrong()
        self.beside: set[int] = set()

    def problems(self, table: dict[str, Any], place: dict[str, Any]) -> list[Problem]:
        """What Frictionless says of the rows found."""
        large, plan = self.large, self.large.plan
        for key in sorted(large.repeated):
            self._repeated(key)
        for foreign in plan.foreign:
            if foreign not in large.settled:
                self._astray(foreign)
        if not self.wrong and large.header == plan.names:
            return []
        # Every row at fault has an error at least, and no more are listed.
        wrong = set(sorted(self.wrong)[: ERRORS_LISTED + 1])
        rows = large.fetched({*wrong, *self.beside})
        lookups: dict[str, dict[int, list[str]]] = {}
        for foreign in plan.foreign:
            found = self._referred_to(foreign, wrong)
            lookups.setdefault(foreign.resource, {}).update(found)
        resources = []
        for name, found in lookups.items():
            other = self.referred[name]
            if other is large:
                rows |= found
            else:
                data = [other.header, *found.values()]
                resources.append({"name": name, "data": data, "schema": other.plan.schema})
        rows[1] = large.header
        judged = check_rows(table, dict(sorted(rows.items())), wrong | {1}, resources, **place)
        if judged is None:
            raise Doubt
        return judged

    def _repeated(self, key: tuple[int, ...]) -> None:
        """Rows whose key occurs before, with the first of it; rows without a primary key."""
        names, keyed = self.large.keyed(key)
        some = " OR ".join(f"{name} IS NOT NULL" for name in names)
        listed = ", ".join(names)
        twice = (
            f"SELECT min(row) AS first, {listed} FROM {keyed} WHERE {some} "
            f"GROUP BY {listed} HAVING count(*) > 1"
        )
        same = " AND ".join(f"one.{name} IS NOT DISTINCT FROM twice.{name}" for name in names)
        found = _first_rows(
            f"SELECT row, first FROM {keyed} AS one JOIN ({twice}) AS twice ON {same} "
            "WHERE row > first"
        )
        self.wrong.update(row for row, _before in found)
        self.beside.update(before for _row, before in found)
        if key == self.large.plan.key:
            found = _first_rows(f"SELECT row FROM {keyed} WHERE NOT ({some})")
            self.wrong.update(row for (row,) in found)

    def _astray(self, foreign: Foreign) -> None:
        """Rows that refer to none."""
        names, own = self.large.keyed(foreign.columns)
        theirs, other = _theirs(self.large.plan, self.referred[foreign.resource], foreign)
        some = " OR ".join(f"{name} IS NOT NULL" for name in names)
        same = _same(names, theirs)
        found = _first_rows(
            f"SELECT row FROM (SELECT * FROM {own} WHERE {some}) AS own "
            f"ANTI JOIN (SELECT DISTINCT {', '.join(theirs)} FROM {other}) AS other ON {same}"
        )
        self.wrong.update(row for (row,) in found)

    def _referred_to(self, foreign: Foreign, rows: Iterable[int]) -> dict[int, list[str]]:
        """The rows that some rows refer to, one of each key."""
        names, own = self.large.keyed(foreign.columns)
        theirs, other = _theirs(self.large.plan, self.referred[foreign.resource], foreign)
        found = engine.connection().execute(
            f"SELECT min(row) FROM {other} AS other SEMI JOIN "
            f"(SELECT * FROM {own} WHERE row IN {engine.numbers(rows)}) AS own "
            f"ON {_same(names, theirs)} GROUP BY {', '.join(theirs)}"
        )
        return self.referred[foreign.resource].fetched(row for (row,) in found.fetchall())


def _theirs(plan: Plan, other: Large, foreign: Foreign) -> tuple[list[str], str]:
    """The key that is referred to. Raises Doubt where its values are of other types."""
    if not set(foreign.fields) <= set(other.plan.names):
        raise Doubt
    columns = tuple(other.plan.names.index(name) for name in foreign.fields)
    for own, theirs in zip(foreign.columns, columns, strict=True):
        if plan.fields[own].get("type") != other.plan.fields[theirs].get("type"):
            raise Doubt
    return other.keyed(columns, prefix="v")


def _same(own: Sequence[str], theirs: Sequence[str]) -> str:
    pairs = zip(own, theirs, strict=True)
    return " AND ".join(f"own.{name} IS NOT DISTINCT FROM other.{their}" for name, their in pairs)


def _first_rows(query: str) -> list[tuple[int, ...]]:
    """The first rows of a query, as many as errors are listed and one more."""
    return engine.first(query, ERRORS_LISTED + 1)
