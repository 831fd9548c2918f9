"""The files that the public takes: whole, true to the source, described as they are."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import frictionless
import pytest
from openpyxl import load_workbook
from tests.portals import SECRET, write

from kaishu.catalog.load import load
from kaishu.packaging.model import Package
from kaishu.packaging.package import package

DAY = date(2026, 3, 2)
PARKS = "datasets/mzj/parks"


def packaged(root: Path, target: Path, key: str = "mzj/parks") -> Package:
    catalog = load(root)
    return package(catalog.by_key[key], target, portal=catalog.portal, updated=DAY)


def test_every_stated_hash_and_size_is_that_of_the_file(root: Path, tmp_path: Path) -> None:
    made = packaged(root, tmp_path / "p")
    on_disk = {
        p.relative_to(tmp_path / "p").as_posix() for p in (tmp_path / "p").rglob("*") if p.is_file()
    }
    assert {file.path for file in made.files} == on_disk
    for file in made.files:
        content = (tmp_path / "p" / file.path).read_bytes()
        assert (file.bytes, file.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_the_published_descriptor_is_valid_and_true(root: Path, tmp_path: Path) -> None:
    packaged(root, tmp_path / "p")
    published = frictionless.Package(str(tmp_path / "p/datapackage.json"))
    assert published.validate().valid
    resource = json.loads((tmp_path / "p/datapackage.json").read_text())["resources"][0]
    content = (tmp_path / "p" / resource["path"]).read_bytes()
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert (resource["format"], resource["encoding"]) == ("csv", "utf-8")
    assert [one["path"] for one in resource["alternates"]] == [
        f"data/parks.{suffix}"
        for suffix in ("xlsx", "json", "xml", "parquet", "ndjson", "excel.csv")
    ]
    parquet = resource["alternates"][3]
    assert parquet["columnTypes"] == {"code": "BIGINT", "name": "VARCHAR"}


def test_the_values_are_the_same_in_every_format(root: Path, tmp_path: Path) -> None:
    write(root, f"{PARKS}/data/parks.csv", 'code,name\n1,"东,公园"\n2,=1+1\n3, 空格 \n')
    packaged(root, tmp_path / "p")
    rows = list(csv.reader((tmp_path / "p/data/parks.csv").open(encoding="utf-8")))
    assert rows == [["code", "name"], ["1", "东,公园"], ["2", "=1+1"], ["3", " 空格 "]]
    records = json.loads((tmp_path / "p/data/parks.json").read_text())
    assert records[0] == {"code": 1, "name": "东,公园"}
    sheet = load_workbook(tmp_path / "p/data/parks.xlsx").active
    assert sheet is not None
    assert [cell.value for cell in sheet[3]] == [2, "=1+1"]
    assert sheet["B3"].data_type != "f"


def test_a_table_in_another_encoding_and_delimiter_is_published_as_plain_csv(
    root: Path, tmp_path: Path
) -> None:
    (root / f"{PARKS}/data/parks.csv").write_bytes("code;name\r\n1;中心公园\r\n".encode("gb18030"))
    text = (root / f"{PARKS}/datapackage.yaml").read_text()
    more = 'path: data/parks.csv\n    encoding: gb18030\n    dialect: {delimiter: ";"}'
    write(root, f"{PARKS}/datapackage.yaml", text.replace("path: data/parks.csv", more))
    packaged(root, tmp_path / "p")
    assert (tmp_path / "p/data/parks.csv").read_bytes() == "code,name\n1,中心公园\n".encode()
    assert frictionless.Package(str(tmp_path / "p/datapackage.json")).validate().valid


@pytest.mark.parametrize("key", ["mzj/visits", "jtj/permits"])
def test_a_restricted_dataset_is_described_and_nothing_more(
    root: Path, tmp_path: Path, key: str
) -> None:
    write(root, f"datasets/{key}/data/rows.csv", SECRET)
    made = packaged(root, tmp_path / "p", key)
    assert [path.name for path in (tmp_path / "p").rglob("*")] == ["datapackage.json"]
    assert SECRET not in (tmp_path / "p/datapackage.json").read_text()
    assert made.tables[0].rows == ()
    assert frictionless.Package(str(tmp_path / "p/datapackage.json")).validate().valid


def test_the_zip_holds_everything_with_its_sums(root: Path, tmp_path: Path) -> None:
    packaged(root, tmp_path / "p")
    with zipfile.ZipFile(tmp_path / "p/parks.zip") as archive:
        names = set(archive.namelist())
        sums = archive.read("SHA256SUMS").decode().splitlines()
        for line in sums:
            digest, _blank, name = line.partition("  ")
            assert hashlib.sha256(archive.read(name)).hexdigest() == digest
    assert names == {
        "datapackage.json", "data/parks.csv", "data/parks.json", "data/parks.xlsx",
        "data/parks.xml", "data/parks.parquet", "data/parks.ndjson", "data/parks.excel.csv",
        "SHA256SUMS", "LICENCE.txt",
    }  # fmt: skip
    assert len(sums) == 8


def test_the_same_dataset_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    first, second = packaged(root, tmp_path / "a"), packaged(root, tmp_path / "elsewhere/b")
    assert first == second


def test_a_package_replaces_what_was_there(root: Path, tmp_path: Path) -> None:
    write(tmp_path, "p/data/old.csv", "old")
    packaged(root, tmp_path / "p")
    assert not (tmp_path / "p/data/old.csv").exists()
    assert not list(tmp_path.glob(".part-*"))


def test_the_preview_has_the_first_rows_and_the_true_count(root: Path, tmp_path: Path) -> None:
    rows = "".join(f"{n},公园{n}\n" for n in range(250))
    write(root, f"{PARKS}/data/parks.csv", f"code,name\n{rows}")
    table = packaged(root, tmp_path / "p").tables[0]
    assert (len(table.rows), table.row_count) == (100, 250)
    assert table.rows[0] == ("0", "公园0")
    assert table.fields[0].title == "编号"


def test_the_profile_counts_every_column(root: Path, tmp_path: Path) -> None:
    profile = packaged(root, tmp_path / "p").tables[0].profile
    assert profile["rows"] == 2
    assert [one["name"] for one in profile["columns"]] == ["code", "name"]
    assert profile["columns"][0]["max"] == "2"


def test_bytes_do_not_change_with_the_day_of_building(root: Path, tmp_path: Path) -> None:
    catalog = load(root)
    made = [
        package(catalog.by_key["mzj/parks"], tmp_path / name, portal=catalog.portal, updated=None)
        for name in "ab"
    ]
    assert made[0] == made[1]


def test_points_are_also_a_table(root: Path, tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"name": "东公园"},
        "geometry": {"type": "Point", "coordinates": [122.2, 40.6]},
    }
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]})
    write(root, f"{PARKS}/data/parks.geojson", collection)
    text = (root / f"{PARKS}/datapackage.yaml").read_text().replace("parks.csv", "parks.geojson")
    text = text.replace("{name: code, type: integer, title: 编号}", "{name: name, type: string}")
    text = text.replace(
        "        - {name: name, type: string, title: 名称}\n      primaryKey: code\n", ""
    )
    write(root, f"{PARKS}/datapackage.yaml", text)
    made = packaged(root, tmp_path / "p")
    assert [file.format for file in made.files] == [
        "geojson", "csv", "xlsx", "json", "xml", "parquet", "ndjson", "excel.csv", "json", "zip",
    ]  # fmt: skip
    text = (tmp_path / "p/data/parks.csv").read_text()
    assert list(csv.reader(io.StringIO(text))) == [
        ["name", "longitude", "latitude"],
        ["东公园", "122.2", "40.6"],
    ]


def test_features_without_properties_are_published_as_they_are(root: Path, tmp_path: Path) -> None:
    ring = [[122.2, 40.6], [122.3, 40.6], [122.3, 40.7], [122.2, 40.6]]
    area = {"type": "Polygon", "coordinates": [ring]}
    feature = {"type": "Feature", "geometry": area, "properties": {}}
    collection = json.dumps({"type": "FeatureCollection", "features": [feature]})
    write(root, f"{PARKS}/data/parks.geojson", collection)
    text = (root / f"{PARKS}/datapackage.yaml").read_text().replace("parks.csv", "parks.geojson")
    before, _schema, after = text.partition("    schema:")
    after = after[after.index("catalogue:") :]
    write(root, f"{PARKS}/datapackage.yaml", f"{before.rstrip()}\n{after}")
    made = packaged(root, tmp_path / "out")
    assert made.tables == ()
    assert [file.format for file in made.files] == ["geojson", "json", "zip"]
