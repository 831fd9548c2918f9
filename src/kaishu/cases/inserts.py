"""Plain inserts: rows made ready before the transaction, and stored in it by as little as it takes.

No signals, no second look at a value. PostgreSQL takes all rows of one work in a single statement,
which is a transaction of its own; SQLite takes them one by one, without a way to the server.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import connections, models
from django.db.models.base import ModelState

from kaishu.base.compact import packed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime, tzinfo

    from django.db.backends.base.base import BaseDatabaseWrapper

_AS_IT_IS = (models.CharField, models.TextField, models.IntegerField, models.BooleanField)


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: the attribute that holds its value, and what makes it the database's."""

    field: models.Field[Any, Any]
    attribute: str
    prepare: Callable[[BaseDatabaseWrapper, Any], Any] | None


@dataclass(frozen=True, slots=True, eq=False)
class _Table:
    """Where a model's rows go: its columns in order, without a key that the database makes.

    `key_attribute` is what holds such a key; empty where there is none. There is one of each
    model, so that none need be compared by what it holds.
    """

    name: str
    key: str
    key_attribute: str
    columns: tuple[_Column, ...]
    listed: str
    insert: str


class Insert:
    """A new row, with its values as the database takes them.

    The row may refer to one that is inserted before it and has no key yet.
    """

    __slots__ = ("awaited", "row", "table", "values")

    def __init__(self, row: models.Model, database: BaseDatabaseWrapper) -> None:
        self.row, self.table = row, _table(type(row), database.vendor)
        self.values: list[Any] = []
        self.awaited: list[tuple[int, models.Model]] = []
        held = row.__dict__
        for place, column in enumerate(self.table.columns):
            value = held[column.attribute]
            if value is None:
                if column.field.is_relation:
                    related = column.field.get_cached_value(row, default=None)  # type: ignore[attr-defined]
                    if related is not None:
                        self.awaited.append((place, related))
            elif column.prepare is not None:
                value = column.prepare(database, value)
            self.values.append(value)

    def is_stored(self, key: int | None, alias: str) -> None:
        """The row is in the database, under this key where the database has made it."""
        if self.table.key_attribute:
            self.row.__dict__[self.table.key_attribute] = key
        self.row._state.adding, self.row._state.db = False, alias


_Row = TypeVar("_Row", bound=models.Model)


def new(model: type[_Row], **values: Any) -> _Row:
    """What `model(**values)` makes of fields by name, at a fifth of its cost: without signals."""
    made = _blank(model)
    row = model.__new__(model)
    row._state = ModelState()
    held = row.__dict__
    held.update(made.defaults)
    for name, default in made.called:
        if name not in values:
            held[name] = default()
    for name, attribute in made.related:
        if name in values:
            related = row._state.fields_cache[name] = values.pop(name)
            held[attribute] = None if related is None else related.pk
    held.update(values)
    return row


def ready(rows: Iterable[models.Model]) -> list[Insert]:
    """Rows made ready for the database at hand, in the order in which they refer to each other."""
    database = connections["default"]
    return [Insert(row, database) for row in rows]


def one_by_one(inserts: Sequence[Insert], cursor: Any, alias: str) -> None:
    """Insert rows in order on a cursor of SQLite's own. Raises sqlite3.DatabaseError."""
    for one in inserts:
        for place, related in one.awaited:
            one.values[place] = related.pk
        cursor.execute(one.table.insert, one.values)
        one.is_stored(cursor.lastrowid, alias)


def in_one(inserts: Sequence[Insert], cursor: Any, alias: str) -> Callable[[], None]:
    """Insert rows by one statement of PostgreSQL. Raises psycopg.DatabaseError.

    Its constraints between tables are looked at when all rows are there. What is given back puts
    down the keys that the server made; in a pipeline they are there at its end.
    """
    made: dict[int, int] = {}
    shape, values = [], []
    for number, one in enumerate(inserts):
        places = {place: made[id(related)] for place, related in one.awaited if related.pk is None}
        for place, related in one.awaited:
            one.values[place] = related.pk
        shape.append((one.table, tuple(sorted(places.items()))))
        values += [value for place, value in enumerate(one.values) if place not in places]
        made[id(one.row)] = number
    cursor.execute(_together(tuple(shape)), values)

    def put_down() -> None:
        for one, key in zip(inserts, cursor.fetchone(), strict=True):
            one.is_stored(key, alias)

    return put_down


