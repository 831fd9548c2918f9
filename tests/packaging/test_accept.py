"""What is accepted at once is what Frictionless accepts, with the same values; the rest is its own.

`KAISHU_PARITY_CASES=5000` makes the differential run a long one.
"""

from __future__ import annotations

import csv
import io
import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kaishu.packaging import accept
from kaishu.packaging.tables import check_tables, read_rows

CASES = int(os.environ.get("KAISHU_PARITY_CASES", "300"))
# Cells that engines and Frictionless are known to see differently, among ordinary ones.
ORDINARY = {
    "integer": ["1", "20", "-3", "007", "123456789012345678"],
    "number": ["1", "2.50", "-0.1", "1e3", "100.00000000000000000001"],
    "string": ["甲", "中心公园", " 空格 ", "a,b", 'say "x"', "=1+1", "两\n行"],
    "boolean": ["true", "false", "1", "0", "True"],
    "date": ["2026-01-05", "2024-02-29", "1999-12-31"],
    "datetime": ["2026-01-05T08:00:00", "2026-01-05T08:00:00Z", "1999-12-31T23:59:59"],
    "time": ["08:00:00", "23:59:59"],
    "year": ["2026", "1999"],
    "any": ["x", "1"],
}
TRAPS = [
    "", "-", " ", " 5 ", "1.0", "1e3", "0x1F", "1_000", "１２", "2024-1-2", "24:00:00", "NaN", "sNaN",
    "inf", "-Infinity", "2026-02-30", "０", "\u00a05", "yes", "TRUE ", "1,000", "٣", "9" * 400,
    "2026-01-05 08:00:00", "20260105", "\ufeff1", "'quoted'", "a;b", "a\tb", "a|b", "\r", "x\r\ny",
]  # fmt: skip
CONSTRAINTS: dict[str, list[dict[str, Any]]] = {
    "integer": [{"minimum": 0}, {"maximum": 100}, {"unique": True}, {"enum": [1, 20]}],
    "number": [{"maximum": 100}, {"minimum": -1}, {"exclusiveMaximum": 100}],
    "string": [{"pattern": "[甲乙a-z]+"}, {"minLength": 2}, {"maxLength": 3}, {"unique": True},
               {"enum": ["甲", "乙"]}],
    "date": [{"minimum": "2000-01-01"}],
}  # fmt: skip


@st.composite
def cases(draw: st.DrawFn) -> tuple[dict[str, Any], bytes]:
    """A resource's description and its file's bytes."""
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
    rows = draw(st.lists(st.tuples(*columns), min_size=1, max_size=8))
    schema: dict[str, Any] = {"fields": fields}
    if draw(st.integers(0, 3)) == 0:
        schema["primaryKey"] = ["f0"]
    if draw(st.integers(0, 3)) == 0:
        schema["missingValues"] = ["", "-"]
    header = [field["name"] for field in fields]
    table: list[list[str]] = [header, *map(list, rows)]
    twist = draw(
        st.sampled_from(["", "", "", "", "wide", "short", "blank", "header", "crlf", "tail"])
    )
    if twist == "wide":
        table[-1].append("more")
    elif twist == "short" and len(header) > 1:
        table[-1].pop()
    elif twist == "blank":
        table.append([""] * len(header))
    elif twist == "header":
        table[0][0] += " "
    output = io.StringIO()
    csv.writer(output, lineterminator="\r\n" if twist == "crlf" else "\n").writerows(table)
    text = output.getvalue() + ("\n\n" if twist == "tail" else "")
    return {"name": "t", "path": "t.csv", "schema": schema}, text.encode()


def judged(folder: Path, table: dict[str, Any]) -> tuple[bool, bool]:
    """Whether it is accepted at once, and whether Frictionless finds it valid; values compared."""
    accepted = accept.conforms(folder, table)
    valid = check_tables(folder, [table], dataset="mzj/t") == []
    if accepted:
        assert valid, "accepted, and Frictionless finds something"
        ours, theirs = accept.read(folder, table), read_rows(folder, table)
        assert ours is not None
        assert [repr(row) for row in ours] == [repr(row) for row in theirs]
    return accepted, valid


def test_what_is_accepted_is_valid_and_reads_the_same(tmp_path: Path) -> None:
    count = {(True, True): 0, (False, True): 0, (False, False): 0}

    @settings(
        max_examples=CASES, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(cases())
    def compare(case: tuple[dict[str, Any], bytes]) -> None:
        table, content = case
        (tmp_path / "t.csv").write_bytes(content)
        count[judged(tmp_path, table)] += 1

    compare()
    sys.stdout.write(f"accepted at once, valid after all, invalid: {list(count.values())}\n")
    # Parity would be vacuous if nothing were accepted, and untried if nothing were wrong.
    assert count[True, True] >= CASES // 8
    assert count[False, False] >= CASES // 8


@pytest.mark.parametrize(
    ("content", "schema"),
    [
        ("a\n1\n1\n", {"fields": [{"name": "a"}], "primaryKey": "a"}),
        ("a\n1\n2\n", {"fields": [{"name": "a"}], "foreignKeys": []}),
        ("a,a\n1,2\n", {"fields": [{"name": "a"}, {"name": "a"}]}),
        ("b\n1\n", {"fields": [{"name": "a"}]}),
        ("a\n\n1\n", {"fields": [{"name": "a"}]}),
        ("", {"fields": [{"name": "a"}]}),
        ("a\n1\n", {"fields": []}),
        ("a\n1\n", {"fields": [{"name": "a", "type": "integre"}]}),
        ("a\n1\n", {"fields": [{"name": "a", "type": "integer", "constraints": {"pattern": "1"}}]}),
    ],
)
def test_the_least_doubt_is_frictionlesss_to_judge(
    tmp_path: Path, content: str, schema: dict[str, Any]
) -> None:
    (tmp_path / "t.csv").write_text(content)
    assert not accept.conforms(tmp_path, {"name": "t", "path": "t.csv", "schema": schema})


def test_another_dialect_is_doubted_where_the_sniffer_would_guess_otherwise(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1;2\n3;4\n")
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a;b"}]}}
    judged(tmp_path, table)
    two = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}]}
    stated = {**table, "schema": two, "dialect": {"delimiter": ";"}}
    assert judged(tmp_path, stated) == (True, True)


def test_the_published_packages_at_hand_get_their_known_verdicts(tmp_path: Path) -> None:
    folder = os.environ.get("KAISHU_CORPORA")
    root = Path(folder) / "packages" if folder else tmp_path
    (tmp_path / "own").mkdir()
    (tmp_path / "own/datapackage.json").write_text(
        json.dumps({"name": "own", "resources": [
            {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a", "type": "integer"}]}}
        ]})
    )  # fmt: skip
    (tmp_path / "own/t.csv").write_text("a\n1\n")
    seen = 0
    for path in sorted(root.glob("*/datapackage.json")):
        for table in json.loads(path.read_text(encoding="utf-8"))["resources"]:
            if str(table.get("path", "")).endswith(".csv") and isinstance(
                table.get("schema"), dict
            ):
                judged(path.parent, table)
                seen += 1
    assert seen
