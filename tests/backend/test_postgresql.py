"""The same behaviour on PostgreSQL: a real server, one setting."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cases.test_storage import (
    FILED,
    OLD,
    SEALED,
    SPENT,
    UPGRADE,
    UPGRADE_PROOFS,
    upgraded,
)
from tests.cli.test_worker import shared_by_several_workers
from tests.portals import small_portal
from tests.postgres import cluster
from tests.servers import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture
def database_url() -> Iterator[str]:
    """A PostgreSQL cluster of its own on loopback, gone afterwards."""
    with cluster(durable=False) as url:
        yield url


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


@pytest.mark.parametrize(
    ("script", "rows", "found"), [(UPGRADE, OLD, SEALED), (UPGRADE_PROOFS, FILED, SPENT)]
)
def test_an_earlier_edition_is_brought_up_to_date(
    database_url: str, tmp_path: Path, script: str, rows: dict[str, str], found: dict[str, object]
) -> None:
    assert upgraded(tmp_path, script, json.dumps(rows), database_url=database_url) == found
