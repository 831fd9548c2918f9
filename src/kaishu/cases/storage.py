"""Writing to the database: short, whole, and one writer after the other where there is one file."""

from __future__ import annotations

import contextlib
import fcntl
import os
import sqlite3
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from django.conf import settings
from django.db import OperationalError, connections, transaction

from kaishu.cases import inserts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from django.db.backends.base.base import BaseDatabaseWrapper

    from kaishu.cases.inserts import Insert


@contextlib.contextmanager
def writing() -> Iterator[None]:
    """A transaction. Whoever writes computes everything before, and only writes inside.

    SQLite has one writer at a time and lets the others try again and again; a lock on a file
    makes them queue instead, threads and processes alike. PostgreSQL needs none.
    """
    connection = connections["default"]
    queue = connection.vendor == "sqlite" and not connection.in_atomic_block
    with _alone() if queue else contextlib.nullcontext(), transaction.atomic():
        yield


def insert(rows: Sequence[Insert]) -> None:
    """Insert rows, in order, all or none: durable when this returns. Raises DatabaseError.

    A durable commit costs SQLite the same for one as for many: of threads that wait for the file,
    one inserts the rows of all, each work in a savepoint of its own, and commits once. What is
    wrong with one work is its own; nobody goes on before the commit.
    """
    connection = connections["default"]
    connection.ensure_connection()
    if connection.in_atomic_block:
        with transaction.atomic():
            _insert(rows, connection)
    elif connection.vendor == "sqlite":
        mine = _Work(rows)
        with _guard:
            _waiting.append(mine)
        with _leading:
            if not mine.done:
                _do_waiting(connection)
        with connection.wrap_database_errors:
            mine.tell()
    else:
        _insert(rows, connection)


def _insert(rows: Sequence[Insert], connection: BaseDatabaseWrapper) -> None:
    """Insert in the transaction at hand; where there is none, PostgreSQL makes one of it."""
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            inserts.one_by_one(rows, connection.connection.cursor(), connection.alias)
        else:
            inserts.in_one(rows, _raw_cursor(connection.connection), connection.alias)


def _raw_cursor(link: Any) -> Any:
    """A cursor whose values the server binds by number, so that it plans a statement once."""
    import psycopg

    return psycopg.RawCursor(link)


class _Work:
    """Rows to be inserted, and what becomes of them: nothing, until the commit is durable."""

    def __init__(self, rows: Sequence[Insert]) -> None:
        self.rows = rows
        self.done = False
        self.fault: Exception | None = OperationalError("the transaction broke off")

    def tell(self) -> None:
        """Return where the rows are durable. Raises what was wrong otherwise."""
        if self.fault is not None:
            raise self.fault


_guard, _leading = threading.Lock(), threading.Lock()
_waiting: list[_Work] = []


class _Lock(threading.local):
    """The file whose lock makes writers queue, open once for each thread of each process.

    A lock belongs to an opening: threads and child processes must have openings of their own.
    """

    def __init__(self) -> None:
        self._opened: tuple[int, str, BinaryIO] | None = None

    def handle(self) -> BinaryIO:
        """The file, open."""
        mine = os.getpid(), f"{settings.KAISHU_VAR}/write.lock"
        if self._opened is None or self._opened[:2] != mine:
            self._opened = (*mine, Path(mine[1]).open("ab"))  # noqa: SIM115 - it stays open
        return self._opened[2]


_lock = _Lock()


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """The database's file is this thread's: no other thread or process writes meanwhile."""
    handle = _lock.handle()
    fcntl.flock(handle, fcntl.LOCK_EX)
    try:
        yield
    finally:
        fcntl.flock(handle, fcntl.LOCK_UN)


def _do_waiting(connection: BaseDatabaseWrapper) -> None:
    """Insert and commit all that wait, once the file is this process's."""
    batch: list[_Work] = []
    try:
        with _alone():
            batch = _taken()
            faults = _commit_all(batch, connection)
        for one, fault in zip(batch, faults, strict=True):
            one.fault = fault
    except (sqlite3.Error, OSError) as error:
        # It could not begin, or not be committed: nothing stands.
        batch = batch or _taken()
        for one in batch:
            one.fault = error
    finally:
        for one in batch or _taken():
            one.done = True


def _taken() -> list[_Work]:
    with _guard:
        batch = list(_waiting)
        _waiting.clear()
    return batch


def _commit_all(
    batch: Sequence[_Work], connection: BaseDatabaseWrapper
) -> list[sqlite3.IntegrityError | None]:
    """All works of a batch in one transaction of SQLite; what was wrong with each.

    Where one is at fault each is tried by itself: savepoints would cost all that are not.
    """
    link = connection.connection
    cursor = link.cursor()
    cursor.execute("BEGIN IMMEDIATE")
    try:
        for one in batch:
            inserts.one_by_one(one.rows, cursor, connection.alias)
        cursor.execute("COMMIT")
    except sqlite3.IntegrityError as error:
        cursor.execute("ROLLBACK")
        if len(batch) == 1:
            return [error]
        return [fault for one in batch for fault in _commit_all([one], connection)]
    finally:
        if link.in_transaction:
            cursor.execute("ROLLBACK")
    return [None] * len(batch)
