"""Set-up finds a Python that can do the work, or says that there is none."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def found(folder: Path, **answers: str) -> subprocess.CompletedProcess[str]:
    """What `find_python` says where these are the Pythons there are: name and what it is a shell of."""
    names = []
    for name, script in answers.items():
        path = folder / name
        path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        path.chmod(0o755)
        names.append(str(path))
    return subprocess.run(
        ["bash", "-c", ". scripts/lib/setup.sh; find_python"],
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "PYTHON": " ".join(names)},
        capture_output=True,
        text=True,
        check=False,
    )


GOOD = f'exec {sys.executable} "$@"'
OLD = "exit 1"
# As on a Debian without python3-venv.
NO_VENV = f'case $2 in *ensurepip*) exit 1 ;; *) exec {sys.executable} "$@" ;; esac'


def test_the_first_that_can_make_an_environment_is_taken(tmp_path: Path) -> None:
    done = found(tmp_path, old=OLD, bare=NO_VENV, good=GOOD, other=GOOD)
    assert done.stdout == f"{tmp_path}/good\n"


def test_one_that_still_lacks_a_package_is_better_than_none(tmp_path: Path) -> None:
    assert found(tmp_path, old=OLD, bare=NO_VENV).stdout == f"{tmp_path}/bare\n"


def test_where_all_are_too_old_it_is_said(tmp_path: Path) -> None:
    done = found(tmp_path, old=OLD)
    assert done.returncode == 1
    assert "3.11" in done.stderr
