"""The verdict on any table is Frictionless's: a differential test, by each of the ways to judge.

`KAISHU_PARITY=5000` makes the run a long one, of other cases each time. Where `KAISHU_CORPORA` names the reference data, real
tables are tried too: as they are, and with a little damage.
"""

from __future__ import annotations

import csv
import io
import os
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

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
# Cells that engines and Frictionless are known to see differently, among ordinary ones.
ORDINARY = {
    "integer": ["1", "20", "-3", "007", "123456789012345678"],
    "number": ["1", "2.50", "-0.1", "1e3", "100.00000000000000000001", "100", "1.0"],
    "string": ["甲", "中心公园", " 空格 ", "a,b", 'say "x"', "=1+1", "两\n行", "YK01", "乙", "ab"],
    "boolean": ["true", "false", "1", "0", "True"],
    "date": ["2026-01-05", "2024-02-29", "1999-12-31"],
    "datetime": ["2026-01-05T08:00:00", "2026-01-05 08:00:00", "2026-01-05T08:00:00Z",
                 "1999-12-31T23:59:59"],
    "time": ["08:00:00", "23:59:59"],
    "year": ["2026", "1999"],
    "yearmonth": ["2026-01", "1999-12"],
    "any": ["x", "1"],
}  # fmt: skip
TRAPS = [
    "", "-", " ", " 5 ", "1.0", "1e3", "0x1F", "1_000", "１２", "2024-1-2", "24:00:00", "NaN", "sNaN",
    "inf", "-Infinity", "2026-02-30", "０", "\u00a05", "yes", "TRUE ", "1,000", "٣", "9" * 400,
    "2026-01-05 08:00:00", "20260105", "\ufeff1", "'quoted'", "a;b", "a\tb", "a|b", "\r", "x\r\ny",
    "2026-01-05T24:00:00", "0000", "-0", "+1", "1e400", "None", "2026-01-05T08:00:00+08:00", "abc\n",
]  # fmt: skip
CONSTRAINTS: dict[str, list[dict[str, Any]]] = {
    "integer": [{"minimum": 0}, {"maximum": 100}, {"unique": True}, {"enum": [1, 20]},
                {"enum": ["1", "20"]}, {"exclusiveMaximum": "20"}, {"minimum": 1.5}],
    "number": [{"maximum": 100}, {"minimum": -1}, {"exclusiveMaximum": 100}, {"minimum": 2.5},
               {"enum": [1, "2.5"]}, {"unique": True}],
    "string": [{"pattern": "[甲乙a-z]+"}, {"minLength": 2}, {"maxLength": 3}, {"unique": True},
               {"enum": ["甲", "乙"]}, {"pattern": "YK\\d{2}|甲"}, {"pattern": "^.{2}$"},
               {"pattern": "[^a]+"}, {"pattern": "\\w+"}, {"pattern": "(?=a)ab"}],
    "date": [{"minimum": "2000-01-01"}, {"unique": True}, {"enum": ["2026-01-05"]}],
    "datetime": [{"minimum": "2000-01-01T00:00:00"}, {"unique": True}],
    "year": [{"minimum": 2000}],
    "boolean": [{"enum": [True]}],
}  # fmt: skip
DAMAGE = [
    '"',
    '""',
    ",",
    "\n",
    "\r",
    "\r\n",
    " ",
    "\t",
    ";",
    '" ',
    ' "',
    "\0",
    "\ufeff",
    "x",
    "\n\n",
]


