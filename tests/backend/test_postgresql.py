"""The same behaviour on PostgreSQL: a real server, one setting."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_worker import shared_by_several_workers
from tests.portals import small_portal
from tests.servers import REPOSITORY, free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture
def database_url() -> Iterator[str]:
    """A PostgreSQL cluster of its own on loopback, gone afterwards."""
    programs = max(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name)
    )
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    folder = Path(tempfile.mkdtemp(prefix="kaishu-postgresql-"))
    port = free_port()

    def call(program: str, *arguments: str) -> None:
        command = [*as_user, str(programs / program), "-D", str(folder / "data"), *arguments]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    if as_user:
        shutil.chown(folder, "postgres")
    call("initdb", "--auth=trust", "--username=kaishu", "--encoding=UTF8", "--locale=C.UTF-8")
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    call("pg_ctl", "-o", options, "-l", str(folder / "log"), "-w", "start")
    try:
        yield f"postgresql://kaishu@127.0.0.1:{port}/postgres"
    finally:
        call("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def test_every_test_of_cases_passes_on_postgresql(database_url: str) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/cases"]
    environment = {**os.environ, "DATABASE_URL": database_url}
    for name in [name for name in environment if name.startswith("PYTEST_")]:
        del environment[name]
    done = subprocess.run(
        command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:]
    assert " passed" in done.stdout


def test_several_workers_share_the_outbox(database_url: str, tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    settings = {"DATABASE_URL": database_url, "KAISHU_VAR": str(tmp_path / "var")}
    shared_by_several_workers(root, settings)
