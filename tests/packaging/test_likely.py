"""A quick look at many cells passes over none in which something would be found, and counts right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.packaging.likely import BETWEEN, UNSEEN, likely
from kaishu.packaging.privacy import Scanner, findings
from kaishu.packaging.quality import Counter
from kaishu.packaging.scan import together

# What personal data and secrets are made of, and what stands within and beside them.
PIECES = [
    *"0123456789138６２０xX٣", *BETWEEN, *UNSEEN, *"密机绝秘内部单元护照@＠.．/:：★*1年()（）【】[]",
    "13812345678", "210802", "19491231", "002", "4111111111111111", "6222", "0200", "E12345678",
    "passport", "PaSSport", "ｐａssport", "ＰＡＳＳＰＯＲＴ", " No. ", "paſſport", "someone", "example.org",
    "5栋", "二单元", "301室", "号楼", "机密", "密级", "内部资料", "小区", "花园", "3座", "7幢", "12#", "９＃", "501", "室", "电话", "tel", "残疾", "\x1f", "\x1e", "\ud800", "𝟏", "甲", "a", "\n",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
TABLES = st.lists(st.lists(st.one_of(TEXTS, st.sampled_from(["", " ", "甲", "12.5"])), max_size=4))
FIELDS = [
    {"name": "a"},
    {"name": "phone", "title": "联系电话"},
    {"name": "b"},
    {"name": "level", "title": "密级"},
]
MISSING = ("", "甲", "12.5")


@settings(deadline=None, max_examples=500)
@given(st.lists(TEXTS, max_size=6))
def test_whatever_holds_something_is_likely_to(texts: list[str]) -> None:
    chosen = likely(texts)
    assert chosen == sorted(set(chosen))
    assert {n for n, text in enumerate(texts) if list(findings(text))} <= set(chosen)


def test_ordinary_cells_are_not_looked_at_closely() -> None:
    ordinary = [
        "", "2026-01-05T08:30:00", "122.2312345", "营口市站前区建设大街7号", "1,234,567.89", "YK00000003", "A",
        "海洋装备制造、运输与维修", "单位", "部门", "内蒙古", "公元2026年", "310001/000012", "281-2345",
    ]  # fmt: skip
    assert likely(ordinary) == []
    assert likely([*ordinary, "138-1234-5678", *ordinary, "密"]) == [14, 29]


@settings(deadline=None)
@given(TABLES)
def test_rows_looked_at_together_are_found_as_cell_by_cell(table: list[list[str]]) -> None:
    numbered = list(enumerate(table, start=1))
    scanner, closely = Scanner(FIELDS), Scanner(FIELDS)
    for some in together(numbered):
        scanner.rows(some)
    for number, cells in numbered:
        closely._rows += 1
        for column, text in enumerate(cells):
            closely._cell(number, column, text)
    assert list(scanner.problems(dataset="a/b")) == list(closely.problems(dataset="a/b"))


@settings(deadline=None)
@given(TABLES)
def test_cells_are_counted_together_as_one_by_one(table: list[list[str]]) -> None:
    counter = Counter(FIELDS, [*MISSING])
    counter.count(table[:3])
    counter.count(table[3:])
    rows = table[1:]

    def total(of: Any) -> dict[int, int]:
        return {n: sum(of(row[n]) for row in rows if n < len(row)) for n in range(4)}

    def counted(found: dict[int, int]) -> dict[int, int]:
        return {n: found.get(n, 0) for n in range(4)}

    assert counter.rows == len(rows)
    assert counted(counter._empty) == total(lambda cell: cell.strip() in MISSING)
    assert counted(counter._characters) == total(
        lambda cell: 0 if cell.strip() in MISSING else len(cell)
    )


def test_many_small_rows_and_few_large_ones_are_put_together() -> None:
    def sizes(rows: Sequence[Sequence[str]]) -> list[int]:
        return [len(some) for some in together(enumerate(rows))]

    assert sizes([["甲" * 50_000]] * 5) == [2, 2, 1]
    assert sizes([[""] * 200_000] * 2) == [1, 1]
    assert sum(sizes([["a"]] * 120_000)) == 120_000
