"""Tables as generated for a comparison: descriptions and bytes, mostly right and often odd."""

from __future__ import annotations

import csv
import io
from typing import Any

from hypothesis import strategies as st

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
