"""Every format holds the same table: read back by another program, values equal the schema's."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import duckdb
import pytest
from openpyxl import load_workbook
from tests.displays import Seen
from tests.packaging.written import HEADER, ROWS, written

from kaishu.base import progress
from kaishu.packaging import sinks, xlsx
from kaishu.packaging.rows import table_of
from kaishu.packaging.tables import check_tables, read_rows


def test_plain_csv_is_true_to_every_cell(out: Path) -> None:
    content = (out / "t.csv").read_bytes()
    assert not content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode(), newline="")))
    assert rows == list(csv.reader(io.StringIO(HEADER + ROWS, newline="")))


def test_the_csv_for_excel_has_a_mark_and_no_formula(out: Path) -> None:
    content = (out / "t.excel.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[2][6] == "'=1+1"
    assert rows[1][0] == "0417"


@pytest.mark.parametrize(
    "text", ["=cmd|x", "+1", "-2+3", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1+1"]
)
def test_what_would_act_as_a_formula_is_set_off_where_spreadsheets_read(
    tmp_path: Path, text: str
) -> None:
    schema = {"fields": [{"name": "a", "type": "string"}, {"name": "n", "type": "integer"}]}
    quoted = '"' + text + '"'
    written(tmp_path, f"{quoted},-5\n", schema, "a,n\n")
    [_head, (plain, number)] = csv.reader(
        io.StringIO((tmp_path / "out/t.csv").read_bytes().decode(), newline="")
    )
    assert (plain, number) == (text, "-5")
    excel = (tmp_path / "out/t.excel.csv").read_bytes().decode("utf-8-sig")
    [_head, (neutral, number)] = csv.reader(io.StringIO(excel, newline=""))
    assert (neutral, number) == (f"'{text}", "-5")
    cell = load_workbook(tmp_path / "out/t.xlsx").worksheets[0]["A2"]
    assert cell.data_type in ("s", "inlineStr")
    assert cell.quotePrefix


def test_json_and_ndjson_keep_types_and_never_round(out: Path) -> None:
    first, second, third = json.loads((out / "t.json").read_text())
    assert first == {
        "id": "0417", "big": 123456789012345678, "amount": 0.1, "day": "2026-03-02",
        "at": "2026-03-02T08:30:00", "yes": True, "备注 1": '甲,乙\r\n丙 "丁"',
    }  # fmt: skip
    assert second["amount"] == "12345678901234567890.123"
    assert set(third.values()) == {"3", None}
    lines = (out / "t.ndjson").read_text().splitlines()
    assert [json.loads(line) for line in lines] == [first, second, third]


def test_xml_is_well_formed_with_legal_names_that_are_explained(out: Path) -> None:
    root = ET.parse(out / "t.xml").getroot()
    names = {field.get("element"): field.get("name") for field in root.find("fields") or ()}
    assert names["备注_1"] == "备注 1"
    first, second, third = root.findall("record")
    assert first.findtext("备注_1") == '甲,乙\r\n丙 "丁"'
    assert second.findtext("amount") == "12345678901234567890.123"
    assert [child.tag for child in third] == ["id"]


def test_an_empty_text_is_not_a_missing_one(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "a", "type": "string"}, {"name": "b", "type": "string"}],
        "missingValues": ["-"],
    }
    written(tmp_path, ',-\n"",x\n', schema, "a,b\n")
    rows = duckdb.connect().execute(f"SELECT * FROM '{tmp_path / 'out/t.parquet'}'").fetchall()
    assert rows == [("", None), ("", "x")]


def test_a_table_without_rows_has_every_format(tmp_path: Path) -> None:
    done = written(tmp_path, "")
    assert len(done.files) == 7
    assert json.loads((tmp_path / "out/t.json").read_text()) == []
    assert (
        duckdb.connect().execute(f"SELECT * FROM '{tmp_path / 'out/t.parquet'}'").fetchall() == []
    )


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        written(folder)
    for path in (one / "out").iterdir():
        assert path.read_bytes() == (other / "out" / path.name).read_bytes(), path.name
    assert not list((one / "out").glob(".*"))


def test_formats_too_big_to_be_useful_are_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("sinks", "xml", "geojson"):
        monkeypatch.setattr(f"kaishu.packaging.{module}.DOCUMENT_CELLS", 14)
    monkeypatch.setattr(xlsx, "SHEETS", 1)
    monkeypatch.setattr("kaishu.packaging.workbook.SHEET_ROWS", 3)
    done = written(tmp_path)
    assert [kind for kind, _path in done.files] == ["csv", "parquet", "ndjson", "excel.csv"]
    assert {kind for kind, _why in done.notes} == {"xlsx", "json", "xml"}
    assert sorted(path.suffix for path in (tmp_path / "out").iterdir()) == [
        ".csv", ".csv", ".ndjson", ".parquet",
    ]  # fmt: skip
    assert sinks.DOCUMENT_CELLS == 14


def test_a_number_or_a_name_written_as_a_formula_is_set_off_too(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "=1+1", "type": "number", "bareNumber": False}]}
    written(tmp_path, "\"=cmd|'/c calc'!A0\"\n-5\n", schema, "=1+1\n")
    lines = (tmp_path / "out/t.excel.csv").read_bytes().decode("utf-8-sig").splitlines()
    assert lines == ["'=1+1", "'=cmd|'/c calc'!A0", "-5"]


def test_a_lone_sign_for_no_data_stays_as_it_is(tmp_path: Path) -> None:
    written(tmp_path, "-\n－\n", {"fields": [{"name": "a", "type": "string"}]}, "a\n")
    assert (tmp_path / "out/t.excel.csv").read_bytes().decode("utf-8-sig").split() == [
        "a", "-", "－",
    ]  # fmt: skip


def test_names_that_old_readers_of_xml_refuse_are_replaced(tmp_path: Path) -> None:
    names = ["①人口", "面积m²", "Ａ栏", "鿏", "ª", "1a", "xmlns", "a b", "人口"]
    schema = {"fields": [{"name": name, "type": "string"} for name in names]}
    written(tmp_path, ",".join("123456789") + "\n", schema, ",".join(names) + "\n")
    root = ET.parse(tmp_path / "out/t.xml").getroot()
    told = {one.get("element"): one.get("name") for one in root.find("fields") or ()}
    record = root.find("record")
    assert record is not None
    assert {told[cell.tag]: cell.text for cell in record} == dict(
        zip(names, "123456789", strict=True)
    )


def test_months_points_and_durations_are_written_as_the_standard_does(tmp_path: Path) -> None:
    kinds = ("yearmonth", "geopoint", "duration", "array")
    schema = {"fields": [{"name": kind, "type": kind} for kind in kinds]}
    written(tmp_path, '2026-03,"122.5, 40.5",P1DT2H,"[NaN, 1]"\n', schema, ",".join(kinds) + "\n")
    [record] = json.loads(
        (tmp_path / "out/t.json").read_text(), parse_constant=lambda text: pytest.fail(text)
    )
    assert list(record.values()) == ["2026-03", "122.5,40.5", "P1DT2H", ["nan", 1]]


@pytest.mark.parametrize(
    "values", [["sNaN", "1"], ["1e400", "1", "3"], ["1.7e308", "-1.7e308"], ["1e999999999"]]
)
def test_numbers_beyond_double_precision_stop_nothing(tmp_path: Path, values: list[str]) -> None:
    schema = {"fields": [{"name": "n", "type": "number"}]}
    done = written(tmp_path, "\n".join(values) + "\n", schema, "n\n")
    assert len(done.files) == 7
    [_head, *cells] = load_workbook(tmp_path / "out/t.xlsx").worksheets[0].values
    assert isinstance(cells[0][0], str) or abs(cells[0][0]) < 1e300


def test_integers_of_any_length_are_profiled(tmp_path: Path) -> None:
    schema = {"fields": [{"name": "n", "type": "integer"}]}
    done = written(tmp_path, "9" * 400 + "\n1\n", schema, "n\n")
    assert done.profile["columns"][0]["max"] == "9" * 400


@pytest.mark.parametrize(
    ("content", "more"),
    [
        ("企业名录\na,b,c\n1,01.50,x\n2,2,y\n3,,\n4,,\n", {}),
        ("a;b;c\n1;01.50;x\n2;2;y\n", {}),
        ("# 说明\na,b,c\n1,01.50,x\n2,2,y\n", {"dialect": {"commentChar": "#"}}),
        ("1,01.50,x\n2,2,y\n", {"dialect": {"header": False}}),
        ("a, b, c\n1, 01.50, x\n2, 2, y\n", {"dialect": {"skipInitialSpace": True}}),
        ("c,a,b\nx,1,01.50\ny,2,2\n", {"fieldsMatch": "equal"}),
    ],
)
def test_texts_are_as_written_whatever_frictionless_makes_of_the_file(
    tmp_path: Path, content: str, more: dict[str, Any]
) -> None:
    (tmp_path / "t.csv").write_text(content)
    kinds = {"a": "integer", "b": "number", "c": "string"}
    schema: dict[str, Any] = {
        "fields": [{"name": name, "type": kind} for name, kind in kinds.items()]
    }
    schema |= {name: more.pop(name) for name in ("fieldsMatch",) if name in more}
    table = table_of(tmp_path, {"name": "t", "path": "t.csv", "schema": schema, **more}, schema)
    rows = [["1", "01.50", "x"], ["2", "2", "y"]]
    assert [texts for texts, _values in table.rows()] == list(table.texts())
    assert list(table.texts())[:2] == rows
    assert [[str(one) for one in values] for _texts, values in table.rows()][:2] == [
        ["1", "1.50", "x"],
        ["2", "2", "y"],
    ]


@pytest.mark.parametrize(
    ("match", "header", "names"),
    [
        ("equal", "b,a", ["a", "b"]),
        ("subset", "b,x,a", ["a", "b", "x"]),
        ("subset", "a,b,备注", ["a", "b", "备注"]),
        ("superset", "a", ["a", "b"]),
        ("partial", "x,a", ["a", "b", "x"]),
        ("partial", "y,b,x", ["a", "b", "y", "x"]),
        ("partial", "a,b,a b", ["a", "b", "a b"]),
    ],
)
def test_columns_that_the_schema_lets_a_header_have_are_in_every_format_as_frictionless_reads_them(
    tmp_path: Path, match: str, header: str, names: list[str]
) -> None:
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]
    schema = {"fields": fields, "fieldsMatch": match}
    width = header.count(",") + 1
    lines = [[f"{n}{column}" for column in range(width)] for n in range(1, 12)]
    content = "".join(",".join(line) + "\n" for line in [*lines, [""] * (width - 1) + ["7"]])
    resource = {"name": "t", "path": "t.csv", "schema": schema}
    done = written(tmp_path, content, schema, f"{header}\n")
    assert check_tables(tmp_path, [resource], dataset="a/b") == []
    theirs = [
        {name: row.get(name) for name in names} for _cells, row in read_rows(tmp_path, resource)
    ]
    out = tmp_path / "out"
    assert [json.loads(line) for line in (out / "t.ndjson").open()] == theirs
    assert json.loads((out / "t.json").read_bytes()) == theirs
    with (out / "t.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert rows == [
        {name: "" if value is None else str(value) for name, value in row.items()} for row in theirs
    ]
    assert list(rows[0]) == names
    query = duckdb.execute(f"FROM '{out / 't.parquet'}'")
    assert [one[0] for one in query.description or ()] == names
    assert [dict(zip(names, row, strict=True)) for row in query.fetchall()] == theirs
    sheet = load_workbook(out / "t.xlsx").worksheets[0]
    head, *cells = sheet.iter_rows(values_only=True)
    assert list(head) == names
    assert [dict(zip(names, row, strict=True)) for row in cells] == theirs
    records = ET.parse(out / "t.xml").getroot().findall("record")
    assert len(records) == len(theirs)
    assert [len(record) for record in records] == [
        sum(value is not None for value in row.values()) for row in theirs
    ]
    assert [one["name"] for one in done.profile["columns"]] == names


@pytest.mark.parametrize(
    ("content", "more", "names"),
    [
        ("a,b\n甲,x\n乙,y\n", {}, ["a", "b"]),
        ("甲,x\n乙,y\n", {"dialect": {"header": False}}, ["field1", "field2"]),
        ("企业名录\na,b\n甲,x\n乙,y\n", {"dialect": {"headerRows": [2]}}, ["a", "b"]),
        ("a|b\n甲|x\n乙|y\n", {"dialect": {"delimiter": "|"}}, ["a", "b"]),
    ],
)
def test_a_table_without_a_schema_has_the_columns_that_frictionless_finds(
    tmp_path: Path, content: str, more: dict[str, Any], names: list[str]
) -> None:
    (tmp_path / "t.csv").write_text(content)
    table = table_of(tmp_path, {"name": "t", "path": "t.csv", **more}, None)
    assert [field.name for field in table.fields] == names
    assert [values for _texts, values in table.rows()] == [["甲", "x"], ["乙", "y"]]


def test_long_work_within_one_table_is_told_as_it_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = Seen()
    monkeypatch.setattr(progress, "_LARGE", 2_000_000)
    content = "这是一行较长的文字，共有若干个字\n" * 60_000
    with progress.shown_by(seen):
        written(tmp_path, content, {"fields": [{"name": "a", "type": "string"}]}, "a\n")
    total = len(content.encode()) // 1_000_000
    # The engine's own pass, which writes Parquet, is told before.
    [begun, *steps, end] = seen.told[seen.told.index(("正在写入 t（MB）", total)) :]
    assert (begun, end) == (("正在写入 t（MB）", total), -7)
    assert 0 < len(steps) <= total


def test_whole_numbers_are_numbers_of_json_however_long(tmp_path: Path) -> None:
    wide = ["9007199254740991", "-9007199254740991", "9007199254740992", "-9007199254740993"]
    schema = {"fields": [{"name": "a", "type": "integer"}]}
    written(tmp_path, "".join(f"{one}\n" for one in wide), schema, "a\n")
    given = [int(one) for one in wide]
    read = json.loads((tmp_path / "out" / "t.json").read_text(encoding="utf-8"))
    lines = (tmp_path / "out" / "t.ndjson").read_text(encoding="utf-8").splitlines()
    assert [one["a"] for one in read] == [json.loads(line)["a"] for line in lines] == given
    stored = duckdb.sql(f"SELECT a FROM '{tmp_path}/out/t.parquet'").fetchall()
    assert [a for (a,) in stored] == [int(one) for one in wide]
