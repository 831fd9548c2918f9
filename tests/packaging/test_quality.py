"""Poor data are named with a number; good data that only look so pass."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.portals import git_commit, small_portal, write

from kaishu.packaging.check import check_portal
from kaishu.packaging.quality import Counter

FIELDS = [{"name": "code", "title": "编号"}, {"name": "name", "title": "名称"}]


def counted(
    rows: list[list[str]], fields: list[dict[str, object]] | None = None, **resource: object
) -> list[str]:
    counter = Counter(fields or FIELDS)  # type: ignore[arg-type]
    for row in [["code", "name"], *rows]:
        counter.row(row)
    return [one.code for one in counter.problems(resource, file="t.csv")]


def good(n: int = 12) -> list[list[str]]:
    return [[str(k), f"公园{k}"] for k in range(n)]


def test_a_good_table_has_no_findings() -> None:
    assert counted(good()) == []


def test_a_short_table_is_named_unless_it_says_how_many_rows_it_has() -> None:
    assert counted(good(9)) == ["few-rows"]
    assert counted(good(9), rowCount=9) == []
    assert counted(good(12), rowCount=13) == ["row-count"]


def test_a_mostly_empty_column_is_named_unless_its_emptiness_means_something() -> None:
    rows = [[str(k), "甲" if k < 4 else ""] for k in range(12)]
    assert counted(rows) == ["mostly-empty"]
    explained: list[dict[str, object]] = [
        {"name": "code", "title": "编号"},
        {"name": "name", "title": "名称", "description": "没有名称的为空"},
    ]
    assert counted(rows, explained) == []


def test_running_text_is_named_unless_the_dictionary_says_what_it_is() -> None:
    rows = [[str(k), "这是一段很长的文字。" * 20] for k in range(12)]
    assert counted(rows) == ["prose"]
    explained: list[dict[str, object]] = [FIELDS[0], {**FIELDS[1], "description": "条文全文"}]  # type: ignore[dict-item]
    assert counted(rows, explained) == []


def test_totals_blanks_under_a_merged_cell_and_unnamed_columns_are_a_layout() -> None:
    assert counted([*good(), ["合 计", "12"]]) == ["layout-table"]
    merged = [["东区" if k % 4 == 0 else "", f"公园{k}"] for k in range(12)]
    assert "layout-table" in counted(merged)
    counter = Counter(FIELDS)
    for row in [["code", "Unnamed: 1"], *good()]:
        counter.row(row)
    assert [one.code for one in counter.problems({})] == ["layout-table"]


def test_fields_without_a_title_are_counted() -> None:
    assert counted(good(), [{"name": "code"}, {"name": "name", "title": "名称"}]) == [
        "dictionary-gaps"
    ]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path)


def codes(root: Path) -> set[tuple[str, str | None]]:
    return {(one.code, one.dataset) for one in check_portal(root)[1]}


def copied(root: Path, name: str, title: str, rows: str) -> None:
    source = root / "datasets/mzj/parks"
    target = root / "datasets/mzj" / name
    shutil.copytree(source, target)
    text = (target / "datapackage.yaml").read_text(encoding="utf-8")
    text = text.replace("name: parks\ntitle: 城市公园名单", f"name: {name}\ntitle: {title}")
    text = text.replace("id: 6f1f7a52", f"id: {abs(hash(name)) % 10**8:08d}")
    write(root, f"datasets/mzj/{name}/datapackage.yaml", text)
    write(root, f"datasets/mzj/{name}/data/parks.csv", rows)


def test_one_table_split_by_period_is_named_once(root: Path) -> None:
    for month in (1, 2, 3):
        copied(root, f"flows-{month}", f"公园客流{month}月", f"code,name\n{month},甲\n")
    assert {key for code, key in codes(root) if code == "fragmented"} == {"mzj/flows-1"}


def test_two_of_one_kind_are_not_split(root: Path) -> None:
    for month in (1, 2):
        copied(root, f"flows-{month}", f"公园客流{month}月", f"code,name\n{month},甲\n")
    assert not [key for code, key in codes(root) if code == "fragmented"]


def test_the_same_bytes_and_almost_the_same_title_are_named(root: Path) -> None:
    rows = (root / "datasets/mzj/parks/data/parks.csv").read_text(encoding="utf-8")
    copied(root, "parks-two", "营口市城市绿地和公园名单", rows)
    copied(root, "parks-three", "营口市城市绿地和公园名录", "code,name\n7,庚\n")
    found = codes(root)
    assert ("same-data", "mzj/parks-two") in found
    assert ("near-twin", "mzj/parks-two") in found or ("near-twin", "mzj/parks-three") in found
    assert ("same-data", "mzj/parks-three") not in found


def test_a_dataset_of_documents_alone_is_named(root: Path) -> None:
    write(root, "datasets/mzj/parks/data/parks.pdf", "%PDF-1.4")
    text = (root / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    head = text[: text.index("resources:")]
    tail = text[text.index("catalogue:") :]
    resource = "resources:\n  - {name: parks, path: data/parks.pdf}\n"
    write(root, "datasets/mzj/parks/datapackage.yaml", head + resource + tail)
    assert ("documents-only", "mzj/parks") in codes(root)


def test_a_cycle_that_has_run_out_is_named_by_its_days(root: Path) -> None:
    git_commit(root, "2024-03-02T08:00:00+08:00")
    found = [one for one in check_portal(root)[1] if one.code == "cycle-overdue"]
    assert [one.dataset for one in found] == ["mzj/parks"]
    assert "2025-03-02" in found[0].message


def test_where_git_cannot_be_asked_the_files_are_checked_all_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git_commit(root, "2024-03-02T08:00:00+08:00")
    monkeypatch.setenv("PATH", "/nonexistent")
    found = codes(root)
    assert ("few-rows", "mzj/parks") in found
    assert not [key for code, key in found if code == "cycle-overdue"]
