"""The verdict on any table is Frictionless's: a differential test, by each of the ways to judge.

`KAISHU_PARITY=5000` makes the run a long one, of other cases each time. Where `KAISHU_CORPORA` names the reference data, real
tables are tried too: as they are, and with a little damage.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from tests.packaging.cases import cases, written

from kaishu.base.problems import Problem
from kaishu.packaging import accept, bytewise, faults
from kaishu.packaging.plan import Doubt, Plan, plan
from kaishu.packaging.regular import Regular
from kaishu.packaging.tables import check_tables, read_rows

ORDINARILY = 300
CASES = int(os.environ.get("KAISHU_PARITY", ORDINARILY))
VERDICTS = ("valid", "invalid")


def by_pattern(plan: Plan, scratch: Path, few: Any) -> Any:
    """Line by line, no line being told by its bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bytewise, "checks", lambda *_parameters: None)
        return Regular(plan, scratch, few)


WAYS = {"engine": faults.WAYS, "pattern": (by_pattern,)} | {
    name: (way,) for name, way in zip(("lines", "columns", "copy"), faults.WAYS, strict=True)
}


def judged(folder: Path, described: list[dict[str, Any]]) -> dict[str, bool]:
    """Which ways tell the verdict themselves; compared with Frictionless's, and so are the values."""
    expected = check_tables(folder, described, dataset="mzj/t")
    plans = {one["name"]: plan(folder, one) for one in described}
    known = {name: one for name, one in plans.items() if one is not None}
    found = {"valid": not expected, "csv": bool(known)}
    for table in described:
        name = table["name"]
        accepted = name in known and accept.conforms(known[name], known)
        found["csv"] = found["csv"] and accepted
        if accepted:
            theirs = [repr(list(row.values())) for _cells, row in read_rows(folder, table)]
            assert values(folder, table) == theirs
    assert not found["csv"] or not expected
    for way, only in WAYS.items():
        told = by_engine(folder, described, only)
        found[way] = told is not None
        assert told is None or told == expected, way
    return found


def by_engine(folder: Path, described: list[dict[str, Any]], way: Any) -> list[Problem] | None:
    """What one way of the engine's finds; None where it leaves a table to Frictionless."""
    told: list[Problem] = []
    plans = {one["name"]: plan(folder, one) for one in described}
    known = {name: one for name, one in plans.items() if one is not None}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(faults, "WAYS", way)
        for table in described:
            try:
                told += faults.problems(table, known[table["name"]], known, dataset="mzj/t")
            except (Doubt, KeyError):
                return None
    return told


def values(folder: Path, table: dict[str, Any]) -> list[str]:
    """The values that are written, as far as they are read without Frictionless's rows."""
    made = plan(folder, table)
    assert made is not None
    try:
        return [repr(row) for row in accept.values(made)]
    except Doubt:
        return [repr(list(row.values())) for _cells, row in read_rows(folder, table)]


@pytest.mark.slow
def test_each_way_accepts_only_what_frictionless_finds_valid(tmp_path: Path) -> None:
    count: Counter[str] = Counter()

    @settings(
        max_examples=CASES, deadline=None, database=None, derandomize=CASES == ORDINARILY,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(cases())
    def compare(case: tuple[list[dict[str, Any]], dict[str, bytes]]) -> None:
        described, files = case
        for path, content in files.items():
            (tmp_path / path).write_bytes(content)
        found = judged(tmp_path, described)
        verdict = "valid" if found.pop("valid") else "invalid"
        count.update([verdict, *(f"{verdict} by {way}" for way in found if found[way])])

    compare()
    sys.stdout.write(f"{dict(count)}\n")
    # Parity would be vacuous if nothing were accepted, and untried if nothing were wrong.
    assert min(count["valid"], count["invalid"], count["valid by csv"]) >= CASES // 20
    assert all(count[f"{kind} by {way}"] >= CASES // 30 for kind in VERDICTS for way in WAYS)


TWO = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]}


