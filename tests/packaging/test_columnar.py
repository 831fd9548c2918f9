"""Parquet of a large table has the types and values that its rows would give."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.displays import Seen

from kaishu.base import progress
from kaishu.packaging import columnar, engine, faults, lines, verdict
from kaishu.packaging.parquet import ParquetSink
from kaishu.packaging.rows import table_of

TYPES = ("integer", "number", "boolean", "date", "datetime", "string", "year", "any")


@pytest.fixture(autouse=True)
def _however_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columnar, "WORTHWHILE", 0)


def both(
    folder: Path, content: str, fields: list[dict[str, Any]], **schema: Any
) -> tuple[Any, Any]:
    """Types and rows of the file written at once, and of that written row by row."""
    (folder / "t.csv").write_text(content, encoding="utf-8", newline="")
    described = {"fields": fields, **schema}
    resource = {"name": "t", "path": "t.csv", "schema": described}
    table = table_of(folder, resource, described)
    types = columnar.write(folder, resource, table.fields, folder / "once.parquet")
    sink = ParquetSink(folder / "rows.parquet", table.fields)
    for texts, values in table.rows():
        sink.row(texts, values)
    sink.close()
    once = None if types is None else (types, read(folder / "once.parquet"))
    return once, (sink.types, read(folder / "rows.parquet"))


def read(path: Path) -> list[tuple[Any, ...]]:
    """The rows of a Parquet file, as texts."""
    query = "SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)"
    return engine.connection().execute(query, [str(path)]).fetchall()


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("integer", ["1", "-20", "", "007", "123456789012345678"]),
        ("number", ["1.50", "0.25", "", "-0"]),
        ("number", ["0.25", "0.5", ".75"[1:], "0"]),
        ("number", ["0.25", "-0.50"]),
        ("number", ["123456789012345678.123456789012345678", "999999"]),
        ("number", ["", ""]),
        ("boolean", ["true", "False", "1", "0", ""]),
        ("date", ["2024-02-29", "", "1999-12-31"]),
        ("datetime", ["2026-01-05T08:00:00", "2026-01-05 08:00:01", ""]),
        ("datetime", ["2026-01-05T08:00:00Z", ""]),
        ("year", ["2026", ""]),
        ("string", ["中心公园", "", '"a,b"', '"say ""x"""', " 空格 ", "=1+1"]),
        ("string", ["", ""]),
        ("any", ["x", ""]),
        ("date", ["", ""]),
    ],
)
def test_the_types_and_values_are_those_of_the_rows(
    tmp_path: Path, kind: str, cells: list[str]
) -> None:
    content = "a,n\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))
    fields = [{"name": "a", "type": kind}, {"name": "n", "type": "integer"}]
    once, rows = both(tmp_path, content, fields)
    assert once == rows


def test_other_texts_for_what_is_missing_are_no_values(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "integer"}, {"name": "A", "type": "string"}]
    once, rows = both(tmp_path, "a,A\n1,\n-,x\n", fields, missingValues=["-"])
    assert once == rows
    assert once[1] == [("1", ""), (None, "x")]


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        ("integer", [" 5 "]),
        ("time", ["08:00:00"]),
        ("datetime", ["2026-01-05T08:00:00Z", "2026-01-05T08:00:00"]),
        ("integer", ["x"]),
    ],
)
def test_what_is_not_plain_is_left_to_the_rows(tmp_path: Path, kind: str, cells: list[str]) -> None:
    content = "a,n\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))
    fields = [{"name": "a", "type": kind}, {"name": "n", "type": "integer"}]
    assert both(tmp_path, content, fields)[0] is None
    assert not (tmp_path / "once.parquet").exists()


def test_a_small_table_is_written_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(columnar, "WORTHWHILE", 1000)
    assert both(tmp_path, "a\n1\n", [{"name": "a", "type": "integer"}])[0] is None


def test_constraints_are_not_looked_at_again(tmp_path: Path) -> None:
    fields = [{"name": "a", "type": "string", "constraints": {"pattern": "(?=x)x+"}}]
    once, rows = both(tmp_path, "a\nx\nxx\n", fields, primaryKey="a")
    assert once == rows


@pytest.mark.parametrize(
    ("kind", "usual", "unusual"),
    [
        ("number", "1.5", "1.125"),
        ("number", "1.5", "1234567.5"),
        ("datetime", "2026-01-05T08:00:00", "2026-01-05T08:00:00Z"),
        ("string", "", "x"),
        ("integer", "", "5"),
    ],
)
def test_a_value_amid_the_table_may_need_another_type(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, usual: str, unusual: str
) -> None:
    monkeypatch.setattr(lines, "_ENDS", 500)
    cells = [*[usual] * 200, unusual, *[usual] * 200]
    content = "a,n\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))
    fields = [{"name": "a", "type": kind}, {"name": "n", "type": "integer"}]
    once, rows = both(tmp_path, content, fields)
    assert once == (None if unusual.endswith("Z") else rows)
    # What the check has found is believed, and no more.
    schema = {"fields": fields}
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    monkeypatch.setattr(verdict, "LARGE", 0)
    monkeypatch.setattr(verdict, "WORTHWHILE", 0)
    verdict.problems(tmp_path, [resource], dataset="a/b")
    assert both(tmp_path, content, fields)[0] == once


@pytest.mark.parametrize("way", range(3))
def test_the_one_query_of_a_large_table_is_shown_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: int
) -> None:
    seen = Seen()
    monkeypatch.setattr(progress, "_LARGE", 1_000_000)
    monkeypatch.setattr(progress, "_OFTEN", 0.002)
    monkeypatch.setattr(verdict, "LARGE", 0)
    monkeypatch.setattr(faults, "WAYS", faults.WAYS[way : way + 1])
    rows = "".join(f"{n},这是第{n}行较长的文字\n" for n in range(300_000))
    (tmp_path / "t.csv").write_text(f"a,b\n{rows}", encoding="utf-8")
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]
    resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
    total = (tmp_path / "t.csv").stat().st_size // progress.MEGABYTE
    with progress.shown_by(seen):
        assert verdict.problems(tmp_path, [resource], dataset="a/b") == []
        checked = seen.told.copy()
        table = table_of(tmp_path, resource, resource["schema"])
        assert columnar.write(tmp_path, resource, table.fields, tmp_path / "t.parquet")
    assert checked[0] == ("正在检查 t.csv（MB）", total)
    assert 7 in checked
    assert checked[-1] == -7
    assert ("正在写入 t.parquet（MB）", total) in seen.told
    assert seen.told.count(7) > checked.count(7)


@pytest.mark.parametrize("digits", [15, 16, 18, 19, 30, 38, 39])
@pytest.mark.parametrize("kind", ["integer", "number"])
@pytest.mark.parametrize("is_checked", [False, True])
def test_long_numbers_have_the_types_that_rows_give(
    tmp_path: Path, digits: int, kind: str, is_checked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdict, "LARGE", 0)
    monkeypatch.setattr(verdict, "WORTHWHILE", 0)
    rows = [str(n) for n in range(40_000)]
    rows[20_000:20_002] = ["9" * digits, "-" + "0" + "8" * digits]
    content = "a\n" + "\n".join(rows) + "\n"
    fields = [{"name": "a", "type": kind}]
    if is_checked:
        (tmp_path / "t.csv").write_text(content)
        resource = {"name": "t", "path": "t.csv", "schema": {"fields": fields}}
        assert verdict.problems(tmp_path, [resource], dataset="a/b") == []
    once, by_rows = both(tmp_path, content, fields)
    assert once in (None, by_rows)
    assert digits > 15 or once is not None