@lru_cache(maxsize=64)
def _together(shape: tuple[tuple[_Table, tuple[tuple[int, int], ...]], ...]) -> str:
    """One statement for rows of these tables, where some columns take the key of an earlier row.

    Its parameters are numbered as PostgreSQL's own, so that psycopg need not look for them: what
    it finds in a statement of more than fifty it does not keep.
    """
    parts: list[str] = []
    keys: list[str] = []
    parameters = itertools.count(1)
    for number, (table, earlier) in enumerate(shape):
        taken = dict(earlier)
        values = [
            f"({keys[taken[place]]})" if place in taken else f"${next(parameters)}"
            for place in range(len(table.columns))
        ]
        parts.append(
            f"row{number} AS (INSERT INTO {table.name} ({table.listed})"  # noqa: S608 - our own names
            f" VALUES ({', '.join(values)}) RETURNING {table.key})"
        )
        keys.append(f"SELECT {table.key} FROM row{number}")  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT {', '.join(f'({key})' for key in keys)}"


@dataclass(frozen=True, slots=True)
class _Blank:
    """A row of a model before anything is said of it: values, what makes values, other rows.

    Of a column that refers to another row the name of the row and of its key.
    """

    defaults: dict[str, Any]
    called: tuple[tuple[str, Callable[[], Any]], ...]
    related: tuple[tuple[str, str], ...]


@lru_cache
def _blank(model: type[models.Model]) -> _Blank:
    fields = model._meta.local_concrete_fields
    called = {f.attname: f.default for f in fields if f.has_default() and callable(f.default)}
    return _Blank(
        {one.attname: one.get_default() for one in fields if one.attname not in called},
        tuple(called.items()),
        tuple((one.name, one.attname) for one in fields if one.is_relation),
    )


@lru_cache
def _table(model: type[models.Model], vendor: str) -> _Table:
    quote = connections["default"].ops.quote_name
    key = model._meta.pk
    made = isinstance(key, models.AutoField)
    columns = tuple(
        _Column(field, field.attname, _preparation(field, vendor))
        for field in model._meta.local_concrete_fields
        if not (made and field is key)
    )
    name = quote(model._meta.db_table)
    listed = ", ".join(quote(str(one.field.column)) for one in columns)
    marks = ", ".join("?" * len(columns))
    insert = f"INSERT INTO {name} ({listed}) VALUES ({marks})"  # noqa: S608 - our own names
    attribute = key.attname if made else ""
    return _Table(name, quote(str(key.column)), attribute, columns, listed, insert)


def _preparation(
    field: models.Field[Any, Any], vendor: str
) -> Callable[[BaseDatabaseWrapper, Any], Any] | None:
    """What makes a value of a field the database's; None where it is taken as it is."""
    if isinstance(field, models.DateField) and vendor == "sqlite":
        if isinstance(field, models.DateTimeField):
            return _sqlite_moment
        return lambda database, value: database.ops.adapt_datefield_value(value)
    if isinstance(field, models.JSONField) and vendor == "sqlite":
        return lambda _database, value: packed(value).decode()
    if isinstance(field, (*_AS_IT_IS, models.DateField, models.ForeignKey)):
        return None
    return lambda database, value: field.get_db_prep_save(value, database)


def _sqlite_moment(database: BaseDatabaseWrapper, value: datetime) -> str:
    """What Django's `adapt_datetimefield_value` makes of an aware moment, without its questions."""
    return _moment(value, database.timezone)


@lru_cache(maxsize=256)
def _moment(value: datetime, zone: tzinfo) -> str:
    # A filing has seven moments, most of them the same.
    return str(value.astimezone(zone).replace(tzinfo=None))
