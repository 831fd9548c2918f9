"""GeoJSON (RFC 7946) of a table that has coordinates: WGS-84 degrees, longitude first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import N_
from kaishu.packaging import coordinates
from kaishu.packaging.sinks import DOCUMENT_CELLS, TOO_MANY_CELLS, TextSink
from kaishu.packaging.values import as_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaishu.packaging.model import PublishedField

NO_POSITION = N_("no row has a position in degrees")
OTHER_SYSTEM = N_("the coordinates are in {crs}, which is not turned into WGS-84")


def to_wgs84(document: dict[str, Any]) -> dict[str, Any]:
    """A GeoJSON document in GCJ-02 with every position turned into WGS-84."""

    def turned(value: Any) -> Any:
        if isinstance(value, list) and value and isinstance(value[0], (int, float)):
            return [*coordinates.to_wgs84(value[0], value[1]), *value[2:]]
        return [turned(one) for one in value] if isinstance(value, list) else value

    def geometry(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        parts = {"coordinates": turned(value["coordinates"])} if "coordinates" in value else {}
        inner = value.get("geometries")
        if isinstance(inner, list):
            parts["geometries"] = [geometry(one) for one in inner]
        return {**_unbounded(value), **parts}

    features = [
        {**_unbounded(one), "geometry": geometry(one.get("geometry"))}
        for one in document["features"]
    ]
    return {**_unbounded(document), "features": features}


def _unbounded(item: dict[str, Any]) -> dict[str, Any]:
    # A bounding box is optional (RFC 7946, section 5); that of other coordinates would be false.
    return {name: value for name, value in item.items() if name not in ("bbox", "crs")}


class GeoJsonSink(TextSink):
    """A FeatureCollection of points; a row without a position in range has no geometry.

    `gcj02`: the table's coordinates are GCJ-02 and are turned into WGS-84.
    """

    format = "geojson"

    def __init__(
        self,
        path: Path,
        fields: Sequence[PublishedField],
        places: tuple[int, int],
        *,
        gcj02: bool,
    ) -> None:
        super().__init__(path)
        self._names = [field.name for field in fields]
        self._places, self._gcj02 = places, gcj02
        self._rows = self._placed = 0
        self._file.write('{"type": "FeatureCollection", "features": [')

    def row(self, _texts: Sequence[str], values: Sequence[Any]) -> None:
        """Write one feature."""
        if self.left_out:
            return
        if (self._rows + 1) * len(self._names) > DOCUMENT_CELLS:
            self.left_out = TOO_MANY_CELLS
            return
        feature = {
            "type": "Feature",
            "geometry": self._point(values),
            "properties": dict(zip(self._names, map(as_json, values), strict=True)),
        }
        text = json.dumps(feature, ensure_ascii=False)
        self._file.write(f",\n{text}" if self._rows else f"\n{text}")
        self._rows += 1

    def _point(self, values: Sequence[Any]) -> dict[str, Any] | None:
        longitude, latitude = (values[place] for place in self._places)
        if longitude is None or latitude is None:
            return None
        longitude, latitude = float(longitude), float(latitude)
        if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
            return None
        if self._gcj02:
            longitude, latitude = coordinates.to_wgs84(longitude, latitude)
        self._placed += 1
        return {"type": "Point", "coordinates": [longitude, latitude]}

    def _end(self) -> None:
        if not self._placed and not self.left_out:
            self.left_out = NO_POSITION
        self._file.write("\n]}\n")
