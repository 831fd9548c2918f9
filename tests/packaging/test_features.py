"""Whatever a description says that is seldom said, the verdict and the values are Frictionless's.

Dialects, schemas and encodings of every kind, in files of one part or several, each judged both by
`verdict` and by Frictionless on the file itself. `KAISHU_PARITY=5000` makes the run a long one.
"""

from __future__ import annotations

import csv
import io
import os
import random
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.packaging.oracle import by_frictionless, compare_errors

from kaishu.packaging import verdict
from kaishu.packaging.rows import table_of

ORDINARILY = 300
CASES = int(os.environ.get("KAISHU_PARITY", ORDINARILY))
SEED = 11 if CASES == ORDINARILY else random.randrange(10**9)

# Fields that say more than their type, with cells for them: right ones, then others.
FIELDS: list[tuple[dict[str, Any], list[str], list[str]]] = [
    ({"type": "integer", "bareNumber": False}, ["1元", "￥20", "-3"], ["元", "1.5元", "1e3"]),
    ({"type": "integer", "groupChar": ","}, ["1,000", "20", "-3,000"], ["1.5", "1;000", ",,"]),
    ({"type": "number", "groupChar": ","}, ["1,234.50", "0.5"], ["1.234,50", "x"]),
    ({"type": "number", "decimalChar": ","}, ["1,5", "20", "-0,1"], ["1.5", "1,2,3"]),
    ({"type": "number", "decimalChar": ",", "groupChar": "."}, ["1.234,5", "20"], ["1,234.5"]),
    ({"type": "number", "bareNumber": False}, ["12%", "￥1.5", "3"], ["%", "一"]),
    ({"type": "boolean", "trueValues": ["是"], "falseValues": ["否"]}, ["是", "否"], ["true", "1"]),
    ({"type": "boolean", "trueValues": ["1"], "falseValues": ["0", "2"]}, ["1", "2"], ["false"]),
    ({"type": "date", "format": "%d/%m/%Y"}, ["31/12/2025", "01/01/2026"], ["2026-01-05", "32/1/2026"]),
    ({"type": "date", "format": "%Y年%m月%d日"}, ["2026年01月05日"], ["2026年13月05日"]),
    ({"type": "date", "format": "any"}, ["2026-01-05", "5 Jan 2026"], ["昨天"]),
    ({"type": "datetime", "format": "%Y-%m-%d %H:%M"}, ["2026-01-05 08:00"], ["2026-01-05T08:00:00"]),
    ({"type": "time", "format": "%H:%M"}, ["08:30", "23:59"], ["24:00", "8"]),
    ({"type": "time"}, ["08:30:00"], ["08:30"]),
    ({"type": "string", "format": "email"}, ["a@example.org"], ["a@", "甲"]),
    ({"type": "string", "format": "uri"}, ["https://example.org/甲"], ["//"]),
    ({"type": "string", "format": "uuid"}, ["95ecc380-afe9-11e4-9b6c-751b66dd541e"], ["95ecc380"]),
    ({"type": "string", "format": "binary"}, ["5byA5pWw"], ["开"]),
    ({"type": "string", "constraints": {"minLength": 2, "maxLength": 3}}, ["甲乙", "abc"], ["甲", "abcd"]),
    ({"type": "string", "constraints": {"pattern": "[A-Z]{2}[0-9]+"}}, ["YK01"], ["YK", "yk01"]),
    ({"type": "string", "constraints": {"enum": ["甲", "乙"]}}, ["甲", "乙"], ["丙"]),
    ({"type": "string", "missingValues": ["-"]}, ["甲", "-"], [""]),
    ({"type": "string", "missingValues": [{"value": "-", "label": "无"}]}, ["甲", "-"], [""]),
    ({"type": "string", "categories": ["甲", {"value": "乙", "label": "B"}]}, ["甲"], ["丙"]),
    ({"type": "array"}, ['[1, "二"]', "[]"], ["{}", "[1", "x"]),
    ({"type": "array", "constraints": {"minLength": 1}}, ["[1]"], ["[]"]),
    ({"type": "array", "constraints": {"jsonSchema": {"items": {"type": "integer"}}}}, ["[1]"], ['["x"]']),
    ({"type": "object"}, ['{"a": 1}', "{}"], ["[]", "{"]),
    ({"type": "object", "constraints": {"jsonSchema": {"required": ["a"]}}}, ['{"a": 1}'], ["{}"]),
    ({"type": "list"}, ["a,b", "x"], [""]),
    ({"type": "list", "delimiter": ";", "itemType": "integer"}, ["1;2", "3"], ["a;b"]),
    ({"type": "geopoint"}, ["120.5, 40.25", "122,40"], ["200,40", "x"]),
    ({"type": "geopoint", "format": "array"}, ["[120.5, 40.25]"], ["120,40"]),
    ({"type": "geojson"}, ['{"type": "Point", "coordinates": [120, 40]}'], ["{}", "x"]),
    ({"type": "duration"}, ["P1Y2M", "PT8H"], ["1天", "P"]),
    ({"type": "yearmonth"}, ["2026-01"], ["2026-13", "2026"]),
    ({"type": "year", "constraints": {"minimum": 1990}}, ["1990", "2026"], ["1989", "26"]),
    ({"type": "integer", "constraints": {"exclusiveMinimum": 0}}, ["1", "20"], ["0"]),
    ({"type": "integer", "constraints": {"minimum": "0", "maximum": 9}}, ["0", "9"], ["10"]),
    ({"type": "number", "constraints": {"minimum": 0.5}}, ["0.5", "1"], ["0.49"]),
    ({"type": "date", "constraints": {"maximum": "2026-01-05"}}, ["2026-01-05"], ["2026-01-06"]),
    ({"type": "any"}, ["x", "1"], []),
    ({"type": "integer", "title": "数", "rdfType": "x:y", "example": 5}, ["1", "2"], ["x"]),
    ({}, ["x", "甲"], []),
]  # fmt: skip
DIALECTS: list[dict[str, Any]] = [
    {"quoteChar": "'"}, {"csv": {"quoteChar": "'"}}, {"csv": {"doubleQuote": False}},
    {"csv": {"doubleQuote": False, "escapeChar": "\\"}}, {"csv": {"skipInitialSpace": True}},
    {"commentChar": "#"}, {"header": False}, {"headerRows": [2]}, {"headerRows": [1, 2]},
    {"headerRows": [1, 2], "headerJoin": "-"}, {"headerCase": False}, {"delimiter": ";"},
    {"delimiter": "\t"}, {"csv": {"delimiter": "|"}}, {"csv": {"lineTerminator": "\n"}},
    {"csv": {"nullSequence": "-"}}, {"commentRows": [2]}, {"skipBlankRows": True},
    {"delimiter": ";", "quoteChar": "'"}, {"delimiter": "-"}, {"delimiter": ":"}, {"delimiter": "."},
]  # fmt: skip


