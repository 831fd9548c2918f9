"""The record knows of each entry and file what its commits say, and nothing from a shallow clone."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.history.test_git import git
from tests.portals import write
from tests.supervision.dated import commit, portal

from kaishu.supervision.obligations import record_of

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 20)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path / "portal")


def test_entries_data_and_files_are_told_apart(root: Path) -> None:
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n")
    data = commit(root, "2026-09-01")
    write(root, "datasets/README.md", "部门的数据集")
    write(root, "governance/reports/2026.md", "报告")
    file = commit(root, "2026-10-01")
    record = record_of(root, DAY)
    assert len(record.entries["mzj/parks"]) == 1
    assert record.data["mzj/parks"][0].commit == data
    assert record.files["governance/reports/2026.md"][0].commit == file
    assert record.began("mzj/parks") == record.since() == date(2026, 8, 10)
    assert record.began("mzj/none") is None


def test_an_entry_keeps_its_history_under_a_former_address(root: Path) -> None:
    git(root, "mv", "datasets/mzj/parks", "datasets/jtj/parks")
    file = "datasets/jtj/parks/datapackage.yaml"
    text = (root / file).read_text(encoding="utf-8")
    write(root, file, f"{text}  aliases: [mzj/parks]\n")
    commit(root, "2026-10-01")
    record = record_of(root, DAY)
    assert record.began("jtj/parks") == date(2026, 8, 10)
    assert "mzj/parks" not in record.entries


def test_nothing_after_the_day_is_on_record(root: Path) -> None:
    record = record_of(root, date(2026, 8, 9))
    assert (record.entries, record.data, record.since()) == ({}, {}, None)


def test_a_shallow_clone_tells_nothing(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(tmp_path / "shallow"))
    record = record_of(tmp_path / "shallow", DAY)
    assert (record.told, record.shallow, record.entries) == (False, True, {})


def test_what_is_wrong_in_a_file_of_duties_is_kept_and_left_out(root: Path) -> None:
    write(root, "governance/events/2026-09-18-law.yaml", "date: 2026-09-18\nkind: law\n")
    record = record_of(root, DAY)
    assert record.events == ()
    assert [one.code for one in record.problems] == ["missing-key"]
