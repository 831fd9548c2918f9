"""What `kaishu check` finds in data: the file, the row, the encoding, the place."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from tests.portals import write
from tests.regulation.made import regulation

from kaishu.base.problems import Problem
from kaishu.base.vocabulary import BasisLevel, Sharing
from kaishu.packaging.check import check_portal
from kaishu.regulation import library
from kaishu.regulation.model import BasisRule, Sufficient

SWAPPED = {"type": "Point", "coordinates": [40.66, 122.23]}
PARKS = "datasets/mzj/parks/data/parks.csv"
DESCRIPTOR = "datasets/mzj/parks/datapackage.yaml"


def found(root: Path, *only: Path) -> list[Problem]:
    return check_portal(root, only)[1]


def one(root: Path, code: str) -> Problem:
    problems = [problem for problem in found(root) if problem.code == code]
    assert len(problems) == 1, found(root)
    return problems[0]


def change(root: Path, old: str, new: str, path: str = DESCRIPTOR) -> None:
    text = (root / path).read_text()
    assert old in text
    write(root, path, text.replace(old, new))


def test_a_right_portal_has_no_problem(root: Path) -> None:
    assert found(root) == []


def test_a_wrong_type_in_row_40000_is_found(root: Path) -> None:
    rows = "".join(f"{n},公园{n}\n" for n in range(1, 50_000))
    rows = rows.replace("39999,公园39999\n", "三万,公园39999\n")
    write(root, PARKS, f"code,name\n{rows}")
    problem = one(root, "type-error")
    assert (problem.file, problem.row, problem.field) == (PARKS, 40_000, "code")
    assert "三万" in problem.message


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("code,name\n1,a\n1,b\n", "primary-key", 3),
        ("code,name\n1,a\n\n2,b\n", "blank-row", 3),
        ("code,name\n1,a,x\n", "extra-cell", 2),
        ("code,name\n1\n", "missing-cell", 2),
        ("code,title\n1,a\n", "incorrect-label", 1),
        ("code,name,more\n1,a,b\n", "extra-label", 1),
        ("code,\n1,a\n", "blank-label", 1),
    ],
)
def test_a_flaw_has_frictionless_type_and_row(root: Path, text: str, code: str, row: int) -> None:
    write(root, PARKS, text)
    problems = [problem for problem in found(root) if problem.code == code]
    assert [problem.row for problem in problems] == [row]
    assert problems[0].file == PARKS


def test_a_table_in_gb18030_is_named_with_its_line_and_what_to_do(root: Path) -> None:
    (root / PARKS).write_bytes("code,name\n1,中心公园\n".encode("gb18030"))
    problem = one(root, "looks-like-gb18030")
    assert (problem.file, problem.line) == (PARKS, 2)
    assert "gb18030" in problem.hint


def test_a_declared_encoding_is_honoured(root: Path) -> None:
    (root / PARKS).write_bytes("code,name\n1,中心公园\n".encode("gb18030"))
    change(root, "path: data/parks.csv", "path: data/parks.csv\n    encoding: gb18030")
    assert found(root) == []


def test_bytes_that_are_no_text_are_named_with_their_line(root: Path) -> None:
    (root / PARKS).write_bytes(b"code,name\n" + b"1,a\n" * 300_000 + b"2,\xff\xff\n")
    problem = one(root, "not-utf-8")
    assert problem.line == 300_002


def test_a_byte_order_mark_is_an_error_unless_declared(root: Path) -> None:
    (root / PARKS).write_bytes(b"\xef\xbb\xbfcode,name\n1,a\n")
    assert one(root, "byte-order-mark").file == PARKS
    change(root, "path: data/parks.csv", "path: data/parks.csv\n    encoding: utf-8-sig")
    assert found(root) == []


def test_an_unknown_encoding_is_a_problem(root: Path) -> None:
    change(root, "path: data/parks.csv", "path: data/parks.csv\n    encoding: klingon")
    assert one(root, "unknown-encoding").severity == "error"


def test_an_odd_schema_is_a_problem_and_not_a_crash(root: Path) -> None:
    change(root, "type: integer, title: 编号", "type: nonsense, title: 编号")
    assert {problem.code for problem in found(root)} == {"field-error"}


def test_a_reference_to_a_row_that_does_not_exist_is_found(root: Path) -> None:
    more = """\
  - name: gates
    path: data/gates.csv
    schema:
      fields: [{name: gate, type: string}, {name: park, type: integer}]
      foreignKeys: [{fields: park, reference: {resource: parks, fields: code}}]