def generated(choice: random.Random) -> tuple[dict[str, Any], list[list[str]]]:
    """A schema, and the texts of a table below its header."""
    chosen = [choice.choice(FIELDS) for _column in range(choice.randint(1, 4))]
    fields = [{"name": f"f{n}", **field} for n, (field, _right, _other) in enumerate(chosen)]
    for field in fields:
        if choice.random() < 0.15:
            extra = choice.choice([{"required": True}, {"unique": True}])
            field["constraints"] = {**field.get("constraints", {}), **extra}
    is_odd = choice.random() < 0.3
    rows = [
        [
            choice.choice(others)
            if is_odd and others and choice.random() < 0.2
            else choice.choice([*right * 4, ""])
            for _field, right, others in chosen
        ]
        for _row in range(choice.randint(1, 7))
    ]
    schema: dict[str, Any] = {"fields": fields}
    names = [field["name"] for field in fields]
    if choice.random() < 0.15:
        schema["primaryKey"] = choice.choice([names[0], names[:2], names])
    if choice.random() < 0.1:
        key = choice.choice([names[:1], names[:2]])
        schema["foreignKeys"] = [{"fields": key, "reference": {"resource": "", "fields": key}}]
    if choice.random() < 0.15:
        schema["missingValues"] = choice.choice(
            [["", "-"], ["-"], [{"value": "", "label": "无"}, {"value": "-", "label": "缺"}]]
        )
    if choice.random() < 0.05:
        schema["fieldsMatch"] = choice.choice(["exact", "equal", "subset", "superset", "partial"])
    return schema, rows


