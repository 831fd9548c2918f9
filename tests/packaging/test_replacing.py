"""A department's new file in place of a dataset's table: what is said of the columns stays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kaishu.base.errors import UsageError
from kaishu.packaging.replacing import ANY, add_table, replace

PARKS: dict[str, Any] = {
    "name": "parks",
    "path": "data/parks.tsv",
    "encoding": "gb18030",
    "hash": "sha256:0",
    "schema": {
        "fields": [
            {"name": "code", "type": "integer", "title": "编号", "description": "公园编号"},
            {"name": "name", "type": "string", "title": "名称"},
        ],
        "primaryKey": "code",
    },
}
OWNERS: dict[str, Any] = {
    "name": "owners",
    "path": "data/owners.csv",
    "schema": {"fields": [{"name": "owner", "type": "string", "title": "单位"}]},
}


def table(folder: Path, text: str, name: str = "新.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "files/data").mkdir(parents=True)
    (tmp_path / "files/data/parks.tsv").write_text("code\tname\n1\t甲\n", encoding="gb18030")
    return tmp_path / "files"


def test_rows_come_in_the_schemas_order_and_the_old_file_goes(folder: Path, tmp_path: Path) -> None:
    raw = {"resources": [PARKS]}
    made = replace(folder, raw, "parks", table(tmp_path, "名称,编号\n乙,2\n"))
    assert (folder / "data/parks.csv").read_text(encoding="utf-8") == "code,name\n2,乙\n"
    assert not (folder / "data/parks.tsv").exists()
    [resource] = made.raw["resources"]
    assert resource == {"name": "parks", "path": "data/parks.csv", "schema": PARKS["schema"]}
    assert raw["resources"][0]["path"] == "data/parks.tsv"


def test_the_table_whose_columns_they_are_is_found(folder: Path, tmp_path: Path) -> None:
    raw = {"resources": [PARKS, OWNERS]}
    replace(folder, raw, ANY, table(tmp_path, "单位\n园林局\n"))
    assert (folder / "data/owners.csv").read_text(encoding="utf-8") == "owner\n园林局\n"
    with pytest.raises(UsageError, match="几个数据文件"):
        replace(folder, raw, ANY, table(tmp_path, "别的\n1\n"))


def test_changed_columns_keep_what_was_said_of_those_that_stay(
    folder: Path, tmp_path: Path
) -> None:
    raw = {"resources": [PARKS]}
    new = table(tmp_path, "面积,编号\n3.5,1\n4.0,2\n")
    with pytest.raises(UsageError, match="name"):
        replace(folder, raw, "parks", new)
    made = replace(folder, raw, "parks", new, restructure=True)
    [resource] = made.raw["resources"]
    area, code = resource["schema"]["fields"]
    assert code == PARKS["schema"]["fields"][0]
    assert area["type"] == "number"
    assert resource["schema"]["primaryKey"] == "code"
    assert [one[:2] for one in made.guesses] == [("parks", area["name"])]
    lines = (folder / "data/parks.csv").read_text(encoding="utf-8").splitlines()
    assert lines == [f"{area['name']},code", "3.5,1", "4.0,2"]
    without = replace(folder, raw, "parks", table(tmp_path, "名称\n甲\n"), restructure=True)
    assert "primaryKey" not in without.raw["resources"][0]["schema"]


def test_a_further_table_has_a_name_of_its_own(folder: Path, tmp_path: Path) -> None:
    raw = {"resources": [PARKS]}
    made = add_table(folder, raw, "owners", table(tmp_path, "单位\n园林局\n", "管理单位.csv"))
    assert [one["name"] for one in made.raw["resources"]] == ["parks", "owners"]
    assert made.raw["resources"][1]["title"] == "管理单位"
    with pytest.raises(UsageError, match="parks"):
        add_table(folder, raw, "parks", table(tmp_path, "单位\n园林局\n"))


def test_features_take_the_place_of_features_alone(folder: Path, tmp_path: Path) -> None:
    text = '{"type": "FeatureCollection", "features": []}'
    with pytest.raises(UsageError):
        replace(folder, {"resources": [PARKS]}, "parks", table(tmp_path, text, "a.geojson"))
