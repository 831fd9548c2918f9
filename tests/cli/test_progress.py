"""Bars on a terminal; not a byte where there is none."""

from __future__ import annotations

import os
import pty
import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.portals import many, small_portal
from tests.servers import KAISHU

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    many(root, 5)
    return root


def on_a_terminal(*command: str) -> str:
    """What a command writes to standard error where that is a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100"}
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    ) as started:
        os.close(theirs)
        written = b""
        while True:
            try:
                block = os.read(ours, 65536)
            except OSError:  # how Linux says that the other end is closed
                break
            if not block:
                break
            written += block
        os.close(ours)
    assert started.returncode in (0, 1)
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written.decode())


def test_a_terminal_shows_what_is_done_and_what_is_left(portal: Path) -> None:
    shown = on_a_terminal(KAISHU, "check", "--root", str(portal))
    assert "正在检查" in shown
    assert re.search(r"\b\d/8\b", shown)


@pytest.mark.parametrize("forced", [False, True])
def test_nothing_is_written_where_there_is_no_terminal(portal: Path, forced: bool) -> None:
    environment = {**os.environ, **({"FORCE_COLOR": "1"} if forced else {})}
    done = subprocess.run(
        [KAISHU, "check", "--root", str(portal)], capture_output=True, check=False, env=environment
    )
    assert done.stderr == b""


@pytest.mark.slow
def test_a_build_shows_its_phases_and_counts(portal: Path, tmp_path: Path) -> None:
    command = (KAISHU, "build", "--root", str(portal), "--output", str(tmp_path / "out"))
    shown = on_a_terminal(*command, "--jobs", "1")
    assert "正在打包" in shown
    assert re.search(r"\b\d/8\b", shown)
    again = subprocess.run([*command, "--clean"], capture_output=True, check=True)
    assert again.stderr == b""
