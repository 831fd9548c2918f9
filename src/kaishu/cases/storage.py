"""Writing to the database: short, whole, and one writer after the other where there is one file."""

from __future__ import annotations

import contextlib
import fcntl
import threading
from concurrent.futures import Future
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from django.conf import settings
from django.db import DatabaseError, connection, models, transaction

from kaishu.base.errors import KaishuError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """A transaction. Whoever writes computes everything before, and only writes inside.

    SQLite has one writer at a time and lets the others try again and again; a lock on a file
    makes them queue instead, threads and processes alike. PostgreSQL needs none.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    path = Path(settings.KAISHU_VAR) / "write.lock"
    # Opened anew each time: a lock belongs to an opening, and a child process must have its own.
    with path.open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with transaction.atomic():
            yield


def together(work: Callable[[], T]) -> T:
    """`work`, which only writes, in a transaction that threads waiting for the file share.

    A durable commit costs SQLite the same for one as for many: the thread that gets the lock does
    the work of all that wait, each in a savepoint of its own, and commits once. What one of them
    raises (DatabaseError, KaishuError) is its own; nobody goes on before the commit is durable.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            return work()
    mine = _Work(work)
    with _guard:
        _waiting.append(mine)
    with _leading:
        if not mine.done.done():
            _do_waiting()
    found: T = mine.done.result()
    return found


class Insert:
    """A plain insert of a new row, made ready before the transaction: no signals, no more looks.

    The row may refer to one that is inserted before it and has no key yet.
    """

    def __init__(self, row: models.Model) -> None:
        self.row = row
        self.statement, fields = _statement(type(row))
        self.values: list[Any] = []
        self.awaited: list[tuple[int, models.Model]] = []
        for place, field in enumerate(fields):
            value = getattr(row, field.attname)
            if field.is_relation and value is None:
                related = field.get_cached_value(row, default=None)  # type: ignore[attr-defined]
                if related is not None:
                    self.awaited.append((place, related))
            self.values.append(field.get_db_prep_save(value, connection))

    def execute(self, cursor: Any) -> None:
        """Insert the row; afterwards it has its key. Raises IntegrityError."""
        for place, related in self.awaited:
            self.values[place] = related.pk
        cursor.execute(self.statement, self.values)
        self.row.pk = cursor.fetchone()[0]
        self.row._state.adding, self.row._state.db = False, connection.alias


def insert(rows: Iterable[Insert]) -> None:
    """Insert rows, in order, in the transaction at hand."""
    with connection.cursor() as cursor:
        for one in rows:
            one.execute(cursor)


class _Work:
    """What is to be written, and what becomes of it."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.done: Future[Any] = Future()


_guard, _leading = threading.Lock(), threading.Lock()
_waiting: list[_Work] = []


def _do_waiting() -> None:
    """Do and commit all that wait, once the file is this process's."""
    batch: list[_Work] = []
    tried: list[tuple[Any, Exception | None]] = []
    fault: Exception = RuntimeError("the transaction broke off")
    try:
        with writing():
            with _guard:
                batch = list(_waiting)
                _waiting.clear()
            tried = [_tried(one) for one in batch]
    except DatabaseError as error:
        # It could not begin, or not be committed: nothing stands.
        fault, tried = error, []
    finally:
        if not batch:
            with _guard:
                batch = list(_waiting)
                _waiting.clear()
        for one, (value, wrong) in zip(batch, tried or [(None, fault)] * len(batch), strict=True):
            if wrong is None:
                one.done.set_result(value)
            else:
                one.done.set_exception(wrong)


def _tried(one: _Work) -> tuple[Any, Exception | None]:
    try:
        with transaction.atomic():
            return one.work(), None
    except (DatabaseError, KaishuError) as error:
        return None, error


@lru_cache
def _statement(model: type[models.Model]) -> tuple[str, tuple[models.Field[Any, Any], ...]]:
    """The insert of a model's rows, and the fields whose values it takes."""
    fields = tuple(
        field
        for field in model._meta.local_concrete_fields
        if not isinstance(field, models.AutoField | models.BigAutoField)
    )
    quote = connection.ops.quote_name
    columns = ", ".join(quote(str(field.column)) for field in fields)
    places = ", ".join(["%s"] * len(fields))
    key = quote(str(model._meta.pk.column))
    table = quote(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({places}) RETURNING {key}", fields  # noqa: S608
