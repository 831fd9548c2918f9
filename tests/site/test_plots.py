"""The rule of charts, by tables that suit one and tables that do not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from kaishu.packaging.model import PublishedField, PublishedTable
from kaishu.packaging.profile import Profile
from kaishu.site.plots import Plot, plot

MONTHS = [f"2025-{month:02}" for month in range(1, 13)]
YEARS = list(range(2010, 2022))
CITIES = ["沈阳市", "大连市", "鞍山市"]


def table(fields: list[tuple[str, str, str]], rows: list[tuple[Any, ...]]) -> PublishedTable:
    described = tuple(PublishedField(name, type_, title) for name, type_, title in fields)
    profile = Profile(described)
    for row in rows:
        profile.row(row)
    first = tuple(tuple("" if cell is None else str(cell) for cell in row) for row in rows[:100])
    return PublishedTable("t", None, described, first, len(rows), profile.as_dict(), ())


def chart(
    fields: list[tuple[str, str, str]], rows: list[tuple[Any, ...]], **schema: Any
) -> Plot | None:
    return plot(table(fields, rows), schema)


SUITED = {
    "a number each month": (
        [("month", "yearmonth", "月份"), ("days", "integer", "工作日天数")],
        [(month, 18 + n % 5) for n, month in enumerate(MONTHS)],
        {"primaryKey": "month"},
        ("line", 0, None, (1,)),
    ),
    "a number each year, the year a whole number by its name": (
        [("年份", "integer", "年份"), ("gdp", "number", "生产总值（亿元）")],
        [(year, 100.5 + year) for year in YEARS],
        {},
        ("line", 0, None, (1,)),
    ),
    "a number each year for each city": (
        [("year", "year", "年份"), ("city", "string", "城市"), ("people", "integer", "常住人口")],
        [(year, city, year * 7 + n) for year in YEARS for n, city in enumerate(CITIES)],
        {},
        ("line", 0, 1, (2,)),
    ),
    "a number each year, written as statistics write years": (
        [("di_1_lie", "string", "第 1 列"), ("imports", "number", "进口额")],
        [(f"{year}年", year * 1.5) for year in YEARS],
        {},
        ("line", 0, None, (1,)),
    ),
    "a number each quarter, written out": (
        [("quarter_name", "string", "季度"), ("gdp", "number", "生产总值")],
        [(f"{year}年第{n}季度", year * n) for year in YEARS[:3] for n in (1, 2, 3, 4)],
        {},
        ("line", 0, None, (1,)),
    ),
    "years under the name of dates": (
        [("date", "integer", "Date"), ("price", "number", "Price")],
        [(year, year / 7) for year in YEARS],
        {"primaryKey": ["date"]},
        ("line", 0, None, (1,)),
    ),
    "of two times the one in the key": (
        [("year", "year", ""), ("first_day", "date", ""), ("days", "integer", "")],
        [(year, f"{year}-02-01", 354 + n % 3) for n, year in enumerate(YEARS)],
        {"primaryKey": ["year"]},
        ("line", 0, None, (2,)),
    ),
    "several measures beside a key that is a number": (
        [("date", "date", ""), ("station_id", "integer", ""), ("pm25", "number", ""), ("day_length_minutes", "integer", "")],
        [(f"2026-01-{n:02}", 7 + n, n / 2, 500 + n) for n in range(1, 21)],
        {},
        ("line", 0, None, (2, 3)),
    ),
    "a number for each name": (
        [("name", "string", "街道"), ("area", "number", "面积（平方公里）"), ("code", "integer", "代码")],
        [(f"街道{n}", n * 1.5, 210800 + n) for n in range(12)],
        {},
        ("bar", 0, None, (1,)),
    ),
    "kinds of which one is far more frequent": (
        [("article", "string", ""), ("disposition", "string", "处理方式")],
        [(f"第{n}条", "组织事项" if n % 3 else "执行") for n in range(40)],
        {},
        ("count", 1, None, ()),
    ),
}  # fmt: skip
UNSUITED = {
    "kinds that only tell rows apart": (
        [("regulation", "string", ""), ("article", "string", "")],
        [("a" if n < 30 else "b", f"第{n}条") for n in range(40)],
        {"primaryKey": ["regulation", "article"]},
    ),
    "names and codes alone": (
        [("code", "string", "代码"), ("name", "string", "名称")],
        [(f"{n:02}", f"民族{n}") for n in range(56)],
        {},
    ),
    "codes written as numbers": (
        [("name", "string", ""), ("division_code", "integer", "行政区划代码")],
        [(f"区{n}", 210800 + n) for n in range(8)],
        {},
    ),
    "coordinates": (
        [("name", "string", ""), ("longitude", "number", ""), ("latitude", "number", "")],
        [(f"站{n}", 122 + n / 10, 40 + n / 10) for n in range(30)],
        {},
    ),
    "a time with an empty cell, too many names for bars": (
        [("date", "date", ""), ("name", "string", ""), ("n", "number", "")],
        [(None if n == 3 else f"2026-01-{n % 28 + 1:02}", f"x{n}", n) for n in range(60)],
        {},
    ),
    "too few times, and no name that tells rows apart": (
        [("year", "year", ""), ("kind", "string", ""), ("n", "integer", "")],
        [(2020 + n % 2, "a", n) for n in range(30)],
        {},
    ),
    "many readings at the same time": (
        [("date", "date", ""), ("note", "string", ""), ("n", "number", "")],
        [(f"2026-01-{n % 10 + 1:02}", f"x{n % 9}", n) for n in range(50)],
        {},
    ),
    "a measure that never changes": (
        [("month", "yearmonth", ""), ("n", "integer", "")],
        [(month, 3) for month in MONTHS],
        {},
    ),
    "a measure that is mostly empty": (
        [("month", "yearmonth", ""), ("n", "integer", "")],
        [(month, n if n < 4 else None) for n, month in enumerate(MONTHS)],
        {},
    ),
    "kinds that are equally frequent": (
        [("id", "string", ""), ("phase", "string", "")],
        [(f"r{n}", "朔上望下"[n % 4]) for n in range(40)],
        {},
    ),
    "two rows": ([("name", "string", ""), ("n", "integer", "")], [("a", 1), ("b", 2)], {}),
    "more names than bars can be told apart": (
        [("name", "string", ""), ("n", "integer", "")],
        [(f"x{n}", n) for n in range(41)],
        {},
    ),
    "numbers that lead to another table": (
        [("name", "string", ""), ("parent", "integer", "")],
        [(f"x{n}", n % 4) for n in range(12)],
        {"foreignKeys": [{"fields": ["parent"], "reference": {"resource": "", "fields": ["id"]}}]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SUITED)
def test_a_table_that_suits_a_chart_gets_the_right_one(name: str) -> None:
    fields, rows, schema, expected = SUITED[name]
    found = chart(fields, rows, **schema)
    assert found is not None
    assert (found.kind, found.x, found.series, found.measures) == expected


@pytest.mark.parametrize("name", UNSUITED)
def test_a_table_that_suits_none_gets_none(name: str) -> None:
    fields, rows, schema = UNSUITED[name]
    assert chart(fields, rows, **schema) is None


def test_a_table_without_rows_gets_none() -> None:
    assert chart([("month", "yearmonth", ""), ("n", "integer", "")], []) is None


def test_the_words_say_what_is_drawn_from_where_to_where() -> None:
    days = [(date(2026, 1, day), day % 5 + 18) for day in range(1, 21)]
    found = chart([("date", "date", "日期"), ("n", "integer", "人次")], days)
    assert found is not None
    for word in ("日期", "人次", "2026-01-01", "2026-01-20", "18", "22"):
        assert word in found.sentence
    fields, rows, schema, _expected = SUITED["kinds of which one is far more frequent"]
    counted = chart(fields, rows, **schema)
    assert counted is not None
    assert "组织事项" in counted.sentence
    assert "26" in counted.sentence


def test_more_times_than_are_counted_are_known_by_the_key() -> None:
    rows = [(f"{n:05}", n % 7) for n in range(10_050)]
    fields = [("hour", "datetime", ""), ("n", "integer", "")]
    assert chart(fields, rows) is None
    found = chart(fields, rows, primaryKey="hour")
    assert found is not None
    assert found.kind == "line"
