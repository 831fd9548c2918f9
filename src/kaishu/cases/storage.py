"""Writing to the database: short, whole, and one writer after the other where there is one file."""

from __future__ import annotations

import contextlib
import fcntl
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterator


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
