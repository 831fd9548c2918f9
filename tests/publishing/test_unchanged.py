"""What did not change is not made again, and what changed never passes for what did not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.portals import ON_REQUEST, git_commit, small_portal, write
from tests.publishing.test_build import public_bytes

from kaishu.base.problems import Problem
from kaishu.catalog.dataset import Dataset
from kaishu.packaging import check
from kaishu.publishing import unchanged
from kaishu.publishing.build import build

PARKS, VISITS, GONE = "datasets/mzj/parks", "datasets/mzj/visits", "datasets/mzj/gone"
BASIS = "{title: 《中华人民共和国数据安全法》, article: 第三十八条, level: law}"
ON_CONDITIONS = f"{{type: on-request, conditions: 说明用途。, basis: [{BASIS}]}}"
SUCCEEDED = "withdrawn: {date: 2026-02-01, reason: 已并入新的名单。, successor: mzj/parks}"

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


def replaced(folder: str, old: str, new: str) -> Callable[[Path], None]:
    return lambda root: edit(root, folder, old, new)


def written(path: str, text: str) -> Callable[[Path], None]:
    return lambda root: write(root, path, text)


def renamed_department(root: Path) -> None:
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", text.replace("name: 民政局", "name: 民政和社会事务局"))


def restricted(root: Path) -> None:
    edit(root, PARKS, "openness: {type: unconditional}", f"openness: {ON_CONDITIONS}")
    edit(root, PARKS, "path: data/parks.csv", "data: [[code, name]]")
    shutil.rmtree(root / PARKS / "data")


def opened(root: Path) -> None:
    edit(root, PARKS, f"openness: {ON_CONDITIONS}", "openness: {type: unconditional}")
    edit(root, PARKS, "data: [[code, name]]", "path: data/parks.csv")
    write(root, f"{PARKS}/data/parks.csv", "code,name\n1,公园\n")


def moved(root: Path) -> None:
    """To another department, which the former address leads to; others name the new one."""
    (root / PARKS).rename(root / "datasets/jtj/parks")
    edit(root, "datasets/jtj/parks", "catalogue:\n", "catalogue:\n  aliases: [mzj/parks]\n")
    for folder in (VISITS, GONE):
        edit(root, folder, "mzj/parks", "jtj/parks")


# Each kind of value of one dataset that any other's page could show, changed one after the other.
CHANGES: dict[str, Callable[[Path], None]] = {
    "title": replaced(PARKS, "城市公园名单", "城乡公园名录"),
    "summary": replaced(PARKS, "城市公园的编号与名称。", "另一句话。"),
    "keywords": replaced(PARKS, "keywords: [公园]", "keywords: [绿地]"),
    "licence": replaced(
        PARKS, "keywords:", "licenses: [{name: CC0-1.0, title: 放弃权利}]\nkeywords:"
    ),
    "date of its data": replaced(PARKS, "catalogue:\n", "catalogue:\n  modified: 2026-02-27\n"),
    "update cycle": replaced(PARKS, "update_cycle: yearly", "update_cycle: daily"),
    "theme": replaced(PARKS, "theme: society", "theme: transport"),
    "rows": written(f"{PARKS}/data/parks.csv", "code,name\n1,新公园\n2,东公园\n3,西公园\n"),
    "quality": written(f"{PARKS}/data/parks.csv", "code,name\n1,\n2,\n3,西公园\n"),
    "the same data as another": written(f"{PARKS}/data/parks.csv", "code,name\n8,公园\n9,公园\n"),
    "column": replaced(PARKS, "title: 名称}", "title: 公园名称}"),
    "relation": replaced(PARKS, "catalogue:\n", "catalogue:\n  related: [mzj/visits, mzj/twin]\n"),
    "department's name": renamed_department,
    "openness": restricted,
    "opened": opened,
    "address": moved,
    "withdrawal": replaced(
        "datasets/jtj/parks",
        "catalogue:\n",
        "catalogue:\n  withdrawn: {date: 2026-03-01, reason: 已有更好的。, successor: mzj/twin}\n",
    ),
    "a relation that ends": written(
        "datasets/mzj/visits/datapackage.yaml", ON_REQUEST.replace("公园客流明细", "公园客流")
    ),
}


def test_after_every_kind_of_change_each_page_is_that_of_a_build_from_nothing(
    portal: Path, tmp_path: Path
) -> None:
    """What a page shows of other datasets is in the hash by which it is taken as it is."""
    text = (portal / PARKS / "datapackage.yaml").read_text(encoding="utf-8")
    twin = text.replace("name: parks\n", "name: twin\n", 1).replace("id: 6f1f", "id: 0001")
    write(
        portal, "datasets/mzj/twin/datapackage.yaml", twin.replace("城市公园名单", "县镇公园名单")
    )
    write(portal, "datasets/mzj/twin/data/parks.csv", "code,name\n8,公园\n9,公园\n")
    gone = text.replace("name: parks\n", "name: gone\n", 1).replace("id: 6f1f", "id: 0002")
    gone = gone.replace("城市公园名单", "旧的名单")
    write(portal, f"{GONE}/datapackage.yaml", f"{gone}  {SUCCEEDED}\n")
    with (portal / VISITS / "datapackage.yaml").open("a", encoding="utf-8") as descriptor:
        descriptor.write("  related: [mzj/parks, mzj/twin]\n")
    build(portal, tmp_path / "out")
    for kind, change in CHANGES.items():
        change(portal)
        git_commit(portal, "2026-03-03T09:00:00+08:00")
        clean = tmp_path / "clean" / kind.replace(" ", "-")
        build(portal, tmp_path / "out")
        build(portal, clean)
        ours, theirs = public_bytes(tmp_path / "out"), public_bytes(clean)
        differing = {
            path for path in ours.keys() | theirs.keys() if ours.get(path) != theirs.get(path)
        }
        assert not differing, kind
