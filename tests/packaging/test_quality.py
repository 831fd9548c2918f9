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


def told(rows: list[list[str]], missing: object = (), **resource: object) -> dict[str, str]:
    """The messages of a table's findings, by code."""
    counter = Counter(FIELDS, missing)
    for row in [["code", "name"], *rows]:
        counter.row(row)
    return {one.code: one.message for one in counter.problems(resource, file="t.csv")}


def test_ten_rows_are_enough_and_nine_are_counted() -> None:
    assert told(good(10)) == {}
    assert "只有 9 行；不足 10 行" in told(good(9))["few-rows"]
    assert "只有 0 行" in told([])["few-rows"]


def test_half_empty_is_not_mostly_empty_and_one_more_is() -> None:
    half = [[str(k), "甲" if k < 6 else " "] for k in range(12)]
    assert told(half) == {}
    more = [[str(k), "甲" if k < 5 else ""] for k in range(12)]
    assert "58%" in told(more)["mostly-empty"]
    assert "12 行中的 7 行" in told(more)["mostly-empty"]


def test_what_the_schema_says_holds_nothing_is_empty() -> None:
    rows = [[str(k), "甲" if k < 4 else "-"] for k in range(12)]
    assert told(rows) == {}
    assert list(told(rows, ["", "-"])) == ["mostly-empty"]
    assert list(told(rows, [{"value": "-", "label": "未报"}])) == ["mostly-empty"]


def test_text_is_prose_from_its_average_length_on() -> None:
    assert told([[str(k), "字" * 150] for k in range(12)]) == {}
    assert "平均 151 个字符" in told([[str(k), "字" * 151] for k in range(12)])["prose"]
    # One long cell among short ones is a note.
    assert told([[str(k), "字" * (900 if k == 0 else 5)] for k in range(12)]) == {}


def test_the_stated_number_of_rows_is_compared() -> None:
    assert told(good(12), rowCount=12) == {}
    message = told(good(12), rowCount=13)["row-count"]
    assert "13" in message
    assert "12" in message


def test_the_signs_of_a_layout_are_counted_and_words_that_begin_alike_are_none() -> None:
    assert "1 行合计或者注释" in told([*good(), ["合计", "12"]])["layout-table"]
    assert (
        "2 行合计或者注释" in told([*good(), ["小 计", "6"], ["注：据民政局", ""]])["layout-table"]
    )
    assert told([*good(), ["合计处", "甲"], ["总计划", "乙"]]) == {}
    half = [["东区" if k % 2 == 0 else "", f"公园{k}"] for k in range(12)]
    assert told(half) == {}


def test_twelve_months_are_one_table_and_twelve_different_things_are_twelve(root: Path) -> None:
    for month in range(1, 13):
        copied(root, f"flows-{month}", f"公园客流{month}月", f"code,name\n{month},甲\n")
    things = [
        "医院",
        "学校",
        "公园",
        "停车场",
        "图书馆",
        "药店",
        "公厕",
        "驿站",
        "书店",
        "影院",
        "体育馆",
        "菜市场",
    ]
    for n, thing in enumerate(things):
        copied(root, f"things-{n}", f"全市{thing}名单", f"code,name\n{n + 20},{thing}\n")
    split = [one for one in check_portal(root)[1] if one.code == "fragmented"]
    assert [(one.dataset, "12 个" in one.message) for one in split] == [("mzj/flows-1", True)]
    assert not [key for code, key in codes(root) if code == "near-twin" and "things" in str(key)]


@pytest.mark.parametrize(
    ("titles", "named"),
    [
        (["站前区学校名单", "西市区学校名单", "老边区学校名单"], True),
        (["学校名单（一季度）", "学校名单（二季度）", "学校名单（三季度）"], True),
        (["上半年学校名单", "下半年学校名单", "2025年学校名单"], True),
        (["智慧社区名单", "文明社区名单", "养老社区名单"], False),
        (["大型超市名单", "连锁超市名单", "生鲜超市名单"], False),
        (["老旧小区名单", "封闭小区名单", "绿色小区名单"], False),
    ],
)
def test_places_and_periods_in_titles_are_told_from_things(
    root: Path, titles: list[str], named: bool
) -> None:
    for n, title in enumerate(titles):
        copied(root, f"part-{n}", title, f"code,name\n{n + 20},甲\n")
    assert bool([key for code, key in codes(root) if code == "fragmented"]) == named


def test_documents_beside_a_table_are_no_documents_alone(root: Path) -> None:
    write(root, "datasets/mzj/parks/data/notes.pdf", "%PDF-1.4")
    text = (root / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    more = "resources:\n  - {name: notes, path: data/notes.pdf}\n"
    write(root, "datasets/mzj/parks/datapackage.yaml", text.replace("resources:\n", more))
    assert ("documents-only", "mzj/parks") not in codes(root)


def test_a_cycle_that_has_not_run_out_is_not_named(root: Path) -> None:
    git_commit(root, "2025-12-02T08:00:00+08:00")
    assert not [key for code, key in codes(root) if code == "cycle-overdue"]


def test_data_that_differ_by_a_byte_are_not_the_same(root: Path) -> None:
    rows = (root / "datasets/mzj/parks/data/parks.csv").read_text(encoding="utf-8")
    copied(root, "markets", "集贸市场一览表", rows[:-2] + ("x" if rows[-2] != "x" else "y") + "\n")
    assert not {"same-data", "near-twin"} & {code for code, _key in codes(root)}
