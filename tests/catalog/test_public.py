"""Under review the version approved last stays public, out of git's history; or none is."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.catalog.test_reviews import DATA, change, record
from tests.portals import git_commit, small_portal

from kaishu.catalog.load import load
from kaishu.catalog.public import public
from kaishu.history.git import History

FIRST, SECOND, THIRD = (f"2026-03-0{n}T09:00:00+08:00" for n in (2, 3, 4))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    change(root, "catalog.yaml", "mode: example", "mode: example\nreview: {policy: all}")
    git_commit(root, FIRST)
    return root


def shown(root: Path, tmp_path: Path):
    made = public(load(root), History.open(root), tmp_path / "versions")
    texts = {
        one.key: (one.folder / "data/parks.csv").read_text(encoding="utf-8")
        for one in made.catalog.datasets
        if one.has_data
    }
    return made, texts


def test_what_was_never_approved_is_absent(root: Path, tmp_path: Path) -> None:
    made, texts = shown(root, tmp_path)
    assert texts == {}
    assert {one.dataset.key for one in made.held} == {"jtj/permits", "mzj/parks", "mzj/visits"}
    assert {one.shown for one in made.held} == {None}


def test_the_last_approved_version_stays_public(root: Path, tmp_path: Path) -> None:
    record(root)
    git_commit(root, SECOND)
    change(root, DATA, "东公园", "南公园")
    git_commit(root, THIRD)
    made, texts = shown(root, tmp_path)
    assert "东公园" in texts["mzj/parks"]
    held = next(one for one in made.held if one.dataset.key == "mzj/parks")
    assert held.shown is not None
    assert held.shown.time.isoformat() == FIRST
    assert made.dates({"mzj/parks": held.shown.time.date().replace(day=4)}) == {
        "mzj/parks": held.shown.time.date()
    }
    record(root, hours=1)
    made, texts = shown(root, tmp_path)
    assert "南公园" in texts["mzj/parks"]
    assert not [one for one in made.held if one.dataset.key == "mzj/parks"]


def test_a_portal_below_the_repositorys_top_is_understood(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "city" / "portal")
    change(root, "catalog.yaml", "mode: example", "mode: example\nreview: {policy: all}")
    record(root)
    git_commit(tmp_path / "city", FIRST)
    change(root, DATA, "东公园", "南公园")
    git_commit(tmp_path / "city", SECOND)
    assert "东公园" in shown(root, tmp_path)[1]["mzj/parks"]


def test_outside_git_what_is_not_approved_is_absent(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    change(root, "catalog.yaml", "mode: example", "mode: example\nreview: {policy: all}")
    record(root)
    assert "东公园" in shown(root, tmp_path)[1]["mzj/parks"]
    change(root, DATA, "东公园", "南公园")
    assert shown(root, tmp_path)[1] == {}


def test_a_returned_content_tells_its_reason(root: Path, tmp_path: Path) -> None:
    record(root, "returned")
    made, _texts = shown(root, tmp_path)
    held = next(one for one in made.held if one.dataset.key == "mzj/parks")
    assert held.returned == "缺少更新说明"
