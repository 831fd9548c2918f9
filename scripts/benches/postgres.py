"""A PostgreSQL cluster of its own on loopback, durable as by default, and raw commits into it."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Its address, until the block ends."""
    programs = max(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="kaishu-postgresql-"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def call(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    if as_user:
        shutil.chown(folder, "postgres")
    call("initdb", "--auth=trust", "--username=kaishu", "--encoding=UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    call("pg_ctl", "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://kaishu@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def raw_commits(url: str, count: int, row: str) -> float:
    """Three-row commits a second by one connection of psycopg."""
    with psycopg.connect(url, autocommit=True) as link:
        for table in "abc":
            link.execute(
                f"CREATE TABLE IF NOT EXISTS bench_{table} (id bigserial PRIMARY KEY, row text)"
            )
        begun = time.perf_counter()
        for _commit in range(count):
            with link.transaction():
                for table in "abc":
                    link.execute(f"INSERT INTO bench_{table} (row) VALUES (%s)", (row,))
        return count / (time.perf_counter() - begun)
