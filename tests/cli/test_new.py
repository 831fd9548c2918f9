"""`kaishu new`: an empty portal, and never over somebody's files."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.servers import KAISHU, run


def test_a_new_portal_passes_the_check(tmp_path: Path) -> None:
    folder = tmp_path / "city"
    done = subprocess.run([KAISHU, "new", str(folder)], capture_output=True, text=True, check=True)
    assert "catalog.yaml" in done.stdout
    run("check", root=folder)


def test_a_folder_with_files_is_wrong_usage_and_stays_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    done = subprocess.run(
        [KAISHU, "new", str(tmp_path)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
