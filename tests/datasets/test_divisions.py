"""Division codes against those python-stdnum holds, and the 2023 codes where they are at hand."""

from __future__ import annotations

import json
import re
from pathlib import Path

import stdnum
from stdnum import numdb
from tests.datasets.tables import corpus, corpus_rows, rows

KNOWN = numdb.get("cn/loc")


def name_in_force(code: str) -> str | None:
    """The county-level name that python-stdnum gives now, such as `[1983-]站前区`."""
    found = KNOWN.info(code)[1][1].get("county", "")
    for one in found.split(","):
        years = re.match(r"\[(\d*)-(\d*)\](.+)", one)
        if years is None:
            return one or None
        if not years[2]:
            return years[3]
    return None


def test_the_six_counties_of_yingkou_are_those_that_stand_now() -> None:
    ours = {row["code"]: row["name"] for row in rows("mzj/yingkou-divisions/yingkou-divisions.csv")}
    candidates = (f"2108{n:02}" for n in range(2, 100))
    theirs = {code: name for code in candidates if (name := name_in_force(code)) is not None}
    assert ours == theirs


def test_a_division_of_yingkou_has_the_type_its_code_tells() -> None:
    for row in rows("mzj/yingkou-divisions/yingkou-divisions.csv"):
        assert row["type"] == ("县级市" if int(row["code"][4:]) > 80 else "市辖区")


def test_the_fourteen_cities_of_liaoning_are_those_that_stand_now() -> None:
    ours = {row["code"]: row["name"] for row in rows("mzj/liaoning-cities/liaoning-cities.csv")}
    candidates = (f"21{n:02}00" for n in range(1, 90))
    theirs = {code: name for code in candidates if (name := name_in_force(code)) is not None}
    assert ours == theirs


def test_only_shenyang_and_dalian_are_sub_provincial() -> None:
    table = rows("mzj/liaoning-cities/liaoning-cities.csv")
    assert [row["name"] for row in table if row["level"] == "副省级市"] == ["沈阳市", "大连市"]


def test_the_provinces_are_those_of_python_stdnum() -> None:
    lines = (Path(stdnum.__file__).parent / "cn" / "loc.dat").read_text(encoding="utf-8")
    theirs = dict(re.findall(r'^(\d\d) province="(.+)"$', lines, flags=re.MULTILINE))
    # python-stdnum writes Hong Kong and Macao in traditional characters.
    simplified = str.maketrans("別門區", "别门区")
    table = rows("mzj/provinces/provinces.csv")
    assert {row["code"][:2]: row["name"] for row in table} == {
        code: name.translate(simplified) for code, name in theirs.items()
    }


def test_each_type_of_province_has_its_number() -> None:
    kinds = [row["type"] for row in rows("mzj/provinces/provinces.csv")]
    counted = {kind: kinds.count(kind) for kind in kinds}
    assert counted == {"省": 23, "自治区": 5, "直辖市": 4, "特别行政区": 2}
    for row in rows("mzj/provinces/provinces.csv"):
        assert row["type"] == "直辖市" or row["name"].endswith(row["type"])


def test_the_codes_agree_with_the_statistical_codes_of_2023() -> None:
    areas = corpus_rows("zh/admin_divisions/modood/areas.csv")
    cities = corpus_rows("zh/admin_divisions/modood/cities.csv")
    provinces = corpus_rows("zh/admin_divisions/modood/provinces.csv")
    ours = {row["code"]: row["name"] for row in rows("mzj/yingkou-divisions/yingkou-divisions.csv")}
    assert len(ours) == 6
    if areas is None or cities is None or provinces is None:
        return
    assert ours == {row["code"]: row["name"] for row in areas if row["cityCode"] == "2108"}
    assert {
        row["code"]: row["name"] for row in rows("mzj/liaoning-cities/liaoning-cities.csv")
    } == {row["code"] + "00": row["name"] for row in cities if row["provinceCode"] == "21"}
    mainland = {row["code"] + "0000": row["name"] for row in provinces}
    beyond_file = corpus("zh/admin_divisions/modood/HK-MO-TW.json")
    assert beyond_file is not None
    beyond = set(json.loads(beyond_file.read_text(encoding="utf-8")))
    table = {row["code"]: row["name"] for row in rows("mzj/provinces/provinces.csv")}
    assert mainland.items() <= table.items()
    assert {table[code] for code in table.keys() - mainland.keys()} == beyond
