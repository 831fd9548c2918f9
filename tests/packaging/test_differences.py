"""Two versions of a dataset, side by side: rows by key, columns, keys, and the entry's words."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.portals import OPEN, small_portal, write

from kaishu.base.i18n import use
from kaishu.catalog.dataset import Dataset
from kaishu.catalog.load import load
from kaishu.packaging.differences import Differences, compare

ENTRY, DATA = "datasets/mzj/parks/datapackage.yaml", "datasets/mzj/parks/data/parks.csv"
ROWS = "code,name\n1,中心公园\n2,东公园\n"


@pytest.fixture
def portal(tmp_path: Path):
    def make(name: str, entry: str = OPEN, data: str | bytes = ROWS) -> Dataset:
        root = small_portal(tmp_path / name)
        write(root, ENTRY, entry)
        content = data.encode() if isinstance(data, str) else data
        (root / DATA).write_bytes(content)
        return load(root).by_key["mzj/parks"]

    return make


def changed(found: Differences) -> list[tuple[str, str]]:
    return [(one.change.value, one.name) for one in found.columns]


def test_a_version_does_not_differ_from_itself(portal) -> None:
    found = compare(portal("one"), portal("two"))
    assert not found.any
    assert found.sentences() == []


def test_rows_are_told_apart_by_their_key_wherever_they_stand(portal) -> None:
    found = compare(portal("one"), portal("two", data="code,name\n3,西公园\n2,南公园\n"))
    ((name, rows),) = found.rows
    assert (name, rows.added, rows.removed, rows.changed, rows.keyed) == ("parks", 1, 1, 1, True)
    assert found.sentences() == ["新增 1 行，删除 1 行，修改 1 行"]
    with use("en"):
        assert found.sentences() == ["1 row added, 1 row removed, 1 row changed"]
    assert not found.breaking


def test_without_a_key_rows_come_and_go(portal) -> None:
    entry = OPEN.replace("      primaryKey: code\n", "")
    data = "code,name\n1,中心公园\n1,中心公园\n2,东公园\n"
    found = compare(portal("one", entry, data), portal("two", entry))
    ((_name, rows),) = found.rows
    assert (rows.added, rows.removed, rows.changed, rows.keyed) == (0, 1, 0, False)


def test_cells_that_run_together_are_still_told_apart(portal) -> None:
    entry = OPEN.replace("primaryKey: code", "primaryKey: [code, name]")
    one, two = "code,name\n1,12\n", "code,name\n11,2\n"
    ((_name, rows),) = compare(portal("one", entry, one), portal("two", entry, two)).rows
    assert (rows.added, rows.removed, rows.changed) == (1, 1, 0)
    quoted = 'code,name\n1,"a ""b"", c\nd"\n'
    assert not compare(portal("three", entry, quoted), portal("four", entry, quoted)).rows


def test_the_same_cells_in_another_encoding_are_the_same(portal) -> None:
    entry = OPEN.replace("path: data/parks.csv", "path: data/parks.csv\n    encoding: gb18030")
    found = compare(portal("one"), portal("two", entry, ROWS.encode("gb18030")))
    assert not found.rows
    assert [one.path for one in found.metadata] == ["resources.parks.encoding"]


def test_columns_that_come_go_and_change_their_type(portal) -> None:
    entry = OPEN.replace(
        "{name: name, type: string, title: 名称}",
        "{name: area, type: number, title: 面积}",
    ).replace("name: code, type: integer", "name: code, type: string")
    found = compare(portal("one"), portal("two", entry, "code,area\n1,2.5\n2,3\n"))
    assert changed(found) == [("removed", "name"), ("added", "area"), ("retyped", "code")]
    assert not found.rows
    assert len(found.breaking) == 2


def test_a_column_with_the_same_title_is_renamed(portal) -> None:
    entry = OPEN.replace("name: name, type: string", "name: park_name, type: string")
    data = ROWS.replace("code,name", "code,park_name").replace("东公园", "南公园")
    found = compare(portal("one"), portal("two", entry, data))
    assert changed(found) == [("renamed", "name")]
    assert [rows.changed for _name, rows in found.rows] == [1]
    assert found.sentences() == ["修改 1 行", "数据列更名：name，现为 park_name"]
    assert found.breaking


def test_another_key_breaks_and_so_does_a_table_that_goes(portal) -> None:
    entry = OPEN.replace("primaryKey: code", "primaryKey: name")
    found = compare(portal("one"), portal("two", entry))
    assert found.keys == ("parks",)
    assert found.breaking == ("主键有变动：parks",)
    found = compare(
        portal("one"), portal("two", OPEN.replace("name: parks\n    path", "name: list\n    path"))
    )
    assert found.tables == (("list", True), ("parks", False))
    assert found.breaking == ("数据文件已移除：parks",)


def test_a_table_that_comes_is_told_once(portal) -> None:
    more = "  - {name: owners, path: data/parks.csv, title: 管理单位}\ncatalogue:"
    found = compare(portal("one"), portal("two", OPEN.replace("catalogue:", more, 1)))
    assert found.sentences() == ["新增数据文件：owners"]


def test_what_the_entry_says_is_told_with_its_place(portal) -> None:
    entry = OPEN.replace("title: 城市公园名单", "title: 公园名单").replace("yearly", "monthly")
    found = compare(portal("one"), portal("two", entry))
    assert [(one.path, one.was, one.now) for one in found.metadata] == [
        ("title", "城市公园名单", "公园名单"),
        ("catalogue.update_cycle", "yearly", "monthly"),
    ]
    assert found.sentences() == [
        "名称：原为“城市公园名单”，现为“公园名单”",
        "更新周期：原为“yearly”，现为“monthly”",
    ]
    assert not found.breaking


def test_rows_of_data_that_are_not_open_are_never_compared(portal) -> None:
    entry = OPEN.replace("  update_cycle", "  publish_on: 2999-01-01\n  update_cycle")
    assert not compare(portal("one", entry), portal("two", OPEN, ROWS + "3,西公园\n")).rows


def test_differences_can_be_kept_and_read_again(portal) -> None:
    entry = OPEN.replace("name: name, type: string", "name: name, type: any")
    found = compare(portal("one"), portal("two", entry, ROWS + "3,西公园\n"))
    assert Differences.from_dict(found.as_dict()) == found


def test_many_rows_are_counted_as_by_hand(portal) -> None:
    draw = random.Random(7)
    old = {n: draw.choice("甲乙丙") for n in range(20_000)}
    new = {n: draw.choice("甲乙丙") for n in range(5_000, 26_000)}
    table = ["code,name\n" + "".join(f"{k},{v}\n" for k, v in one.items()) for one in (old, new)]
    ((_name, rows),) = compare(portal("one", data=table[0]), portal("two", data=table[1])).rows
    both = old.keys() & new.keys()
    assert (rows.added, rows.removed) == (6_000, 5_000)
    assert rows.changed == sum(old[n] != new[n] for n in both)
