"""Tables in every form that departments have: the verdict and the values are Frictionless's.

Files are written by libraries that are not ours, then mutated, and judged both by `verdict` and by
Frictionless on the file itself. `KAISHU_PARITY=5000` makes the run a long one.
"""

# ruff: noqa: DTZ001 - cells of spreadsheets have no zone

from __future__ import annotations

import datetime as dt
import os
import random
import re
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml
from click.testing import CliRunner
from tests.packaging.forms import FORMS, Rows, generated, plain
from tests.packaging.oracle import by_frictionless, compare_errors
from tests.packaging.sensitive import A as PERSON
from tests.portals import small_portal, write

from kaishu.base.errors import UsageError
from kaishu.cli.main import main_group
from kaishu.packaging import sheets, sniff, sources, verdict
from kaishu.packaging.check import check_portal
from kaishu.packaging.rows import table_of

ORDINARILY = 300
CASES = int(os.environ.get("KAISHU_PARITY", ORDINARILY))
SEED = 7 if CASES == ORDINARILY else random.randrange(10**9)


def one_case(folder: Path, form: str, choice: random.Random) -> str:
    """Make a file, judge it twice, compare; which verdict it got."""
    schema, table = generated(choice)
    path = folder / f"t.{form}"
    path.unlink(missing_ok=True)
    more = FORMS[form](choice, path, table)
    if form in ("xlsx", "ods") and choice.random() < 0.05:
        content = path.read_bytes()
        path.write_bytes(content[: choice.randrange(len(content))])
    resource = {"name": "t", "path": path.name, "schema": schema, **more}
    expected, rows = by_frictionless(folder, resource)
    found = verdict.problems(folder, [resource], dataset="mzj/t")
    context = (form, resource, table)
    compare_errors(found, expected, context)
    if rows is not None:
        mine = [values for _texts, values in table_of(folder, resource, schema).rows()]
        assert repr(mine) == repr(rows), context
        if table[0] == [field["name"] for field in schema["fields"]] and rows:
            if form in ("json", "ndjson"):
                read = [texts for texts, _values in table_of(folder, resource, schema).rows()]
            else:
                read = [[as_shown(form, cell) for cell in row] for row in table[1:]]
            compare_added(path, read, table[0], "另一张" if "dialect" in more else None)
    try:
        sources.read(path)
    except UsageError:
        return "unreadable"
    return "valid" if not expected else "invalid"


def compare_added(path: Path, rows: Rows, names: list[str], sheet: str | None) -> None:
    """`kaishu add` takes the same table from the file; rows without a word are none."""
    added = sources.read(path, sheet if path.suffix == ".xlsx" else None)
    assert set(names) <= set(added.titles)
    places = [added.titles.index(name) for name in names]
    found = [[_unbroken(row[place]) for place in places] for row in added.rows]
    found = [row for row in found if any(cell.strip() for cell in row)]
    # A day beside moments is one of them: midnight.
    found = [[cell.removesuffix(" 00:00:00") for cell in row] for row in found]
    wanted = [
        [*map(_unbroken, row), *[""] * (len(names) - len(row))][: len(names)]
        for row in rows
        if any(one.strip() for one in row)
    ]
    assert found == wanted, (path.suffix, added)


def _unbroken(text: str) -> str:
    # A bare line end or tab within a paragraph of ODF is none (OpenDocument 1.2, 6.1.2).
    return text.replace("\n", "").replace("\t", "")


def as_shown(form: str, cell: Any) -> str:
    """The text of a cell as it was written; of a sheet, what a spreadsheet shows of it."""
    if cell is None or (form == "xlsx" and isinstance(cell, str) and cell[:1] in ("=", "#")):
        # A formula that nothing has computed has no value, nor has an error.
        return ""
    if form in ("tsv", "csv"):
        return str(plain(cell))
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, (int, float)):
        return format(Decimal(f"{cell:.15g}"), "f")
    return cell.isoformat(sep=" ") if isinstance(cell, dt.datetime) else str(plain(cell))


