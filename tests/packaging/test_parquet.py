"""Parquet has the exact types that the values need."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.packaging.written import written

from kaishu.packaging import parquet
from kaishu.packaging.model import PublishedField


def test_parquet_has_exact_types_and_true_nulls(out: Path) -> None:
    found = duckdb.connect().execute(f"SELECT * FROM '{out / 't.parquet'}'")
    types = {column[0]: str(column[1]) for column in found.description or ()}
    assert types["big"] == "BIGINT"
    assert types["amount"] == "DECIMAL(23,3)"
    assert (types["day"], types["at"], types["yes"]) == ("DATE", "TIMESTAMP", "BOOLEAN")
    rows = found.fetchall()
    assert rows[0][:2] == ("0417", 123456789012345678)
    assert rows[0][6] == '甲,乙\r\n丙 "丁"'
    assert rows[2] == ("3", None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("values", "type_"),
    [
        (["9223372036854775807", "-9223372036854775808"], "BIGINT"),
        (["9223372036854775808"], "DECIMAL(38,0)"),
        (["9" * 39], "VARCHAR"),
        (["007"], "BIGINT"),
    ],
)
def test_wide_integers_are_never_rounded(tmp_path: Path, values: list[str], type_: str) -> None:
    schema = {"fields": [{"name": "n", "type": "integer"}, {"name": "x", "type": "string"}]}
    done = written(tmp_path, "".join(f"{value},x\n" for value in values), schema, "n,x\n")
    assert done.types["n"].replace(", ", ",") == type_
    rows = duckdb.connect().execute(f"SELECT n FROM '{tmp_path / 'out/t.parquet'}'").fetchall()
    assert [int(row[0]) for row in rows] == [int(value) for value in values]


def test_columns_without_values_keep_their_declared_types(tmp_path: Path) -> None:
    schema = {"fields": [{"name": kind, "type": kind} for kind in ("integer", "date", "string")]}
    done = written(tmp_path, "", schema, "integer,date,string\n")
    assert done.types == {"integer": "BIGINT", "date": "DATE", "string": "VARCHAR"}


@pytest.mark.parametrize("rows", [[], [[None, None]], [['甲\n"乙",', 1], [None, 2], ["", None]]])
def test_few_rows_and_many_make_the_same_parquet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: list[list[Any]]
) -> None:
    fields = [PublishedField("a", "string"), PublishedField("n", "integer")]
    found = []
    for few in (10**6, -1):
        monkeypatch.setattr(parquet, "_FEW", few)
        sink = parquet.ParquetSink(tmp_path / "t.parquet", fields)
        for row in rows:
            sink.row((), row)
        sink.close()
        found.append((sink.types, (tmp_path / "t.parquet").read_bytes()))
        assert [path.name for path in tmp_path.iterdir()] == ["t.parquet"]
    assert found[0] == found[1]
    assert duckdb.sql(f"FROM '{tmp_path / 't.parquet'}'").fetchall() == [tuple(row) for row in rows]
