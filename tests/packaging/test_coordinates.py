"""Coordinates: found by name and type, GCJ-02 turned into WGS-84 and said so."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaishu.packaging.coordinates import columns, is_convertible, to_gcj02, to_wgs84
from kaishu.packaging.geojson import to_wgs84 as document_to_wgs84
from kaishu.packaging.model import PublishedField
from kaishu.packaging.rows import table_of
from kaishu.packaging.writing import write

FIELDS = [{"name": "name", "type": "string"}, {"name": "lng", "type": "number", "title": "经度"},
          {"name": "lat", "type": "number", "title": "纬度（度）"}]  # fmt: skip


def test_a_known_pair_of_both_systems() -> None:
    # 天安门: WGS-84 116.397428, 39.90923 lies some 550 m from its GCJ-02 position.
    longitude, latitude = to_gcj02(116.397428, 39.90923)
    assert longitude == pytest.approx(116.403674, abs=2e-5)
    assert latitude == pytest.approx(39.910634, abs=2e-5)


@given(st.floats(74, 134), st.floats(18.5, 53))
def test_turning_back_is_right_to_a_centimetre(longitude: float, latitude: float) -> None:
    back = to_wgs84(*to_gcj02(longitude, latitude))
    assert back == pytest.approx((longitude, latitude), abs=1e-7)


def test_outside_china_nothing_is_shifted() -> None:
    assert to_wgs84(2.35, 48.85) == (2.35, 48.85)


def test_columns_are_found_by_name_or_title_and_type() -> None:
    fields = [PublishedField(one["name"], one["type"], one.get("title")) for one in FIELDS]
    assert columns(fields) == (1, 2)
    assert columns(fields[:2]) is None
    assert columns([PublishedField("lng", "string"), PublishedField("lat", "string")]) is None
    assert columns([*fields, PublishedField("longitude", "number")]) is None


@pytest.mark.parametrize("crs", [None, "GCJ-02", "GCJ-02（火星坐标）"])
def test_a_table_with_coordinates_is_geojson_too(tmp_path: Path, crs: str | None) -> None:
    (tmp_path / "t.csv").write_text("name,lng,lat\n甲,122.23,40.67\n乙,,\n丙,200,40\n")
    schema = {"fields": FIELDS}
    table = table_of(tmp_path, {"name": "t", "path": "t.csv", "schema": schema}, schema, crs)
    (tmp_path / "out").mkdir()
    assert ("geojson", tmp_path / "out/t.geojson") in write(
        table, tmp_path / "out", "t", date(2026, 1, 1)
    ).files
    document = json.loads((tmp_path / "out/t.geojson").read_text())
    first, second, third = document["features"]
    expected = to_wgs84(122.23, 40.67) if crs else (122.23, 40.67)
    assert tuple(first["geometry"]["coordinates"]) == pytest.approx(expected)
    assert second["geometry"] is third["geometry"] is None
    assert first["properties"]["lng"] == 122.23
    assert (tmp_path / "out/t.csv").read_text().splitlines()[1] == "甲,122.23,40.67"


def test_a_document_keeps_its_shape_when_it_is_turned() -> None:
    line = {"type": "LineString", "coordinates": [[122.2, 40.6, 5], [122.3, 40.7]]}
    group = {"type": "GeometryCollection", "geometries": [line]}
    document = {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": group, "properties": {"a": 1}},
        {"type": "Feature", "geometry": None, "properties": None},
    ]}  # fmt: skip
    turned = document_to_wgs84(document)
    [first, second] = turned["features"]
    point = first["geometry"]["geometries"][0]["coordinates"][0]
    assert point[:2] == pytest.approx(to_wgs84(122.2, 40.6))
    assert point[2] == 5
    assert second["geometry"] is None


def test_a_turned_document_has_no_box_of_the_old_coordinates() -> None:
    feature = {"type": "Feature", "bbox": [122, 40, 123, 41], "geometry": None, "properties": None}
    document = {"type": "FeatureCollection", "bbox": [122, 40, 123, 41], "features": [feature]}
    turned = document_to_wgs84(document)
    assert "bbox" not in turned
    assert "bbox" not in turned["features"][0]


def test_coordinates_of_another_system_are_not_given_out_as_wgs84(tmp_path: Path) -> None:
    assert all(map(is_convertible, (None, "WGS 84 (EPSG:4326)", "CGCS2000", "gcj02")))
    (tmp_path / "t.csv").write_text("name,lng,lat\n甲,122.23,40.67\n")
    schema = {"fields": FIELDS}
    table = table_of(tmp_path, {"name": "t", "path": "t.csv", "schema": schema}, schema, "BD-09")
    (tmp_path / "out").mkdir()
    done = write(table, tmp_path / "out", "t", date(2026, 1, 1))
    assert "geojson" not in dict(done.files)
    [(kind, note)] = done.notes
    assert kind == "geojson"
    assert "BD-09" in note
