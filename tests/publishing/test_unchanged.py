"""What did not change is not made again, and what changed never passes for what did not."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.portals import git_commit, small_portal, write

from kaishu.base.problems import Problem
from kaishu.catalog.dataset import Dataset
from kaishu.packaging import check
from kaishu.publishing import unchanged
from kaishu.publishing.build import build

PARKS, VISITS = "datasets/mzj/parks", "datasets/mzj/visits"

pytestmark = pytest.mark.slow


@pytest.fixture
def portal(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    git_commit(root, "2026-03-02T09:00:00+08:00")
    return root


def page(output: Path, folder: str) -> tuple[int, str]:
    path = output / "site" / folder / "index.html"
    return path.stat().st_ino, path.read_text(encoding="utf-8")


def edit(root: Path, folder: str, old: str, new: str) -> None:
    path = root / folder / "datapackage.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_a_page_of_which_nothing_changed_is_the_same_file(portal: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    build(portal, output)
    parks, visits = page(output, PARKS), page(output, VISITS)
    edit(portal, PARKS, "城市公园名单", "新的名称")
    build(portal, output)
    assert page(output, VISITS) == visits
    assert "新的名称" in page(output, PARKS)[1] != parks[1]


def test_a_page_follows_what_it_names_of_another_dataset(portal: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    with (portal / VISITS / "datapackage.yaml").open("a", encoding="utf-8") as descriptor:
        descriptor.write("  related: [mzj/parks]\n")
    build(portal, output)
    assert "城市公园名单" in page(output, VISITS)[1]
    edit(portal, PARKS, "城市公园名单", "新的名称")
    build(portal, output)
    assert "新的名称" in page(output, VISITS)[1]


def test_a_page_follows_the_pages_that_people_write(portal: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    build(portal, output)
    write(portal, "site_src/open.md", "# 新的一页\n")
    build(portal, output)
    assert "新的一页" in page(output, PARKS)[1]


def test_findings_are_those_of_a_look_at_every_file(
    portal: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, look = list[str](), check.check_dataset

    def count(dataset: Dataset) -> list[Problem]:
        looked.append(dataset.key)
        return look(dataset)

    output, half_empty = tmp_path / "out", "datasets/mzj/half-empty"
    write(portal, f"{half_empty}/data/parks.csv", "code,name\n1,\n2,\n3,公园\n")
    text = (portal / PARKS / "datapackage.yaml").read_text(encoding="utf-8")
    write(
        portal,
        f"{half_empty}/datapackage.yaml",
        text.replace("name: parks\n", "name: half-empty\n", 1).replace("id: 6f1f", "id: 0001"),
    )
    build(portal, output)
    write(portal, f"{PARKS}/data/parks.csv", "code,name\n1,新公园\n")
    monkeypatch.setattr(unchanged, "check_dataset", count)
    found = build(portal, output).problems
    assert looked == ["mzj/parks"]
    assert found == build(portal, tmp_path / "clean").problems
    assert any(one.dataset == "mzj/half-empty" for one in found)


def test_a_release_that_is_gone_is_not_counted_on(portal: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    first = build(portal, output).release
    (first.folder / "manifest.json").unlink()
    (output / "site").unlink()
    edit(portal, PARKS, "城市公园名单", "新的名称")
    build(portal, output)
    assert "新的名称" in page(output, PARKS)[1]
    assert (output / "site" / VISITS / "index.html").is_file()
