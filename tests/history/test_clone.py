"""The published clone follows its repository, and takes no folder that is somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.portals import git_commit, small_portal, write

from kaishu.base.errors import HistoryError
from kaishu.history.clone import refresh
from kaishu.history.git import History

WHEN = "2026-03-02T09:00:00+08:00"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "repository")
    git_commit(root, WHEN)
    return root


def branch(repository: Path) -> str:
    head = (repository / ".git/HEAD").read_text()
    return head.strip().removeprefix("ref: refs/heads/")


def test_a_clone_is_made_beside_site_and_cases_and_follows(
    repository: Path, tmp_path: Path
) -> None:
    clone = tmp_path / "www/portal"
    write(clone, "build/reports/publication.json", "{}")
    write(clone, "var/kaishu.sqlite3", "cases")
    for n in range(2):
        write(repository, "site_src/about.md", f"# {n}\n")
        git_commit(repository, WHEN)
        write(clone, "left-behind.txt", "nobody's") if n else None
        refresh(clone, repository, branch(repository))
        assert (clone / "site_src/about.md").read_text() == f"# {n}\n"
        assert History.open(clone).commit == History.open(repository).commit
    assert not (clone / "left-behind.txt").exists()
    assert (clone / "var/kaishu.sqlite3").read_text() == "cases"
    assert (clone / "build/reports/publication.json").exists()
    assert str(repository) in (clone / ".git/config").read_text()


def test_a_folder_with_other_files_is_left_alone(repository: Path, tmp_path: Path) -> None:
    write(tmp_path, "theirs/precious.txt", "mine")
    with pytest.raises(HistoryError, match="theirs"):
        refresh(tmp_path / "theirs", repository, branch(repository))
    assert [one.name for one in (tmp_path / "theirs").iterdir()] == ["precious.txt"]
