"""Typed values in JSON and in a workbook: exact, or text."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

from openpyxl import load_workbook

from kaishu.packaging.rows import table_of
from kaishu.packaging.write import write_json, write_xlsx

SCHEMA = {
    "fields": [
        {"name": "id", "type": "string"},
        {"name": "big", "type": "integer"},
        {"name": "amount", "type": "number"},
        {"name": "day", "type": "date"},
        {"name": "yes", "type": "boolean"},
    ]
}
ROWS = """id,big,amount,day,yes
0417,123456789012345678,0.1,2026-03-02,true
210802,7,12345678901234567890.123,1850-01-01,false
,,,,
"""


def written(tmp_path: Path) -> tuple[list[dict[str, object]], list[list[object]]]:
    (tmp_path / "t.csv").write_text(ROWS)
    table = table_of(tmp_path, {"name": "t", "path": "t.csv", "schema": SCHEMA}, SCHEMA)
    write_json(table, tmp_path / "t.json")
    assert write_xlsx(table, tmp_path / "t.xlsx", date(2026, 3, 2))
    sheet = load_workbook(tmp_path / "t.xlsx")["data"]
    cells = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    return json.loads((tmp_path / "t.json").read_text()), cells


def test_json_keeps_types_and_never_rounds(tmp_path: Path) -> None:
    first, second, third = written(tmp_path)[0]
    assert first == {
        "id": "0417",
        "big": 123456789012345678,
        "amount": 0.1,
        "day": "2026-03-02",
        "yes": True,
    }
    assert second["amount"] == "12345678901234567890.123"
    assert set(third.values()) == {None}


def test_a_workbook_keeps_codes_and_long_numbers_as_text(tmp_path: Path) -> None:
    first, second = written(tmp_path)[1][:2]
    assert first[0] == "0417"
    assert first[1] == "123456789012345678"
    assert second[1] == 7
    assert second[2] == "12345678901234567890.123"
    assert str(first[3]).startswith("2026-03-02")
    assert second[3] == "1850-01-01"
    assert first[4] is True