@pytest.mark.parametrize("form", FORMS)
def test_the_verdict_and_the_values_are_frictionlesss_whatever_the_form(
    tmp_path: Path, form: str
) -> None:
    count: Counter[str] = Counter()
    for number in range(max(CASES // len(FORMS), 1)):
        choice = random.Random(f"{form} {SEED} {number}")
        try:
            count[one_case(tmp_path, form, choice)] += 1
        except AssertionError:
            sys.stdout.write(f"case {form} {SEED} {number}\n")
            raise
    sys.stdout.write(f"{form}: {dict(count)}\n")
    assert min(count["valid"], count["invalid"]) >= CASES // len(FORMS) // 20


def test_parquet_is_judged_and_written_as_it_has_it(tmp_path: Path) -> None:
    columns = """
        1::BIGINT AS n, 1.50::DECIMAL(9, 2) AS d, 9007199254740993::DECIMAL(38, 0) AS h, '甲' AS s, true AS b,
        DATE '2026-01-05' AS day, TIMESTAMP '2026-01-05 08:00:00' AS at, TIME '08:30:00' AS clock,
        TIMESTAMPTZ '2026-01-05 08:00:00+08' AS zoned, [1, 2] AS list, {'a': 1} AS record, 0.5::DOUBLE AS f,
        '红'::ENUM('红', '绿') AS colour
    """
    nulls = ", ".join(["NULL"] * 13)
    duckdb.connect().execute(
        f"COPY (SELECT {columns} UNION ALL SELECT {nulls} UNION ALL SELECT {columns}) TO '{tmp_path / 't.parquet'}'"
    )
    kinds = {"n": "integer", "d": "number", "h": "integer", "s": "string", "b": "boolean", "day": "date", "at": "datetime",
             "clock": "time", "zoned": "datetime", "list": "array", "record": "object", "f": "number", "colour": "string"}  # fmt: skip
    fields = [{"name": name, "type": kind} for name, kind in kinds.items()]
    resource = {"name": "t", "path": "t.parquet", "schema": {"fields": fields}}
    assert [one.code for one in verdict.problems(tmp_path, [resource], dataset="x/t")] == [
        "blank-row"
    ]
    [first, none, _third] = [
        texts for texts, _ in table_of(tmp_path, resource, resource["schema"]).rows()
    ]
    assert first == ["1", "1.50", "9007199254740993", "甲", "true", "2026-01-05", "2026-01-05T08:00:00", "08:30:00",
                     "2026-01-05T08:00:00+08:00", "[1, 2]", '{"a": 1}', "0.5", "红"]  # fmt: skip
    assert set(none) == {""}
    fields[3]["type"] = "integer"
    found = verdict.problems(tmp_path, [resource], dataset="x/t")
    assert {(one.code, one.row, one.field) for one in found} == {
        ("type-error", 2, "s"), ("blank-row", 3, None), ("type-error", 4, "s"),
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["json", "ndjson", "parquet", "xlsx", "xls", "ods", "txt"])
def test_what_is_personal_stops_whatever_the_form_of_the_file(tmp_path: Path, kind: str) -> None:
    root = small_portal(tmp_path / "portal")
    path = root / f"datasets/mzj/parks/data/parks.{kind}"
    rows: Rows = [["code", "name"], [1, "甲"], [2, f"经办人{PERSON}"]]
    if kind == "parquet":
        duckdb.connect().execute(
            f"COPY (SELECT * FROM (VALUES (1, '甲'), (2, '经办人{PERSON}')) AS t(code, name)) TO '{path}'"
        )
    elif kind == "txt":
        path.write_text(f"一\n二\n经办人{PERSON}\n")
    else:
        FORMS[kind](random.Random(5), path, rows)
    text = (root / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    write(root, "datasets/mzj/parks/datapackage.yaml", text.replace("parks.csv", f"parks.{kind}"))
    _catalog, problems = check_portal(root)
    found = [(one.code, one.row) for one in problems if one.dataset == "mzj/parks"]
    assert ("personal-identity-number", 3) in found
    assert not any(PERSON in str(one) for one in problems)


def test_a_file_that_cannot_be_searched_is_named(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    (root / "datasets/mzj/parks/data/parks.pdf").write_bytes(b"%PDF-1.7\n\xff\xff\x00\x01")
    text = (root / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    head, tail = text[: text.index("resources:")], text[text.index("catalogue:") :]
    pdf = "resources:\n  - {name: parks, path: data/parks.pdf}\n"
    write(root, "datasets/mzj/parks/datapackage.yaml", head + pdf + tail)
    assert "unsearched-file" in {one.code for one in check_portal(root)[1]}


def test_a_chosen_sheet_is_the_one_that_is_judged_searched_and_written(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["说明"])
    second = book.create_sheet("数据")
    for row in (["code", "name"], [1, "甲"], [2, "13812345678"]):
        second.append(row)
    book.save(tmp_path / "t.xlsx")
    fields = [{"name": "code", "type": "integer"}, {"name": "name", "type": "string"}]
    for dialect in ({"sheetName": "数据"}, {"sheetNumber": 2}, {"excel": {"sheet": "数据"}}):
        resource = {"name": "t", "path": "t.xlsx", "dialect": dialect, "schema": {"fields": fields}}
        assert verdict.problems(tmp_path, [resource], dataset="x/t") == []
        rows = [
            values for _texts, values in table_of(tmp_path, resource, {"fields": fields}).rows()
        ]
        assert rows == [[1, "甲"], [2, "13812345678"]]
        assert list(sheets.check(tmp_path / "t.xlsx", resource, file="t.xlsx")) == []
    unsaid = {"name": "t", "path": "t.xlsx", "schema": {"fields": fields}}
    assert verdict.problems(tmp_path, [unsaid], dataset="x/t")


def test_midnight_and_errors_in_cells_are_what_they_are(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    rows: Rows = [["时间", "日期", "值"], [dt.datetime(2026, 1, 5), dt.date(2026, 1, 5), "#N/A"],
                  [dt.datetime(2026, 1, 5, 1), dt.date(2026, 1, 6), 2.5]]  # fmt: skip
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "t.xlsx")
    found = sources.read(tmp_path / "t.xlsx")
    assert found.rows == [
        ["2026-01-05 00:00:00", "2026-01-05", ""],
        ["2026-01-05 01:00:00", "2026-01-06", "2.5"],
    ]
    assert found.sheet is not None
    [error] = sheets.losses(found.sheet, found.titles, file="t.xlsx")
    assert (error.code, "1 个" in error.message) == ("error-cells", True)


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("名称\n甲|乙\n丙\n丁\n", ","),
        ("名称\n甲，乙\n丙\n丁\n", ","),
        ("a|b\n1|2\n1|2|3\n", "|"),
        ("说明\n甲\t乙\n丙\n", ","),
    ],
)
def test_a_character_in_a_few_cells_divides_nothing(text: str, delimiter: str) -> None:
    assert sniff.delimiter(text) == delimiter


def test_lists_of_cells_are_records_too(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text('{"data": {"rows": [["编号", "名称"], ["001", "甲"]]}}')
    found = sources.read(tmp_path / "t.json")
    assert (found.titles, found.rows) == (["编号", "名称"], [["001", "甲"]])


@pytest.mark.parametrize("kind", ["xls", "ods"])
def test_an_old_workbook_goes_the_whole_way(tmp_path: Path, kind: str) -> None:
    """`kaishu add`, `check` and `build`, of one that is converted and of one that stays as it is."""
    root = small_portal(tmp_path / "portal")
    table: Rows = [["公园代码", "名称", "建成日期", "面积（公顷）", "是否免费", "更新时间"]]
    table += [
        [f"{n:03d}", f"公园{n}", dt.date(2020, 1, n), n / 4, n % 2 == 0, dt.datetime(2026, 1, n, 8)]
        for n in range(1, 13)
    ]
    file = tmp_path / f"gongyuan.{kind}"
    FORMS[kind](random.Random(5), file, table)
    for arguments in (
        ["add", str(file), "--department", "mzj", "--name", "from-sheet"], ["check"], ["build"],
    ):  # fmt: skip
        done = CliRunner().invoke(main_group, [*arguments, "--root", str(root)])
        assert done.exit_code == 0, done.output
    described = root / "datasets/mzj/from-sheet/datapackage.yaml"
    fields = yaml.safe_load(described.read_text(encoding="utf-8"))["resources"][0]["schema"][
        "fields"
    ]
    assert [one["type"] for one in fields] == [
        "string",
        "string",
        "date",
        "number",
        "boolean",
        "datetime",
    ]
    written = root / "build/site/datasets/mzj/from-sheet/data/from-sheet.csv"
    assert (
        written.read_text(encoding="utf-8").splitlines()[1]
        == "001,公园1,2020-01-01,0.25,false,2026-01-01 08:00:00"
    )
    # The workbook itself as the dataset's file.
    (root / f"datasets/mzj/from-sheet/data/from-sheet.{kind}").write_bytes(file.read_bytes())
    text = described.read_text(encoding="utf-8").replace("from-sheet.csv", f"from-sheet.{kind}")
    for field, title in zip(fields, table[0], strict=True):
        text = text.replace(f"name: {field['name']},", f"name: {title},")
    text = text.replace("primaryKey: [code]", "primaryKey: [公园代码]").replace(
        "format: '%Y-%m-%d %H:%M:%S'", "format: default"
    )
    text = re.sub("primaryKey: .*", "primaryKey: 公园代码", text)
    described.write_text(re.sub(", (true|false)Values: [^]]*]", "", text), encoding="utf-8")
    for command in ("check", "build"):
        done = CliRunner().invoke(main_group, [command, "--root", str(root)])
        assert done.exit_code == 0, done.output
    assert (
        written.read_text(encoding="utf-8")
        .splitlines()[12]
        .startswith("012,公园12,2020-01-12,3,true,2026-01-12")
    )