@pytest.mark.parametrize(
    ("content", "field", "valid"),
    [
        ("a,b\n1.0,x\n", {}, False),
        ("a,b\n1e3,x\n", {}, False),
        ("a,b\n0x1F,x\n", {}, False),
        ("a,b\n1_000,x\n", {}, True),
        ("a,b\n１２,x\n", {}, True),
        ("a,b\n 5 ,x\n", {}, True),
        ("a,b\n2024-1-2,x\n", {"type": "date"}, True),
        ("a,b\n24:00:00,x\n", {"type": "time"}, True),
        ("a,b\n2026-01-05T24:00:00,x\n", {"type": "datetime"}, True),
        ("a,b\n2026-02-30,x\n", {"type": "date"}, False),
        ("a,b\n1,x,\n2,y\n", {}, False),
        ("a,b\n1\n2,y\n", {}, False),
        ("a,b\n1,x\n\n2,y\n", {}, False),
        ("a,b\n1,x\n\n", {}, False),
        ("a,b\n,\n", {}, False),
        ('a,b\n1,"x" \n', {}, True),
        ('a,b\n1,"x" "y"\n', {}, True),
        ('a,b\n1,"" ""x""\n', {}, True),
        ("a,b\n1,x\r2,y\n", {}, True),
        ("a,b\n1,x\r\n2,y\n", {}, True),
        ("\ufeffa,b\n1,x\n", {}, True),
        ("a,b\n1,\0\n", {}, True),
        ("a,b\n1,\x01\n", {}, True),
        ('a,b\n1,"x\ny"\n', {}, True),
        ("a,b\n1,x\n01,y\n", {"constraints": {"unique": True}}, False),
        ("a,b\n100.00000000000000000001,x\n", {"type": "number", "constraints": {"maximum": 100}}, False),
        ("a,b\n\"ab\n\",x\n", {"type": "string", "constraints": {"pattern": "ab"}}, True),
        ("A,b\n1,x\n", {}, False),
        ('""a,b\n1,x\n1,y\n', {"constraints": {"unique": True}}, False),
    ],
)  # fmt: skip
def test_what_engines_see_differently_is_told_as_frictionless_tells_it(
    tmp_path: Path, content: str, field: dict[str, Any], valid: bool
) -> None:
    (tmp_path / "t.csv").write_text(content, newline="")
    first = {**TWO["fields"][0], **field}
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [first, TWO["fields"][1]]}}
    found = judged(tmp_path, [table])
    assert (found["engine"], found["valid"]) == (True, valid)


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"a,b\n1,\xff\n", {}),
        (b"a,b\n1,\xed\xa0\x80\n", {}),
        (b"a,b\nsNaN,x\n", {"type": "number", "constraints": {"maximum": 100}}),
        (b"a,c,b\n1,x,y\n", {}),
        (b'a,b\n1, "x"\n', {}),
    ],
)  # fmt: skip
def test_what_is_frictionlesss_to_judge_is_left_to_it(
    tmp_path: Path, content: bytes, field: dict[str, Any]
) -> None:
    (tmp_path / "t.csv").write_bytes(content)
    first = {**TWO["fields"][0], **field}
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [first, TWO["fields"][1]]}}
    assert judged(tmp_path, [table])["engine"] is False


@pytest.mark.parametrize(
    ("delimiter", "rows", "kinds"),
    [
        ("-", ["2026-01-05-x", "2026-01-06-y"], ("date", "string")),
        ("-", ["1-2", "3--4", "-5-6"], ("integer", "integer")),
        (".", ["1.5.x", "2.5"], ("number", "string")),
        (":", ["2026-01-05T08:00:00:x"], ("datetime", "string")),
        ("T", ["2026-01-05T08:00:00Tx"], ("datetime", "string")),
        ("e", ["truex", "trueex"], ("boolean", "string")),
        ("1", ["515", "616"], ("integer", "integer")),
        ("^", ["1^x", "x^1"], ("integer", "string")),
    ],
)
def test_a_delimiter_divides_cells_even_where_it_may_stand_in_one(
    tmp_path: Path, delimiter: str, rows: list[str], kinds: tuple[str, str]
) -> None:
    (tmp_path / "t.csv").write_text("\n".join([f"a{delimiter}b", *rows, ""]))
    fields = [{"name": name, "type": kind} for name, kind in zip("ab", kinds, strict=True)]
    dialect = {"delimiter": delimiter}
    judged(
        tmp_path, [{"name": "t", "path": "t.csv", "dialect": dialect, "schema": {"fields": fields}}]
    )