@st.composite
def cases(draw: st.DrawFn) -> tuple[list[dict[str, Any]], dict[str, bytes]]:
    """Resources as described, and the bytes of their files."""
    table, content = draw(tables())
    described, files = [table], {table["path"]: content}
    kind = draw(st.sampled_from(["", "", "", "itself", "another"]))
    if kind:
        other = {
            "name": "other",
            "path": "other.csv",
            "schema": {
                "fields": [
                    {**table["schema"]["fields"][0], "name": "key"},
                    {"name": "more", "type": "string"},
                ]
            },
        }
        table["schema"]["foreignKeys"] = [
            {"fields": ["f0"], "reference": {"resource": "", "fields": ["f0"]}}
            if kind == "itself"
            else {"fields": "f0", "reference": {"resource": "other", "fields": "key"}}
        ]
        cells = ORDINARY[table["schema"]["fields"][0]["type"]]
        keys = draw(st.sampled_from([cells, cells, [*cells, ""], cells[1:]]))
        if table["schema"]["fields"][0]["type"] == "integer":
            keys = [*keys, *map(str, range(draw(st.sampled_from([501, 400]))))]
        files["other.csv"] = written([["key", "more"], *([key, "x"] for key in keys)])
        described.append(other)
    return described, files


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[str, Any], bytes]:
    """One resource's description and its file's bytes."""
    fields, columns = [], []
    for n in range(draw(st.integers(1, 4))):
        type_ = draw(st.sampled_from(sorted(ORDINARY)))
        field: dict[str, Any] = {"name": f"f{n}", "type": type_}
        constraints: dict[str, Any] = {}
        if draw(st.booleans()):
            constraints |= draw(st.sampled_from(CONSTRAINTS.get(type_, [{}])))
        if draw(st.integers(0, 4)) == 0:
            constraints["required"] = True
        if constraints:
            field["constraints"] = constraints
        fields.append(field)
        odd = st.sampled_from(TRAPS) if draw(st.integers(0, 3)) == 0 else st.nothing()
        columns.append(st.one_of(st.sampled_from(ORDINARY[type_]), odd))
    # Columns of few values would rarely make a key.
    numbers = st.integers(0, 500).map(str)
    columns = [
        st.one_of(numbers, column) if one["type"] == "integer" else column
        for column, one in zip(columns, fields, strict=True)
    ]
    kept = draw(st.sampled_from([None, None, *range(len(fields))]))
    different = None if kept is None else lambda row: row[kept]
    rows = draw(st.lists(st.tuples(*columns), min_size=0, max_size=8, unique_by=different))
    schema: dict[str, Any] = {"fields": fields}
    if draw(st.integers(0, 2)) == 0:
        name = fields[kept or 0]["name"]
        schema["primaryKey"] = draw(st.sampled_from([[name], name, [fields[-1]["name"], "f0"]]))
    if draw(st.integers(0, 3)) == 0:
        schema["missingValues"] = draw(st.sampled_from([["", "-"], ["-"], [], ["", "NaN", "甲"]]))
    header = [field["name"] for field in fields]
    table: list[list[str]] = [header, *map(list, rows)]
    twist = draw(st.sampled_from([*[""] * 5, "wide", "empty", "short", "blank", "header"]))
    odd_row = draw(st.integers(0, len(table) - 1))
    if twist in ("wide", "empty"):
        table[odd_row].append("more" if twist == "wide" else "")
    elif twist == "short":
        table[odd_row].pop()
    elif twist == "blank":
        table.insert(odd_row + 1, draw(st.sampled_from([[], [""] * len(header)])))
    elif twist == "header":
        table[0][0] += " "
    content = written(
        table, draw(st.sampled_from(["\n", "\n", "\r\n"])), draw(st.integers(0, 3)) == 0
    )
    if draw(st.integers(0, 3)) == 0:
        text = content.decode()
        for _time in range(draw(st.integers(1, 2))):
            at = draw(st.integers(0, len(text)))
            text = text[:at] + draw(st.sampled_from(DAMAGE)) + text[at:]
        content = text.encode()
    if draw(st.integers(0, 5)) == 0:
        content = content.rstrip(b"\n")
    if draw(st.integers(0, 30)) == 0:
        content = content.decode().encode("gb18030")
    dialect: dict[str, Any] = draw(st.sampled_from([{}, {}, {}, {"dialect": {"delimiter": ","}}]))
    return {"name": "t", "path": "t.csv", "schema": schema, **dialect}, content


def written(table: list[list[str]], end: str = "\n", quoted: bool = False) -> bytes:
    """A table as CSV."""
    output = io.StringIO()
    how = csv.QUOTE_ALL if quoted else csv.QUOTE_MINIMAL
    csv.writer(output, lineterminator=end, quoting=how).writerows(table)
    return output.getvalue().encode()


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
