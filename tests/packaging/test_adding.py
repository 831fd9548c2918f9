"""From messy files to datasets that pass the check: encodings, sheets, titles, types, names."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml
from click.testing import CliRunner
from tests.packaging.labelled import TABLES
from tests.packaging.labelled_more import TABLES as MORE
from tests.portals import small_portal

from kaishu.base.errors import UsageError
from kaishu.catalog.load import load
from kaishu.cli.main import main_group
from kaishu.packaging.adding import Added, add
from kaishu.packaging.check import check_portal
from kaishu.packaging.infer import infer
from kaishu.packaging.sources import read

TEXT = "站点代码,名称,客流（人次）\n0417,东站,120\n0418,西站,98\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def added(root: Path, table: Path, **more: str | None) -> Added:
    options: dict[str, str | None] = {"name": None, "sheet": None, **more}
    portal = load(root).portal
    return add(root, portal, table, "mzj", options["name"], options["sheet"])


def described(one: Added) -> dict[str, object]:
    value = yaml.safe_load((one.folder / "datapackage.yaml").read_text(encoding="utf-8"))
    assert isinstance(value, dict)
    return value


def passes(root: Path, one: Added) -> None:
    """The new dataset has no error, and nothing but its review and the like to be filled."""
    _catalog, problems = check_portal(root, [one.folder])
    assert {problem.code for problem in problems} <= {"missing-review", "same-data"}


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8（带 BOM）"), ("gb18030", "GB18030"),
     ("utf-16", "UTF-16（带 BOM）"), ("utf-16-le", "UTF-16-LE")],
)  # fmt: skip
def test_any_common_encoding_becomes_utf_8_and_is_said(
    root: Path, tmp_path: Path, encoding: str, said: str
) -> None:
    table = tmp_path / "客流.csv"
    table.write_bytes(TEXT.encode(encoding))
    one = added(root, table)
    assert one.facts[0] == f"编码：{said}"
    assert one.folder.name == "ke-liu"
    data = (one.folder / "data/ke-liu.csv").read_bytes().decode("utf-8")
    assert data == "zhan_dian_dai_ma,name,ke_liu\n0417,东站,120\n0418,西站,98\n"
    passes(root, one)


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_any_common_delimiter_is_found(root: Path, tmp_path: Path, delimiter: str) -> None:
    table = tmp_path / "t.csv"
    table.write_text(TEXT.replace(",", delimiter), encoding="utf-8")
    one = added(root, table)
    assert len(one.guesses) == 3
    passes(root, one)


def test_what_was_guessed_is_listed_and_written(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(TEXT, encoding="utf-8")
    one = added(root, table, name="flows")
    assert one.guesses[0][1:3] == ("zhan_dian_dai_ma", "string")
    resource = described(one)["resources"][0]  # type: ignore[index]
    assert resource["schema"]["primaryKey"] == ["zhan_dian_dai_ma"]
    assert resource["schema"]["fields"][2] == {
        "name": "ke_liu", "type": "integer", "title": "客流", "unit": "人次",
    }  # fmt: skip


def test_titles_and_merged_headers_of_a_sheet_are_recognised(root: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "统计表"
    for row in (["2026年公园客流统计表"], ["单位", "上半年", None, "备注"], [None, "人次", "同比", None],
                ["东公园", 120, 0.5, "甲"], ["西公园", 98, 0.25, "乙"]):  # fmt: skip
        sheet.append(row)
    for merged in ("A1:D1", "B2:C2", "A2:A3", "D2:D3"):
        sheet.merge_cells(merged)
    table = tmp_path / "t.xlsx"
    book.save(table)
    one = added(root, table)
    assert "工作表：统计表" in one.facts
    assert any("2026年公园客流统计表" in fact for fact in one.facts)
    titles = [guess[0] for guess in one.guesses]
    assert titles == ["单位", "上半年_人次", "上半年_同比", "备注"]
    passes(root, one)


def test_codes_in_a_workbook_survive_and_lost_digits_are_told(root: Path, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("数据")
    sheet = book["数据"]
    for row in (["编号", "证照", "数量", "合计"], ["00417", 210802199001010000, 3, "=C2*2"],
                ["00418", "2.10802E+17", 4, "=C3*2"]):  # fmt: skip
        sheet.append(row)
    table = tmp_path / "t.xlsx"
    book.save(table)
    one = added(root, table, sheet="数据")
    data = (one.folder / "data/t.csv").read_text(encoding="utf-8").splitlines()
    assert data[1].startswith("00417,210802199001010000,3,")
    uncomputed, lost = one.warnings
    assert uncomputed.code == "formulas-without-values"
    assert (lost.code, lost.field) == ("digits-lost", "证照")
    with pytest.raises(UsageError, match="数据"):
        added(root, table, sheet="别的", name="other")


def test_what_stands_above_and_below_a_table_is_left_out_and_said(
    root: Path, tmp_path: Path
) -> None:
    rows = "\n".join(f"{n},{n}区,{n * 3}" for n in range(1, 9))
    (tmp_path / "t.csv").write_text(
        f"人口统计表,,\n单位：人,,制表日期：2026年1月\n序号,区县,人口\n{rows}\n合计,,108\n注：据公安局。,,\n"
    )
    one = added(root, tmp_path / "t.csv")
    assert one.facts[2:] == (
        "表头之上的文字未收入：人口统计表 单位：人 制表日期：2026年1月",
        "表格之下的文字未收入：合计 108 注：据公安局。",
    )
    assert [guess[2] for guess in one.guesses] == ["integer", "string", "integer"]
    passes(root, one)


def test_a_header_merged_below_notes_is_joined(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows = [["统计表"], ["单位：人", None, None, None, None, "日期：2026年"], ["区", "户籍", None, "常住", None, "备注"],
            [None, "男", "女", "男", "女", None], *([f"{n}区", 1.4 * n, 2, 3, 4, None] for n in range(9, 19))]  # fmt: skip
    for row in rows:
        sheet.append(row)
    for area in ("A1:F1", "A3:A4", "B3:C3", "D3:E3", "F3:F4"):
        sheet.merge_cells(area)
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx")
    assert found.titles == ["区", "户籍_男", "户籍_女", "常住_男", "常住_女", "备注"]
    # As a spreadsheet shows it; the double is 16.799999999999997.
    assert found.rows[3][:2] == ["12区", "16.8"]


@pytest.mark.parametrize(
    ("cells", "described"),
    [
        (["8:30", "17:00"], {"type": "time", "format": "%H:%M"}),
        (["2026-01-05T08:00:00+08:00", "2026-01-05T08:00:00.500Z"], {"type": "datetime"}),
        (["√", "×", "√"], {"type": "boolean", "trueValues": ["√"], "falseValues": ["×"]}),
        (["1.5", "暂无", "#DIV/0!"], {"type": "number"}),
        (["122.2312345678901", "122.1"], {"type": "number"}),
        (["1234567890123456", "12"], {"type": "string"}),
        (["45.2％", "18%", "0"], {"type": "number", "bareNumber": False, "unit": "%"}),
        (["45.2%", "18"], {"type": "string"}),
        (["￥12,345.60", "¥345"], {"type": "number", "bareNumber": False, "groupChar": ","}),
        (
            ["2024年1月5日 9:30", "2024年12月5日 14:00"],
            {"type": "datetime", "format": "%Y年%m月%d日 %H:%M"},
        ),
        (["2024.1.5 9:30", "2024.12.5 14:00"], {"type": "datetime", "format": "%Y.%m.%d %H:%M"}),
    ],
)
def test_forms_that_departments_write_are_known(
    cells: list[str], described: dict[str, object]
) -> None:
    [one] = infer(["值"], [[cell] for cell in cells]).schema["fields"]
    assert {name: one.get(name) for name in described} == described


@pytest.mark.parametrize(
    ("title", "cells", "kind"),
    [
        ("学校标识码", ["2121000001", "2121000002"], "string"),
        ("条形码", ["69012", "69013"], "string"),
        ("尺码", ["38", "40"], "integer"),
        ("统计月份", ["202401", "202402"], "string"),
        ("所属期", ["202401", "202412"], "string"),
        ("价格", ["202401", "202412"], "integer"),
    ],
)
def test_what_a_number_is_for_is_told_by_its_title(title: str, cells: list[str], kind: str) -> None:
    [one] = infer([title], [[cell] for cell in cells]).schema["fields"]
    assert one["type"] == kind


@pytest.mark.parametrize("period", ["2024年3月", "2024年度", "（2024年一季度）", "2024-03"])
def test_a_period_beside_a_note_above_the_header_is_no_header(tmp_path: Path, period: str) -> None:
    (tmp_path / "t.csv").write_text(
        f"低保统计表,,,\n单位：户、人,,,{period}\n区,户数,人数,支出\n甲,1,2,3\n乙,4,5,6\n"
    )
    assert read(tmp_path / "t.csv").titles == ["区", "户数", "人数", "支出"]


def test_periods_as_a_header_stay_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(",2023年,2024年\n甲,1,2\n乙,4,5\n")
    assert read(tmp_path / "t.csv").titles[1:] == ["2023年", "2024年"]


def test_digits_that_excel_dropped_are_told_of_csv_too(root: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("证照,数\n2.10802E+17,1\n210802199001010011,2\n")
    [lost] = added(root, tmp_path / "t.csv").warnings
    assert (lost.code, lost.row, lost.field) == ("digits-lost", 2, "证照")


def test_records_below_several_keys_are_found(tmp_path: Path) -> None:
    text = json.dumps({"code": 200, "tags": [1], "data": {"page": 1, "rows": [{"a": 1}, {"a": 2}]}})
    (tmp_path / "t.json").write_text(text)
    assert read(tmp_path / "t.json").rows == [["1"], ["2"]]


def test_records_lines_and_parquet_are_tables(root: Path, tmp_path: Path) -> None:
    records = [{"名称": "甲", "数": 1, "率": 0.5}, {"名称": "乙", "数": 2, "率": None}]
    (tmp_path / "a.json").write_text(json.dumps({"data": records}, ensure_ascii=False))
    (tmp_path / "b.ndjson").write_text("\n".join(json.dumps(one) for one in records))
    duckdb.connect().execute(
        f"COPY (SELECT '甲' AS 名称, 1 AS 数, 0.5 AS 率) TO '{tmp_path / 'c.parquet'}'"
    )
    for name in ("a.json", "b.ndjson", "c.parquet"):
        one = added(root, tmp_path / name)
        assert [guess[2] for guess in one.guesses] == ["string", "integer", "number"]
        passes(root, one)


def test_features_stay_features(root: Path, tmp_path: Path) -> None:
    feature = {"type": "Feature", "properties": {"名称": "东公园"},
               "geometry": {"type": "Point", "coordinates": [122.2, 40.6]}}  # fmt: skip
    collection = {"type": "FeatureCollection", "features": [feature]}
    (tmp_path / "p.geojson").write_text(json.dumps(collection))
    one = added(root, tmp_path / "p.geojson")
    document = json.loads((one.folder / "data/p.geojson").read_text())
    assert document["features"][0]["properties"] == {"name": "东公园"}
    passes(root, one)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("a.csv", b"", "空"), ("a.csv", b"\xff\xff\x00\x01", "UTF-8"), ("a.doc", b"x", "doc"),
     ("a.xlsx", b"PK\x03\x04broken", "无法读取"), ("a.json", b"[1, 2]", "记录"),
     ("a.json", b"{", "无法读取"), ("a.parquet", b"x", "无法读取")],
)  # fmt: skip
def test_a_file_without_a_table_is_refused_and_nothing_is_left(
    root: Path, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    before = sorted(root.rglob("*"))
    with pytest.raises(UsageError, match=said):
        added(root, tmp_path / name)
    assert sorted(root.rglob("*")) == before


def test_a_header_alone_one_column_and_odd_headers_are_tables(root: Path, tmp_path: Path) -> None:
    for name, text in (("a", "甲,乙\n"), ("b", "名称\n东\n西\n"), ("c", "名称,名称,\n1,2,3\n")):
        (tmp_path / f"{name}.csv").write_text(text)
        one = added(root, tmp_path / f"{name}.csv")
        passes(root, one)
    assert [guess[1] for guess in one.guesses] == ["name", "name_2", "di_3_lie"]


def test_what_exists_and_what_is_unknown_is_refused(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text(TEXT, encoding="utf-8")
    added(root, table)
    with pytest.raises(UsageError, match="--name"):
        added(root, table)
    with pytest.raises(UsageError, match="mzj"):
        add(root, load(root).portal, table, "none", None, None)
    with pytest.raises(UsageError, match="gong-yuan"):
        added(root, table, name="公园")


def test_the_command_says_what_it_found_and_what_comes_next(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_bytes(TEXT.encode("gb18030"))
    arguments = ["add", str(table), "--department", "mzj", "--root", str(root)]
    done = CliRunner().invoke(main_group, arguments)
    assert done.exit_code == 0, done.output
    assert "编码：GB18030" in done.output
    assert "代码或者号码，保持文本" in done.output
    assert "kaishu check datasets/mzj/t" in done.output


def test_at_least_95_in_100_fields_of_labelled_tables_get_their_type(tmp_path: Path) -> None:
    assert len(TABLES) == 30
    right, wrong = 0, []
    for name, (types, text) in TABLES.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        source = read(path)
        fields = infer(source.titles, source.rows).schema["fields"]
        assert len(fields) == len(types.split())
        for field, type_ in zip(fields, types.split(), strict=True):
            right += field["type"] == type_
            if field["type"] != type_:
                wrong.append((name, field["title"], field["type"], type_))
    sys.stdout.write(f"{right} of {right + len(wrong)} field types are right; wrong: {wrong}\n")
    assert right / (right + len(wrong)) >= 0.95, wrong


def test_further_tables_get_their_types_keys_codes_and_units(tmp_path: Path) -> None:
    """Labelled before they were tried; then 178 of 184 types, 19 of 20 keys and no labels of codes were right."""
    assert len(MORE) >= 30
    right: list[bool] = []
    for name, (spec, text) in MORE.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(text, encoding="utf-8")
        source = read(path)
        schema = infer(source.titles, source.rows).schema
        for label, field in zip(spec.split(), schema["fields"], strict=True):
            type_, _, more = label.partition(":")
            right.append(field["type"] == type_)
            assert field["name"].isascii()
            categories = field.get("categories", [])
            if more == "k":
                assert schema["primaryKey"] == [field["name"]], (name, field)
            elif more in ("c", "l"):
                assert categories, (name, field)
                assert isinstance(categories[0], dict) == (more == "l"), (name, field)
            elif more.startswith("u="):
                assert field["unit"] == more[2:], (name, field)
    sys.stdout.write(f"{sum(right)} of {len(right)} field types are right\n")
    assert sum(right) / len(right) >= 0.95


def test_codes_with_their_meanings_beside_them_pass_the_check(root: Path, tmp_path: Path) -> None:
    for name in ("病媒监测", "企业名录"):
        table = tmp_path / f"{name}.csv"
        table.write_text(MORE[name][1], encoding="utf-8")
        passes(root, added(root, table))


@pytest.mark.parametrize(
    ("rows", "labelled"),
    [
        ([["1", "男"], ["2", "女"]] * 5, True),
        ([["1", "男"], ["2", "女"], ["", "女"]] * 5, True),
        # One code of two meanings, one meaning of two codes, a code without any.
        ([["1", "男"], ["1", "女"]] * 5, False),
        ([["1", "男"], ["2", "男"]] * 5, False),
        ([["1", "男"], ["2", "女"], ["9", ""]] * 5, False),
        # Seldom used: a register of things, and no list of codes.
        ([[str(n), f"村{n}"] for n in range(10)], False),
    ],
)
def test_codes_are_labelled_only_where_each_means_one_thing(
    rows: list[list[str]], labelled: bool
) -> None:
    [code, _label] = infer(["性别代码", "性别"], rows).schema["fields"]
    assert ("categories" in code) == labelled


def test_every_labelled_table_passes_the_check_that_it_is_given(root: Path, tmp_path: Path) -> None:
    for n, (name, (_spec, text)) in enumerate([*TABLES.items(), *MORE.items()]):
        table = tmp_path / f"{name}.csv"
        table.write_text(text, encoding="utf-8")
        added(root, table, name=f"t{n}")
    wrong = [one for one in check_portal(root)[1] if one.severity == "error"]
    assert {one.code for one in wrong} <= {"personal-mobile-number"}, wrong