@pytest.mark.parametrize("header", ["a", "a,b"])
@pytest.mark.parametrize("blank", ["\n", "\r\n", "\r", "\n\r\n"])
@pytest.mark.parametrize(
    ("first", "others"), [("\n", "\n"), ("\r\n", "\r\n"), ("\n", "\r\n"), ("\r\n", "\n")]
)
def test_a_blank_line_is_one_however_lines_end(
    tmp_path: Path, header: str, blank: str, first: str, others: str
) -> None:
    row = header.replace("a", "1").replace("b", "x")
    content = f"{header}{first}{blank}{row}{others}{row.replace('1', '2')}"
    (tmp_path / "t.csv").write_text(content, newline="")
    fields = TWO["fields"][: len(header.split(","))]
    assert judged(tmp_path, [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}])[
        "engine"
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("quoted", [False, True])
@pytest.mark.parametrize("ended", [False, True])
def test_every_row_is_read_whatever_ends_a_line(
    tmp_path: Path, end: str, quoted: bool, ended: bool
) -> None:
    rows = [["a", "b"], *([str(n), f"第{n}行"] for n in range(200))]
    content = written(rows, end, quoted)
    (tmp_path / "t.csv").write_bytes(content if ended else content.rstrip())
    table = {"name": "t", "path": "t.csv", "schema": {**TWO, "primaryKey": "a"}}
    assert all(judged(tmp_path, [table]).values())


@pytest.mark.parametrize(
    ("content", "field", "more"),
    [
        ("a,b\n1999,x\n", {"type": "year", "constraints": {"maximum": 20000}}, {}),
        ("a,b\n1999,x\n", {"type": "year", "constraints": {"maximum": 0}}, {}),
        ("a,b\n,x\n,y\n", {"missingValues": ["-"]}, {}),
        ("a,b\n-,x\n1,y\n", {"missingValues": ["-"]}, {}),
        ("a,b\n-,x\n1,y\n", {"missingValues": [{"value": "-", "label": "none"}]}, {}),
        ("a,b\n1,\n", {"constraints": {"unique": True}, "missingValues": ["1"]}, {}),
        ("a,b\n1\n", {"missingValues": ["-"]}, {}),
        ("a,b\n1,x\n", {}, {"dialect": {"delimiter": ""}}),
        ("a,b\n1,x\n", {}, {"dialect": {"delimiter": ",,"}}),
        ("a,b\n1,x\n", {}, {"dialect": {"quoteChar": ""}}),
        ("a;b\n1;x\n", {}, {"dialect": {"delimiter": ",", "csv": {"delimiter": ";"}}}),
        ("a,b\n1,x\n", {}, {"encoding": "none-of-these"}),
        ("a,b\n1,x\n", {}, {"encoding": "base64"}),
        ('a,b\n"[1]",x\n', {"type": "array"}, {"foreign": True}),
        ('a,b\n"{""x"": 1}",x\n', {"type": "object"}, {"foreign": True}),
        ("a,b\n1,x\n", {}, {"said": {"description": 3}}),
        ("a,b\n1,x\n", {}, {"said": {"title": None}}),
        (
            "a,b\n",
            {"type": "number", "decimalChar": ",", "constraints": {"exclusiveMinimum": True}},
            {"said": {"$schema": "https://datapackage.org/profiles/2.0/tableschema.json"}},
        ),
    ],
)
def test_unusual_descriptions_are_judged_as_frictionless_judges_them(
    tmp_path: Path, content: str, field: dict[str, Any], more: dict[str, Any]
) -> None:
    (tmp_path / "t.csv").write_text(content, newline="")
    schema: dict[str, Any] = {"fields": [{**TWO["fields"][0], **field}, TWO["fields"][1]]}
    schema |= more.pop("said", {})
    if more.pop("foreign", False):
        schema["foreignKeys"] = [{"fields": "a", "reference": {"resource": "", "fields": "b"}}]
    judged(tmp_path, [{"name": "t", "path": "t.csv", "schema": schema, **more}])


def test_uniqueness_is_that_of_values_and_exact(tmp_path: Path) -> None:
    rows = [["a", "b"], *([str(n), "x"] for n in range(3000))]
    table = {"name": "t", "path": "t.csv", "schema": {**TWO, "primaryKey": "a"}}
    (tmp_path / "t.csv").write_bytes(written(rows))
    assert judged(tmp_path, [table])["engine"]
    (tmp_path / "t.csv").write_bytes(written([*rows, ["02999", "x"]]))
    assert judged(tmp_path, [table]) == {
        "valid": False, "csv": False, "engine": True, "pattern": True, "lines": True, "columns": True,
        "copy": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("codes", "missing", "astray"),
    [
        (["A", "B.", "甲"], [""], "C"),
        (["1", "20", "007"], [""], "7"),
        (["A", "a,b"], ["", "-"], ""),
        (['a"b', "A"], ["-"], "x"),
        (["-", "A"], ["-"], "B"),
        ([], [""], "A"),
        ([f"K{n:04}" for n in range(600)], [""], "K0600"),
    ],
)
@pytest.mark.parametrize("required", [False, True])
def test_a_foreign_key_is_kept_to_however_few_values_it_refers_to(
    tmp_path: Path, codes: list[str], missing: list[str], astray: str, required: bool
) -> None:
    fields = [
        {"name": "a", "type": "integer"},
        {"name": "b", "type": "string", "constraints": {"required": required}},
    ]
    foreign = {"fields": "b", "reference": {"resource": "codes", "fields": "b"}}
    schema = {
        "fields": fields,
        "primaryKey": "a",
        "foreignKeys": [foreign],
        "missingValues": missing,
    }
    table = {"name": "t", "path": "t.csv", "schema": schema}
    # The field is one object in both, as an alias of YAML makes it.
    other = {"name": "codes", "path": "codes.csv", "schema": {"fields": [fields[1]]}}
    (tmp_path / "codes.csv").write_bytes(written([["b"], *([code] for code in codes)]))
    rows = [["a", "b"], *([str(n), code] for n, code in enumerate(codes * 3))]
    for more in ([], [["99999", astray]], [["99999", missing[-1]]], [["0", "x"], ["", "A"]]):
        (tmp_path / "t.csv").write_bytes(written([*rows, *more]))
        assert judged(tmp_path, [table, other])["engine"]


@pytest.mark.parametrize("digits", [18, 19, 30, 400, 4200, 5000])
@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize(
    "keys",
    [
        {},
        {"primaryKey": "b"},
        {"primaryKey": "a"},
        {"foreignKeys": [{"fields": "a", "reference": {"resource": "", "fields": "b"}}]},
        {"foreignKeys": [{"fields": "b", "reference": {"resource": "other", "fields": "b"}}]},
    ],
)
def test_numbers_of_any_length_are_judged_as_frictionless_judges_them(
    tmp_path: Path, digits: int, kind: str, keys: dict[str, Any]
) -> None:
    # The last two differ by their last digit, which a double would not tell.
    long = ["1" * digits, "-" + "2" * digits, "9" * digits, "9" * (digits - 1) + "8"]
    fields = [{"name": name, "type": kind} for name in "ab"]
    schema = {"fields": fields, **keys}
    table = {"name": "t", "path": "t.csv", "schema": schema}
    other = {"name": "other", "path": "other.csv", "schema": {"fields": fields}}
    for more in ([], [["7", long[2]]], [["x", "8"]]):
        rows = [["a", "b"], *([str(n), one] for n, one in enumerate(long)), *more]
        (tmp_path / "t.csv").write_bytes(written(rows))
        for seen in (long, long[:2]):
            (tmp_path / "other.csv").write_bytes(written([["a", "b"], *(["1", n] for n in seen)]))
            judged(tmp_path, [table, other])
