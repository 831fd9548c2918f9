"""The versions that the public could take, out of real commits, and what each changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.catalog.test_reviews import DATA, PARKS, change, record
from tests.portals import git_commit, small_portal

from kaishu.catalog.load import load
from kaishu.catalog.public import public
from kaishu.history.git import History
from kaishu.packaging import versions
from kaishu.packaging.package import package
from kaishu.packaging.versions import Past, pasts

DAYS = [f"2026-03-0{n}T09:00:00+08:00" for n in range(1, 10)]
TODAY = date(2026, 4, 1)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    git_commit(root, DAYS[0])
    return root


def past(root: Path, tmp_path: Path) -> Past:
    catalog, history = load(root, TODAY), History.open(root)
    shown = public(catalog, history, tmp_path / "cache" / "versions", TODAY)
    earlier = {one.dataset.key: one.shown for one in shown.held if one.shown}
    return pasts(shown.catalog, history, tmp_path / "cache", TODAY, earlier)["mzj/parks"]


def said(found: Past) -> list[tuple[int, list[str]]]:
    return [
        (one.date.day, one.differences.sentences() if one.differences else [])
        for one in found.versions
    ]


def test_each_version_tells_what_it_changed(root: Path, tmp_path: Path) -> None:
    assert said(past(root, tmp_path)) == [(1, [])]
    change(root, DATA, "东公园", "南公园")
    git_commit(root, DAYS[1])
    change(root, PARKS, "title: 城市公园名单", "title: 公园名单")
    git_commit(root, DAYS[2])
    expected = [(3, ["名称：原为“城市公园名单”，现为“公园名单”"]), (2, ["修改 1 行"]), (1, [])]
    assert said(past(root, tmp_path)) == expected


def test_commits_that_change_nothing_that_is_published_are_no_versions(
    root: Path, tmp_path: Path
) -> None:
    (root / "datasets/mzj/parks/NOTES.md").write_text("说明\n", encoding="utf-8")
    git_commit(root, DAYS[1])
    (root / PARKS).write_text("# 注释\n" + (root / PARKS).read_text(encoding="utf-8"))
    git_commit(root, DAYS[2])
    assert said(past(root, tmp_path)) == [(1, [])]


def test_a_commit_that_was_not_right_is_passed_over(root: Path, tmp_path: Path) -> None:
    good = (root / DATA).read_bytes()
    (root / DATA).write_bytes(b"code,name\n\xff\xfe,x\n")
    git_commit(root, DAYS[1])
    (root / DATA).write_bytes(good + "3,西公园\n".encode())
    git_commit(root, DAYS[2])
    assert said(past(root, tmp_path)) == [(3, ["新增 1 行"]), (1, [])]


def test_what_was_compared_is_not_compared_again(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(root, DATA, "东公园", "南公园")
    git_commit(root, DAYS[1])
    before = past(root, tmp_path)

    def never(*_arguments: object) -> None:
        raise AssertionError("compared again")

    monkeypatch.setattr(versions, "compare", never)
    monkeypatch.setattr(versions, "check_dataset", never)
    assert past(root, tmp_path) == before


def test_under_review_only_approved_versions_are_known(root: Path, tmp_path: Path) -> None:
    change(root, "catalog.yaml", "mode: example", "mode: example\nreview: {policy: all}")
    record(root)
    git_commit(root, DAYS[1])
    change(root, PARKS, "title: 城市公园名单", "title: 不应公开的名称")
    git_commit(root, DAYS[2])
    change(root, PARKS, "title: 不应公开的名称", "title: 公园名单")
    record(root, hours=1)
    git_commit(root, DAYS[3])
    change(root, PARKS, "title: 公园名单", "title: 尚未审核的名称")
    git_commit(root, DAYS[4])
    assert said(past(root, tmp_path)) == [
        (4, ["名称：原为“城市公园名单”，现为“公园名单”"]),
        (1, []),
    ]


def test_a_withdrawn_dataset_keeps_the_checksums_of_its_last_files(
    root: Path, tmp_path: Path
) -> None:
    dataset = load(root).by_key["mzj/parks"]
    made = package(dataset, tmp_path / "made", portal=load(root).portal, updated=date(2026, 3, 1))
    (root / DATA).unlink()
    change(
        root, PARKS, "  update_cycle", "  withdrawn: {date: 2026-03-02, reason: 停}\n  update_cycle"
    )
    change(root, PARKS, "path: data/parks.csv", "data: [[code, name]]")
    git_commit(root, DAYS[1])
    sums = dict(past(root, tmp_path).checksums)
    assert sums["data/parks.csv"] == next(
        one.sha256 for one in made.files if one.path == "data/parks.csv"
    )


def test_outside_git_nothing_is_known(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    assert pasts(load(root), History.open(root), tmp_path / "cache", TODAY, {}) == {}


def moved(root: Path, day: str, data: str = "") -> None:
    """The department is merged into another (机构改革), and its datasets with it."""
    (root / "datasets/mzj/parks").rename(root / "datasets/jtj/parks")
    change(root, "datasets/jtj/parks/datapackage.yaml", "  theme: society",
           "  theme: society\n  aliases: [mzj/parks]")  # fmt: skip
    if data:
        change(root, "datasets/jtj/parks/data/parks.csv", "南公园", data)
    git_commit(root, day)


def test_versions_go_on_where_a_dataset_has_moved(root: Path, tmp_path: Path) -> None:
    change(root, DATA, "东公园", "南公园")
    git_commit(root, DAYS[1])
    moved(root, DAYS[2])
    change(root, "datasets/jtj/parks/data/parks.csv", "南公园", "北公园")
    git_commit(root, DAYS[3])
    catalog, history = load(root, TODAY), History.open(root)
    found = pasts(catalog, history, tmp_path / "cache", TODAY, {})["jtj/parks"]
    assert [day for day, _words in said(found)] == [4, 3, 2, 1]
    assert said(found)[0] == (4, ["修改 1 行"])
    assert said(found)[2] == (2, ["修改 1 行"])
    assert "mzj/parks" in said(found)[1][1][0]
