"""What git tells, and what it is not believed about."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from kaishu.base.errors import HistoryError
from kaishu.history.git import History


def git(folder: Path, *arguments: str, when: str = "2026-03-02T09:00:00+08:00") -> str:
    environment = {
        **os.environ,
        "GIT_AUTHOR_DATE": when,
        "GIT_COMMITTER_DATE": when,
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    identity = ["-c", "user.name=t", "-c", "user.email=t@example.org"]
    command = ["git", *identity, "-C", str(folder), *arguments]
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True
    ).stdout.strip()


def commit(folder: Path, when: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "change", when=when)
    return git(folder, "rev-parse", "HEAD")


def owner(path: str) -> str | None:
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else None


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    root = tmp_path / "portal"
    (root / "datasets/公交").mkdir(parents=True)
    (root / "datasets/parks").mkdir()
    (root / "catalog.yaml").write_text("title: t\n")
    (root / "datasets/公交/a.csv").write_text("a\n")
    (root / "datasets/parks/b.csv").write_text("b\n")
    git(tmp_path, "init", "-q", "-b", "main", str(root))
    commit(root, "2026-01-05T23:30:00+00:00")
    (root / "datasets/parks/b.csv").write_text("b\n1\n")
    commit(root, "2026-03-02T09:00:00+08:00")
    return root


def test_each_thing_has_the_newest_change_that_touched_it(portal: Path) -> None:
    every = History.open(portal).all_changes("datasets", owner=owner)
    changes = {name: found[0] for name, found in every.items()}
    assert changes["公交"].time.isoformat() == "2026-01-06T07:30:00+08:00"
    assert changes["parks"].time.isoformat() == "2026-03-02T09:00:00+08:00"
    assert changes["parks"].commit == git(portal, "rev-parse", "HEAD")


def test_each_thing_has_all_its_changes_the_newest_first(portal: Path) -> None:
    changes = History.open(portal).all_changes("datasets", owner=owner)
    assert [change.time.date().isoformat() for change in changes["parks"]] == [
        "2026-03-02",
        "2026-01-06",
    ]
    assert len(changes["公交"]) == 1


def test_the_commit_and_its_time_are_those_of_the_head(portal: Path) -> None:
    history = History.open(portal)
    assert history.commit == git(portal, "rev-parse", "HEAD")
    assert history.committed is not None
    assert history.committed.isoformat() == "2026-03-02T09:00:00+08:00"


def test_a_shallow_clone_is_detected_and_not_believed(portal: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", portal.as_uri(), str(tmp_path / "shallow"))
    history = History.open(tmp_path / "shallow")
    assert history.shallow
    assert history.all_changes("datasets", owner=owner) == {}
    assert not History.open(portal).shallow


def test_uncommitted_changes_are_seen(portal: Path) -> None:
    assert not History.open(portal).has_uncommitted_changes
    (portal / "datasets/parks/new.csv").write_text("n\n")
    assert History.open(portal).has_uncommitted_changes


def test_a_folder_outside_git_has_no_history(tmp_path: Path) -> None:
    history = History.open(tmp_path)
    assert (history.commit, history.committed, history.shallow) == (None, None, False)
    assert history.all_changes("datasets", owner=owner) == {}


def test_a_folder_that_a_repository_around_it_does_not_track_has_no_history(portal: Path) -> None:
    scratch = portal / "scratch"
    scratch.mkdir()
    (scratch / "catalog.yaml").write_text("title: other\n")
    assert History.open(scratch).commit is None


def test_a_portal_in_a_subfolder_of_its_repository_sees_its_own_paths(tmp_path: Path) -> None:
    root = tmp_path / "repository/portal"
    (root / "datasets/parks").mkdir(parents=True)
    (root / "catalog.yaml").write_text("title: t\n")
    (root / "datasets/parks/b.csv").write_text("b\n")
    git(tmp_path, "init", "-q", "-b", "main", str(tmp_path / "repository"))
    commit(tmp_path / "repository", "2026-02-02T09:00:00+08:00")
    assert set(History.open(root).all_changes("datasets", owner=owner)) == {"parks"}


def test_before_a_first_commit_there_is_no_history(tmp_path: Path) -> None:
    (tmp_path / "catalog.yaml").write_text("title: t\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", "catalog.yaml")
    assert History.open(tmp_path).commit is None


def test_without_git_the_reason_is_said(portal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(HistoryError, match="git"):
        History.open(portal)
