"""Where a table's rows lie: its coordinate columns, and 火星坐标 (GCJ-02) turned into WGS-84."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.packaging.model import PublishedField

LONGITUDE = ("longitude", "lng", "lon", "经度")
LATITUDE = ("latitude", "lat", "纬度")
_NUMBERS = ("number", "integer")
# Krassovsky 1940, as the offset is defined on it.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_GCJ = ("gcj", "火星坐标")
# CGCS2000 differs from WGS-84 by centimetres.
_DEGREES = ("wgs", "4326", "crs84", "cgcs2000", "4490", "2000国家大地坐标系")


def columns(fields: Sequence[PublishedField]) -> tuple[int, int] | None:
    """The positions of the columns of longitude and latitude, or None without exactly one of each."""
    found = []
    for words in (LONGITUDE, LATITUDE):
        matching = [
            n
            for n, field in enumerate(fields)
            if field.type in _NUMBERS and _is_named(field, words)
        ]
        if len(matching) != 1:
            return None
        found.append(matching[0])
    return found[0], found[1]


def is_gcj02(crs: str | None) -> bool:
    """Whether a descriptor's `crs` says that its coordinates are GCJ-02."""
    return crs is not None and any(word in crs.lower() for word in _GCJ)


def is_convertible(crs: str | None) -> bool:
    """Whether positions in `crs` can be given as WGS-84; those of which nothing is said are it."""
    return (
        crs is None
        or is_gcj02(crs)
        or any(word in crs.lower().replace(" ", "") for word in _DEGREES)
    )


def to_wgs84(longitude: float, latitude: float) -> tuple[float, float]:
    """A GCJ-02 position as WGS-84, both in degrees; right to about a centimetre.

    The offset is only defined one way, so it is inverted step by step. Outside China both are
    the same.
    """
    if not _in_china(longitude, latitude):
        return longitude, latitude
    lon, lat = longitude, latitude
    for _step in range(8):
        shifted = to_gcj02(lon, lat)
        lon, lat = lon + longitude - shifted[0], lat + latitude - shifted[1]
    return round(lon, 8), round(lat, 8)


def to_gcj02(longitude: float, latitude: float) -> tuple[float, float]:
    """A WGS-84 position as GCJ-02, both in degrees."""
    if not _in_china(longitude, latitude):
        return longitude, latitude
    x, y = longitude - 105.0, latitude - 35.0
    north, east = _north(x, y), _east(x, y)
    radians = math.radians(latitude)
    factor = 1 - _ECCENTRICITY * math.sin(radians) ** 2
    root = math.sqrt(factor)
    north = north * 180.0 / (_AXIS * (1 - _ECCENTRICITY) / (factor * root) * math.pi)
    east = east * 180.0 / (_AXIS / root * math.cos(radians) * math.pi)
    return longitude + east, latitude + north


def _is_named(field: PublishedField, words: Sequence[str]) -> bool:
    name, title = field.name.lower(), (field.title or "").lower()
    return name in words or title in words or any(title.startswith(f"{word}（") for word in words)


def _in_china(longitude: float, latitude: float) -> bool:
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def _waves(value: float) -> float:
    return 20.0 * math.sin(6.0 * value * math.pi) + 20.0 * math.sin(2.0 * value * math.pi)


def _north(x: float, y: float) -> float:
    found = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x))
    found += _waves(x) * 2.0 / 3.0
    found += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    return (
        found
        + (160.0 * math.sin(y / 12.0 * math.pi) + 320 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    )


def _east(x: float, y: float) -> float:
    found = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x))
    found += _waves(x) * 2.0 / 3.0
    found += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    return (
        found
        + (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    )
