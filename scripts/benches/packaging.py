"""Packaging beside Frictionless: workbooks written, and the look for personal data."""

from __future__ import annotations

import datetime as dt
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import frictionless

from kaishu.packaging import verdict
from kaishu.packaging.model import PublishedField
from kaishu.packaging.privacy import Scanner
from kaishu.packaging.tables import check_tables
from kaishu.packaging.xlsx import XlsxSink

ROWS, COLUMNS = 100_000, 20
QUICK = 5_000
KINDS = ("string", "integer", "number", "date", "boolean")


def run(options: list[str]) -> list[dict[str, Any]]:
    """CPU seconds on a table of 20 columns; `--quick` takes fewer rows."""
    count = QUICK if "--quick" in options else ROWS
    fields = [PublishedField(f"c{n}", KINDS[n % len(KINDS)]) for n in range(COLUMNS)]
    rows = [
        [f"站前区建设大街{n}号", n, Decimal(n) / 4, dt.date(2026, 1, 1 + n % 28), n % 2 == 0]
        * (COLUMNS // len(KINDS))
        for n in range(count)
    ]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ours = _workbook(folder / "ours.xlsx", fields, rows)
        names = [field.name for field in fields]
        begun = time.process_time()
        resource = frictionless.Resource(data=[names, *rows])
        resource.write(frictionless.Resource(path=str(folder / "theirs.xlsx")))
        theirs = time.process_time() - begun
    scan = _scan(count)
    return [
        *_checks(count),
        {
            "work": f"XLSX, {count:,} × {COLUMNS}",
            "measured": f"{ours:.2f} s CPU, {theirs / ours:.0f}× less than frictionless's writer",
            "target": "≥ 20×",
            "met": theirs / ours >= 20,
        },
        {
            "work": f"personal data looked for, {count:,} × {COLUMNS}",
            "measured": f"{scan:.2f} s CPU, {count / scan:,.0f} rows a second",
            "target": "≥ 100,000 rows a second",
            "met": count / scan >= 100_000,
        },
    ]


def _checks(count: int) -> list[dict[str, Any]]:
    """Clean tables judged: one long one, and many of fifty rows."""
    found = []
    small = max(count // 50, 20)
    with tempfile.TemporaryDirectory() as scratch:
        for work, tables, rows, target in (
            (f"one clean table of {count:,} × {COLUMNS}", 1, count, 30),
            (f"{small:,} packages of 50 rows × {COLUMNS}", small, 50, 10),
        ):
            folder = Path(scratch) / str(tables)
            folder.mkdir()
            schema = {
                "fields": [
                    {"name": f"c{n}", "type": KINDS[n % len(KINDS)]} for n in range(COLUMNS)
                ],
                "primaryKey": ["c1"],
            }
            header = ",".join(f"c{n}" for n in range(COLUMNS))
            described = []
            for table in range(tables):
                lines = [
                    ",".join(_cell(kind, n) for kind in KINDS * (COLUMNS // len(KINDS)))
                    for n in range(rows)
                ]
                (folder / f"t{table}.csv").write_text("\n".join([header, *lines]) + "\n")
                described.append({"name": f"t{table}", "path": f"t{table}.csv", "schema": schema})
            begun = time.process_time()
            assert not any(verdict.problems(folder, [one], dataset="a/b") for one in described)
            ours = time.process_time() - begun
            begun = time.process_time()
            assert not any(check_tables(folder, [one], dataset="a/b") for one in described)
            theirs = time.process_time() - begun
            found.append(
                {
                    "work": work,
                    "measured": f"{ours:.2f} s CPU, {theirs / ours:.0f}× less than frictionless",
                    "target": f"≥ {target}×",
                    "met": theirs / ours >= target,
                }
            )
    return found


def _cell(kind: str, n: int) -> str:
    return {
        "string": f"站前区建设大街{n}号",
        "integer": str(n),
        "number": f"{n}.25",
        "date": f"2026-01-{1 + n % 28:02}",
        "boolean": "true" if n % 2 else "false",
    }[kind]


def _workbook(path: Path, fields: list[PublishedField], rows: list[list[Any]]) -> float:
    begun = time.process_time()
    sink = XlsxSink(path, fields, dt.date(2026, 1, 1))
    for row in rows:
        sink.row((), row)
    sink.close()
    return time.process_time() - begun


def _scan(count: int) -> float:
    scanner = Scanner([{"name": f"c{n}"} for n in range(COLUMNS)])
    row = ["站前区建设大街", "2026-01-01", "12.5", "甲"] * (COLUMNS // 4)
    begun = time.process_time()
    for number in range(count):
        scanner.row(number, row)
    return time.process_time() - begun
