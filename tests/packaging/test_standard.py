"""What the standard adds beyond Frictionless is held: keys that occur once, categories, headers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.portals import small_portal, write

from kaishu.packaging.check import check_portal
from kaishu.packaging.standard import Checker

FIELDS = [{"name": "a", "type": "string"}, {"name": "b", "type": "integer"}]


def found(schema: dict[str, Any], *rows: list[str]) -> list[tuple[str, int | None]]:
    checker = Checker({"fields": FIELDS, **schema})
    for number, row in enumerate(rows, start=1):
        checker.row(number, row)
    return [(one.code, one.row) for one in checker.problems(file="t.csv")]


HEADER = ["a", "b"]


def test_a_unique_key_occurs_once_and_what_is_missing_is_no_value() -> None:
    keys = {"uniqueKeys": [["a", "b"], ["b"]]}
    assert found(keys, HEADER, ["x", "1"], ["x", "2"], ["y", ""], ["z", ""]) == []
    assert found(keys, HEADER, ["x", "1"], ["y", "1"]) == [("unique-key", 3)]
    assert found(keys, HEADER, ["x", "1"], ["x", "1"]) == [("unique-key", 3), ("unique-key", 3)]


@pytest.mark.parametrize(
    "categories", [["x", "y"], [{"value": "x", "label": "甲"}, {"value": "y", "label": "乙"}]]
)
def test_a_cell_is_one_of_its_fields_categories(categories: list[Any]) -> None:
    fields = [{**FIELDS[0], "categories": categories}, {**FIELDS[1], "categories": [1, 2]}]
    assert found({"fields": fields}, HEADER, ["x", "1"], ["", "2"]) == []
    assert found({"fields": fields}, HEADER, ["z", "3"]) == [("category", 2), ("category", 2)]


@pytest.mark.parametrize(
    ("match", "header", "right"),
    [
        ("exact", ["a", "b"], True), ("exact", ["b", "a"], False),
        ("equal", ["b", "a"], True), ("equal", ["a"], False),
        ("subset", ["a", "b", "c"], True), ("subset", ["a"], False),
        ("superset", ["a"], True), ("superset", ["a", "c"], False),
        ("partial", ["a", "c"], True), ("partial", ["c"], False), ("whatever", ["a", "b"], False),
    ],
)  # fmt: skip
def test_the_header_matches_as_the_schema_asks(match: str, header: list[str], right: bool) -> None:
    assert (found({"fieldsMatch": match}, header) == []) == right
    assert (found({"fieldsMatch": [match]}, header) == []) == right


def test_the_check_finds_them_in_a_portal(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    path = "datasets/mzj/parks/datapackage.yaml"
    text = (root / path).read_text(encoding="utf-8")
    write(root, path, text.replace("      primaryKey: code", "      uniqueKeys: [[name]]"))
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n1,甲\n2,甲\n")
    [problem] = [one for one in check_portal(root)[1] if one.code == "unique-key"]
    assert (problem.row, problem.file) == (3, "datasets/mzj/parks/data/parks.csv")
    assert "2" in problem.message


def test_columns_matched_by_name_are_looked_at_under_their_own_names(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    path = "datasets/mzj/parks/datapackage.yaml"
    text = (root / path).read_text(encoding="utf-8")
    schema = "      fieldsMatch: subset\n      primaryKey: code"
    write(root, path, text.replace("      primaryKey: code", schema))
    rows = "".join(f"公园{n},甲,{n}\n" for n in range(12))
    write(root, "datasets/mzj/parks/data/parks.csv", f"name,owner,code\n{rows}乙,13812345678,12\n")
    found = [
        (one.code, one.field, one.row) for one in check_portal(root)[1] if one.severity == "error"
    ]
    assert found == [("personal-mobile-number", "owner", 14)]