def described(
    choice: random.Random, folder: Path, schema: dict[str, Any], rows: list[list[str]]
) -> dict[str, Any]:
    """The resource of such a table, its files written."""
    resource: dict[str, Any] = {"name": "t", "path": "t.csv", "schema": schema}
    dialect = choice.choice([*DIALECTS, *[{}] * 12])
    if dialect:
        resource["dialect"] = dialect
    said = {**dialect, **dialect.get("csv", {})}
    how: dict[str, Any] = {
        "delimiter": said.get("delimiter", ","),
        "quotechar": said.get("quoteChar", '"'),
        "doublequote": said.get("doubleQuote", True),
        "escapechar": said.get("escapeChar"),
        "lineterminator": choice.choice(["\n", "\r\n"]),
    }
    if not how["doublequote"] and not how["escapechar"]:
        how["escapechar"] = "\\"
    header = [field["name"] for field in schema["fields"]]
    table = [header, *rows]
    if said.get("header") is False:
        table = rows
    elif said.get("headerRows") == [2] or "commentRows" in said:
        table.insert(choice.choice([0, 1]), ["说明"] * len(header))
    elif said.get("headerRows") == [1, 2]:
        table.insert(1, choice.choice([header, [""] * len(header)]))
    if "commentChar" in said:
        table.insert(choice.randint(0, len(table)), ["# 说明", *[""] * (len(header) - 1)])
    encoding = choice.choice(["utf-8"] * 5 + ["utf-8-sig", "gb18030", "gbk", "utf-16", "latin-1"])
    if encoding != "utf-8":
        resource["encoding"] = encoding
    output = io.StringIO()
    csv.writer(output, **how).writerows(table)
    text = output.getvalue()
    if said.get("skipInitialSpace"):
        text = text.replace(",", ", ")
    content = text.encode(encoding, "replace")
    if choice.random() < 0.12:
        # The same table in parts, of which the first alone has the header.
        lines = content.splitlines(keepends=True)
        cut = choice.randint(1, len(lines))
        (folder / "t.csv").write_bytes(b"".join(lines[:cut]))
        (folder / "u.csv").write_bytes(b"".join(lines[cut:]))
        resource["path"] = ["t.csv", "u.csv"]
    else:
        (folder / "t.csv").write_bytes(content)
    return resource


def one_case(folder: Path, choice: random.Random) -> str:
    """Make a table, judge it twice, compare; which verdict it got."""
    schema, rows = generated(choice)
    resource = described(choice, folder, schema, rows)
    context = (resource, (folder / "t.csv").read_bytes())
    expected, values = by_frictionless(folder, resource)
    found = verdict.problems(folder, [resource], dataset="mzj/t")
    compare_errors(found, expected, context)
    if values is not None:
        mine = [row for _texts, row in table_of(folder, resource, schema).rows()]
        assert repr(mine) == repr(values), context
    return "valid" if not expected else "invalid"


@pytest.mark.parametrize("large", [False, True], ids=["by-csv", "by-engine"])
def test_whatever_is_described_the_verdict_and_the_values_are_frictionlesss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: bool
) -> None:
    if large:
        monkeypatch.setattr(verdict, "LARGE", 0)
        monkeypatch.setattr(verdict, "WORTHWHILE", 0)
    count: Counter[str] = Counter()
    for number in range(CASES // 2):
        choice = random.Random(f"{large} {SEED} {number}")
        try:
            count[one_case(tmp_path, choice)] += 1
        except AssertionError:
            sys.stdout.write(f"case {large} {SEED} {number}\n")
            raise
    sys.stdout.write(f"{dict(count)}\n")
    assert min(count["valid"], count["invalid"]) >= CASES // 20
