"""Tables that provably conform, found without Frictionless's rows: its own cell readers decide.

Whatever is the least unusual (a dialect that guesses otherwise, a row of another width, a key that
occurs twice, a cell that its field's reader does not take) raises Doubt: it is Frictionless's to
judge, so the verdict is always its own.
"""

from __future__ import annotations

import csv
from itertools import chain, islice
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from kaishu.packaging.plan import SAMPLE, Doubt, sniffed_as_expected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from kaishu.packaging.plan import Foreign, Plan
    from kaishu.packaging.tables import CellReader

# A column of few different texts is read once for each of them.
_REMEMBERED = 1000
_UNREAD = object()


def conforms(plan: Plan, others: Mapping[str, Plan]) -> bool:
    """Whether Frictionless would find nothing wrong with the table; False where in doubt.

    `others` are the tables, by name, that its foreign keys may refer to.
    """
    try:
        _check(plan, others)
    except (Doubt, OSError, UnicodeError, csv.Error):
        return False
    return True


def values(plan: Plan) -> Iterator[list[Any]]:
    """The values of each row. Raises Doubt before the first row that is not plain."""
    return (found for _texts, found in rows(plan))


def rows(plan: Plan) -> Iterator[tuple[list[str], list[Any]]]:
    """The texts and the values of each row. Raises Doubt before the first row that is not plain."""
    read, memories = _Cells(plan).read, [dict[str, Any]() for _name in plan.fields]
    columns = list(enumerate(memories))
    for cells in texts(plan):
        found = []
        for (column, memory), cell in zip(columns, cells, strict=True):
            value = memory.get(cell, _UNREAD)
            if value is _UNREAD:
                value = read(column, cell)
                if len(memory) < _REMEMBERED:
                    memory[cell] = value
            found.append(value)
        yield cells, found


def texts(plan: Plan) -> Iterator[list[str]]:
    """The texts of each row. Raises Doubt before the first row of another width.

    Where the first lines are odd, nothing is given: they tell Frictionless where the header is.
    """
    found = _texts(plan)
    yield from list(islice(found, SAMPLE))
    yield from found


def _texts(plan: Plan) -> Iterator[list[str]]:
    width = len(plan.fields)
    with plan.path.open(encoding=plan.encoding, newline="") as source:
        sample = sniffed_as_expected(plan, source)
        reader = csv.reader(chain(sample, source), delimiter=plan.delimiter, quotechar=plan.quote)
        if next(reader, None) != plan.names:
            raise Doubt
        for cells in reader:
            if len(cells) != width:
                raise Doubt
            yield cells


def _check(plan: Plan, others: Mapping[str, Plan]) -> None:
    """Look at every row. Raises Doubt at the first thing that is not plain."""
    allowed = [_referred(plan, foreign, others) for foreign in plan.foreign]
    seen: list[set[Any]] = [set() for _column in plan.unique]
    keys: set[Any] = set()
    whole = _picked(plan.key)
    parts = [_picked(foreign.columns) for foreign in plan.foreign]
    width = len(plan.fields)
    for found in values(plan):
        if found[0] is None and found.count(None) == width:
            raise Doubt
        for column, before in zip(plan.unique, seen, strict=True):
            if found[column] is not None:
                _once(found[column], before)
        if plan.key:
            key = whole(found)
            # A key of which something is missing is Frictionless's to judge.
            if None in key:
                raise Doubt
            _once(key, keys)
        for part, known in zip(parts, allowed, strict=True):
            if not _is_among(part(found), known):
                raise Doubt


def _referred(plan: Plan, foreign: Foreign, others: Mapping[str, Plan]) -> set[tuple[Any, ...]]:
    """What a foreign key may be: what is referred to, and nothing at all."""
    other = plan if foreign.resource in ("", plan.name) else others.get(foreign.resource)
    if other is None or not set(foreign.fields) <= set(other.names):
        raise Doubt
    columns = [other.names.index(name) for name in foreign.fields]
    found: set[tuple[Any, ...]] = {tuple(None for _name in columns)}
    try:
        found.update(map(_picked(columns), values(other)))
    except TypeError:
        raise Doubt from None
    return found


def _picked(columns: Sequence[int]) -> Callable[[list[Any]], tuple[Any, ...]]:
    """What takes some of a row's values."""
    if len(columns) == 1:
        [column] = columns
        return lambda found: (found[column],)
    return itemgetter(*columns) if columns else lambda _found: ()


def _is_among(key: tuple[Any, ...], known: set[tuple[Any, ...]]) -> bool:
    try:
        return key in known
    except TypeError:
        raise Doubt from None


def _once(value: Any, before: set[Any]) -> None:
    """Note a value that may occur once."""
    try:
        if value in before:
            raise Doubt
        before.add(value)
    except TypeError:
        raise Doubt from None


class _Cells:
    """Reads the cells of a table's columns: plain ones here, all others by Frictionless."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._required = [plan.is_required(column) for column in range(len(plan.fields))]
        self._theirs: list[CellReader] | None = None

    def read(self, column: int, text: str) -> Any:
        """The value of a cell. Raises Doubt where it is not right."""
        reader = self._plan.readers[column]
        if reader is not None:
            if text in self._plan.missing:
                if self._required[column]:
                    raise Doubt
                return None
            value = reader(text)
            if value is not NotImplemented:
                return value
        if self._theirs is None:
            self._theirs = self._plan.theirs()
        if self._theirs is None:
            raise Doubt
        value, notes = self._theirs[column](text)
        if notes:
            raise Doubt
        return value