catalogue:"""
    change(root, "catalogue:", more)
    write(root, "datasets/mzj/parks/data/gates.csv", "gate,park\n东门,1\n西门,9\n")
    problem = one(root, "foreign-key")
    assert (problem.file, problem.row) == ("datasets/mzj/parks/data/gates.csv", 3)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", "not-geojson"),
        ('{"type": "Point"}', "not-geojson"),
        (
            json.dumps({"type": "FeatureCollection", "features": [{"geometry": SWAPPED}]}),
            "position-out-of-range",
        ),
    ],
)
def test_geojson_is_checked(root: Path, text: str, code: str) -> None:
    change(root, "data/parks.csv", "data/parks.geojson")
    write(root, "datasets/mzj/parks/data/parks.geojson", text)
    assert one(root, code).file == "datasets/mzj/parks/data/parks.geojson"


def test_many_errors_are_listed_up_to_a_limit_and_it_is_said(root: Path) -> None:
    write(root, PARKS, "code,name\n" + "x,a\n" * 2000)
    problems = found(root)
    assert sum(problem.code == "more-errors" for problem in problems) == 1
    assert len(problems) <= 1001


def test_a_long_cell_is_not_repeated_whole(root: Path) -> None:
    write(root, PARKS, f"code,name\n{'9' * 30}x{'9' * 300},a\n")
    assert len(one(root, "type-error").message) < 120


def test_only_the_named_datasets_are_checked(root: Path) -> None:
    write(root, PARKS, "code,name\nx,a\n")
    change(root, "theme: transport", "theme: nowhere", "datasets/jtj/permits/datapackage.yaml")
    files = {problem.file for problem in found(root, root / "datasets/mzj/parks")}
    assert files == {PARKS}
    assert found(root, root / "datasets/mzj/visits") == []


def test_a_folder_that_is_no_dataset_is_said(root: Path) -> None:
    (root / "elsewhere").mkdir()
    assert [problem.code for problem in found(root, root / "elsewhere")] == ["no-such-dataset"]


def test_an_unknown_regulation_is_a_problem_of_the_catalogue(root: Path) -> None:
    change(root, "yingkou-2022", "atlantis-1000", "catalog.yaml")
    assert one(root, "unknown-regulation").file == "catalog.yaml"


def test_an_unusable_catalog_yaml_is_reported(root: Path) -> None:
    write(root, "catalog.yaml", "title: [")
    catalog, problems = check_portal(root)
    assert catalog is None
    assert [problem.code for problem in problems] == ["yaml-syntax"]


def test_a_wrong_descriptor_does_not_hide_what_is_wrong_in_its_table(root: Path) -> None:
    change(root, "  update_cycle: yearly", "  update_cycle: annual")
    write(root, PARKS, "code,name\n1,a\nx,b\n")
    codes = {problem.code: problem for problem in found(root)}
    assert codes["not-in-vocabulary"].file == DESCRIPTOR
    assert (codes["type-error"].file, codes["type-error"].row) == (PARKS, 3)


@pytest.mark.parametrize("resources", ["x", "[1, {}, {name: [a]}, {name: a, path: 7}]", "{a: 1}"])
def test_resources_of_an_odd_shape_are_problems_and_not_a_crash(root: Path, resources: str) -> None:
    text = (root / DESCRIPTOR).read_text()
    start, end = text.index("resources:"), text.index("catalogue:")
    write(root, DESCRIPTOR, f"{text[:start]}resources: {resources}\n{text[end:]}")
    assert {problem.file for problem in found(root)} == {DESCRIPTOR}


def test_the_law_speaks_as_of_the_day_asked_for(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = BasisRule(Sharing.NONE, "第十五条", "甲", (Sufficient(BasisLevel.LAW),))
    above = replace(regulation(10), bases=(rule,), in_force_from=date(2025, 8, 1))
    chain = replace(regulation(10), superiors=(above,))
    monkeypatch.setattr(library, "load", lambda _reference, _root: chain)
    change(root, "sharing: {type: unconditional}", "sharing: {type: none}")
    assert check_portal(root, day=date(2025, 7, 31))[1] == []
    [problem] = check_portal(root, day=date(2025, 8, 1))[1]
    assert problem.code == "missing-sharing-basis"
