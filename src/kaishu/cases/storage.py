"""Writing to the database: short, whole, and one writer after the other where there is one file."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.db import DataError, Error, IntegrityError, connections, transaction

from kaishu.cases import inserts

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterator, Sequence

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

    Within `holding` they are kept back, and whoever holds them has them stored.
    """
    connection = connections["default"]
    connection.ensure_connection()
    if connection.in_atomic_block:
        with transaction.atomic(), connection.wrap_database_errors:
            _insert(rows, connection)()
    elif _thread.held is not None:
        _thread.held += rows
    else:
        _commit([rows], connection)


@contextlib.contextmanager
def holding() -> Iterator[list[Insert]]:
    """Within, what this thread inserts is kept back: nobody may hear of it until it is stored."""
    held = _thread.held = []
    try:
        yield held
    finally:
        _thread.held = None


def store(works: Sequence[Sequence[Insert]]) -> list[bool]:
    """Insert the rows of several works by one durable commit; which works are stored, each whole.

    Only where one is at fault are they told apart, which would cost all that are not.
    """
    connection = connections["default"]
    for commit in (_commit, _commit_apart):
        try:
            connection.ensure_connection()
            return commit(works, connection)
        except (Error, OSError):
            connection.close_if_unusable_or_obsolete()
    return [False] * len(works)


class _Thread(threading.local):
    """What one thread keeps back, where it does."""

    held: list[Insert] | None = None


_thread = _Thread()


def _insert(rows: Sequence[Insert], connection: BaseDatabaseWrapper) -> Callable[[], None]:
    """Insert in the transaction at hand; what is given back puts down the keys."""
    link = connection.connection
    if connection.vendor == "sqlite":
        # A statement that fails stays in use as long as its cursor is open, and is then prepared anew
        # for every row: an error may hold the cursor for long.
        with contextlib.closing(link.cursor()) as cursor:
            inserts.one_by_one(rows, cursor, connection.alias)
        return lambda: None
    # Its values are bound by number, so that the server plans a statement once.
    cursor = import_module("psycopg").RawCursor(link)
    return inserts.in_one(rows, cursor, connection.alias)


def _commit(works: Sequence[Sequence[Insert]], connection: BaseDatabaseWrapper) -> list[bool]:
    """Insert all in one transaction. To PostgreSQL they go together, without waiting for each."""
    link = connection.connection
    with connection.wrap_database_errors:
        if connection.vendor == "sqlite":
            with _alone(), _transaction(link):
                for rows in works:
                    _insert(rows, connection)
        elif len(works) == 1:
            # A statement of PostgreSQL is a transaction of its own.
            _insert(works[0], connection)()
        else:
            with link.pipeline(), link.transaction():
                stored = [_insert(rows, connection) for rows in works]
            for put_down in stored:
                put_down()
    return [True] * len(works)


def _commit_apart(works: Sequence[Sequence[Insert]], _database: object) -> list[bool]:
    """Insert by one transaction those works whose rows the database takes; which ones they are."""
    with writing():
        return [_is_taken(rows) for rows in works]


def _is_taken(rows: Sequence[Insert]) -> bool:
    try:
        insert(rows)
    except (IntegrityError, DataError):
        return False
    return True


@contextlib.contextmanager
def _transaction(link: sqlite3.Connection) -> Iterator[None]:
    """A transaction of SQLite, without Django's questions before and after."""
    link.execute("BEGIN IMMEDIATE")
    try:
        yield
        link.execute("COMMIT")
    finally:
        if link.in_transaction:
            link.execute("ROLLBACK")


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
