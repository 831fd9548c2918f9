"""Cells are judged by their bytes as the pattern of their column judges them, or left to it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.packaging.octet_cells import cells

from kaishu.packaging import bytewise, patterns
from kaishu.packaging.plan import Plan, plan

FIELDS: list[dict[str, Any]] = [
    {"type": "string"},
    {"type": "any"},
    {"type": "integer"},
    {"type": "number"},
    {"type": "boolean"},
    {"type": "year"},
    {"type": "date"},
    {"type": "datetime"},
    {"type": "string", "constraints": {"enum": ["个体", "有限公司", "A", "股份有限责任公司"]}},
    {"type": "string", "constraints": {"enum": [f"D{n}" for n in range(300)]}},
    {"type": "integer", "constraints": {"enum": [1, 20, "300"]}},
    {"type": "string", "constraints": {"pattern": "YK[0-9]{8}"}},
    {"type": "string", "constraints": {"pattern": "^[A-C]\\d{3}[xyz.]-$"}},
    {"type": "string", "constraints": {"pattern": "[b-z]{2}\\d{17}[0-9X]"}},
    {"type": "integer", "constraints": {"minimum": 0}},
    {"type": "integer", "constraints": {"minimum": 17, "maximum": 5000}},
    {"type": "integer", "constraints": {"maximum": -3}},
    {"type": "number", "constraints": {"minimum": 0}},
    {"type": "number", "constraints": {"minimum": 0, "maximum": 1}},
    {"type": "number", "constraints": {"minimum": -2.5, "maximum": 99.5}},
    {"type": "number", "constraints": {"minimum": 3, "maximum": 123456789}},
    {"type": "year", "constraints": {"minimum": 1990}},
    {"type": "year", "constraints": {"maximum": 2000}},
]
PLAIN = [
    "", "0", "1", "-1", "7", "17", "5000", "5001", "00", "007", "-0", "12345678", "123456789",
    "1234567890123456", "12345678901234567", "-123456789012345", "99999999", "100000000",
    "0.5", "1.0", "1.", ".5", "-.5", "-0.5", "1.25", "12345678.25", "1234567.25", "123456789.125",
    "1.2.3", "12345678.2.5", "99.5", "99", "100", "1.000000", "12345678901234.5", "1e3", "+1", "1,5",
    "true", "True", "TRUE", "false", "tru", "truee", "falsefalse", "１２", "٣", "1990", "0999", "19900",
    "2026-01-05", "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "2026-04-31", "2026-13-01",
    "2026-00-10", "2026-01-00", "0999-01-01", "2026-1-05", "2026/01/05", "202a-01-05", "2026-01-0x",
    "2026-01-05T08:00:00", "2026-01-05 23:59:59", "2026-01-05T24:00:00", "2026-01-05T08:60:00",
    "2026-01-05T08:00:60", "2026-01-05x08:00:00", "2026-01-05T08:00:00Z", "2026-01-05T08-00-00",
    "2026-02-30T08:00:00", "个体", "有限公司", "A", "股份有限责任公司", "有限公", "有限公司A", "D0", "D299", "D300",
    "D007", "D1\0", "20", "300", "YK00000001", "YK0000000", "YK0000000x", "yk00000001", "YK000000012",
    "A123x-", "B000.-", "D123x-", "A12x-", "A123a-", "bc12345678901234567X", "ab12345678901234567X",
    "甲乙12345678901234567X", "99999999999999999999999999999999999999999", "文" * 30, " 5", "5 ", "\t",
]  # fmt: skip


def made(folder: Path, field: dict[str, Any]) -> Plan:
    """The plan of a table with a column of such a field beside one of texts."""
    fields = [{"name": "a", **field}, {"name": "b", "type": "string"}]
    table = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    found = plan(folder, table)
    assert found is not None
    return found


def taken(one: Plan, texts: list[str], places: int = 6) -> list[bool]:
    """Which texts of the first column are certainly right."""
    checks = bytewise.checks(one, {0: places})
    assert checks is not None
    return [bool(right) for right in checks[0](cells(texts))]


def matched(one: Plan, texts: list[str], places: int = 6) -> list[bool]:
    """Which of them the pattern takes."""
    pattern = patterns.line(one, {0: places})
    assert pattern is not None
    return [re.fullmatch(pattern, f"{text},") is not None for text in texts]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("places", [0, 1, 6])
def test_what_bytes_take_the_pattern_takes(
    tmp_path: Path, field: dict[str, Any], places: int
) -> None:
    for constraints in ({}, {"required": True}):
        more = {**field, "constraints": {**field.get("constraints", {}), **constraints}}
        one = made(tmp_path, more)
        texts = [text for text in PLAIN if "," not in text and "\0" not in text]
        both = zip(texts, taken(one, texts, places), matched(one, texts, places), strict=True)
        assert [text for text, by_bytes, by_pattern in both if by_bytes and not by_pattern] == []


@settings(deadline=None, max_examples=200)
@given(
    st.sampled_from(FIELDS),
    st.lists(
        st.one_of(
            st.from_regex(r"-?[0-9]{0,18}\.?[0-9]{0,8}", fullmatch=True),
            st.from_regex(r"[12][0-9]{3}-[01][0-9]-[0-3][0-9]([T ][0-2][0-9]:[0-6][0-9]:[0-6][0-9])?",
                          fullmatch=True),
            st.text(st.sampled_from([*"0123456789.-:T DYKABCxyz真/;@"]), max_size=24),
            st.sampled_from([text for text in PLAIN if "," not in text and "\0" not in text]),
        ),
        min_size=1,
        max_size=60,
    ),
)  # fmt: skip
def test_whatever_the_cells_bytes_take_a_part_of_what_the_pattern_takes(
    tmp_path_factory: pytest.TempPathFactory, field: dict[str, Any], texts: list[str]
) -> None:
    one = made(tmp_path_factory.getbasetemp(), field)
    for text, by_bytes, by_pattern in zip(
        texts, taken(one, texts), matched(one, texts), strict=True
    ):
        assert by_pattern or not by_bytes, text


@pytest.mark.parametrize(
    ("field", "texts"),
    [
        ({"type": "integer"}, ["", "0", "007", "-12", "1234567890123456"]),
        ({"type": "number"}, ["", "5", "-0.5", "12345678.25", "1234567.25", "123456789.125"]),
        ({"type": "number", "constraints": {"minimum": 0, "maximum": 1}}, ["0.5", "1", "0"]),
        ({"type": "integer", "constraints": {"minimum": 17, "maximum": 5000}}, ["17", "5000"]),
        ({"type": "boolean"}, ["true", "False", "1", ""]),
        ({"type": "year"}, ["1990", "9999"]),
        ({"type": "date"}, ["2026-01-05", "2024-02-29", "2000-02-29", "1999-12-31"]),
        ({"type": "datetime"}, ["2026-01-05T08:00:00", "2026-01-05 23:59:59"]),
        (FIELDS[8], ["个体", "有限公司", "股份有限责任公司"]),
        (FIELDS[9], ["D0", "D299"]),
        (FIELDS[11], ["YK00000001"]),
        (FIELDS[12], ["A123x-", "B000.-"]),
        ({"type": "string"}, ["", "甲", "x" * 500]),
    ],
)
def test_ordinary_cells_are_not_left_to_the_pattern(
    tmp_path: Path, field: dict[str, Any], texts: list[str]
) -> None:
    assert taken(made(tmp_path, field), texts) == [True] * len(texts)


@pytest.mark.parametrize(
    "field",
    [
        {"type": "string", "constraints": {"pattern": "a+"}},
        {"type": "string", "constraints": {"pattern": "a|b"}},
        {"type": "string", "constraints": {"pattern": "甲"}},
        {"type": "string", "constraints": {"enum": ["x" * 40]}},
        {"type": "string", "constraints": {"minLength": 2}},
        {"type": "time"},
    ],
)
def test_columns_that_bytes_cannot_tell_are_left_to_the_pattern(
    tmp_path: Path, field: dict[str, Any]
) -> None:
    assert bytewise.checks(made(tmp_path, field), {}) is None


def test_an_enumeration_of_very_many_long_texts_is_left_to_the_pattern(tmp_path: Path) -> None:
    texts = [f"{n:08}{n:08}{n:08}{n:08}" for n in range(50_000)]
    field = {"type": "string", "constraints": {"enum": texts}}
    assert bytewise.checks(made(tmp_path, field), {}) is None
    some = {"type": "string", "constraints": {"enum": texts[:400]}}
    mixed = f"{texts[1][:16]}{texts[2][:16]}"
    assert taken(made(tmp_path, some), [texts[399], mixed, texts[400]]) == [True, False, False]
