"""Tables of the standards, recomputed or compared with other people's copies."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import pairwise

import aqi
import pypinyin
import pytest
from aqi import constants
from aqi.algos.mep import AQI
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, geocoder, is_valid_number, parse
from stdnum.cn import uscc
from tests.datasets.tables import corpus_rows, rows


def test_wind_levels_follow_the_formula_of_the_scale() -> None:
    table = rows("qxj/wind-scale/wind-scale.csv")
    assert [int(row["level"]) for row in table] == list(range(18))
    for row in table:
        level = int(row["level"])
        # v = 0.836 B^1.5 m/s at the middle of level B, so levels meet at B + 1/2.
        assert abs(float(row["maximum"]) - 0.836 * (level + 0.5) ** 1.5) <= 0.12
    for lower, upper in pairwise(table):
        assert Decimal(upper["minimum"]) - Decimal(lower["maximum"]) == Decimal("0.1")


def test_the_credit_codes_alphabet_is_that_of_python_stdnum() -> None:
    table = rows("scj/credit-code-characters/characters.csv")
    assert [int(row["value"]) for row in table] == list(range(31))
    assert "".join(row["character"] for row in table) == uscc._alphabet


def test_a_check_character_by_our_weights_is_that_of_python_stdnum() -> None:
    values = {
        row["character"]: int(row["value"])
        for row in rows("scj/credit-code-characters/characters.csv")
    }
    weights = [int(row["weight"]) for row in rows("scj/credit-code-characters/weights.csv")]
    characters = list(values)
    assert weights == [3**n % 31 for n in range(17)]
    draw = random.Random(32100)
    for _ in range(500):
        body = "".join(draw.choices(characters, k=17))
        total = sum(values[one] * weight for one, weight in zip(body, weights, strict=True))
        assert characters[(31 - total % 31) % 31] == uscc.calc_check_digit(body)


AQI_NAMES = {
    ("二氧化硫", "24小时平均"): constants.POLLUTANT_SO2_24H,
    ("二氧化硫", "1小时平均"): constants.POLLUTANT_SO2_1H,
    ("二氧化氮", "24小时平均"): constants.POLLUTANT_NO2_24H,
    ("二氧化氮", "1小时平均"): constants.POLLUTANT_NO2_1H,
    ("颗粒物（粒径小于等于10μm）", "24小时平均"): constants.POLLUTANT_PM10,
    ("一氧化碳", "24小时平均"): constants.POLLUTANT_CO_24H,
    ("一氧化碳", "1小时平均"): constants.POLLUTANT_CO_1H,
    ("臭氧", "1小时平均"): constants.POLLUTANT_O3_1H,
    ("臭氧", "8小时滑动平均"): constants.POLLUTANT_O3_8H,
    ("颗粒物（粒径小于等于2.5μm）", "24小时平均"): constants.POLLUTANT_PM25,
}


def test_breakpoints_give_the_index_that_python_aqi_computes() -> None:
    table = rows("hbj/air-quality-index/breakpoints.csv")
    pairs = {(row["pollutant"], row["period"]) for row in table}
    assert pairs == set(AQI_NAMES)
    for row in table:
        name = AQI_NAMES[row["pollutant"], row["period"]]
        assert aqi.to_iaqi(name, row["concentration"], algo=constants.ALGO_MEP) == int(row["iaqi"])
        in_milligrams = row["pollutant"] == "一氧化碳"
        assert row["unit"] == ("mg/m³" if in_milligrams else "μg/m³")


def test_every_pollutant_has_all_breakpoints_that_python_aqi_knows() -> None:
    table = rows("hbj/air-quality-index/breakpoints.csv")
    for (pollutant, period), name in AQI_NAMES.items():
        ours = [
            Decimal(row["concentration"])
            for row in table
            if (row["pollutant"], row["period"]) == (pollutant, period)
        ]
        assert ours == [Decimal(0), *(upper for _, upper in AQI.piecewise["bp"][name])]


def test_the_index_levels_join_without_gaps_at_the_breakpoints() -> None:
    table = rows("hbj/air-quality-index/levels.csv")
    assert [row["category"] for row in table] == [
        "优",
        "良",
        "轻度污染",
        "中度污染",
        "重度污染",
        "严重污染",
    ]
    assert [row["maximum"] for row in table] == ["50", "100", "150", "200", "300", ""]
    assert table[0]["minimum"] == "0"
    for lower, upper in pairwise(table):
        assert int(upper["minimum"]) == int(lower["maximum"]) + 1
    # HJ 633—2012 appendix A, as hexadecimal colours.
    colours = ["00e400", "ffff00", "ff7e00", "ff0000", "99004c", "7e0023"]
    ours = [bytes(int(row[part]) for part in ("red", "green", "blue")).hex() for row in table]
    assert ours == colours


def test_the_sections_of_industry_tile_the_divisions() -> None:
    sections = rows("tjj/industry-divisions/sections.csv")
    divisions = rows("tjj/industry-divisions/divisions.csv")
    assert "".join(row["section"] for row in sections) == "ABCDEFGHIJKLMNOPQRST"
    assert [row["division"] for row in divisions] == [f"{n:02}" for n in range(1, 98)]
    tiled = [
        (f"{n:02}", row["section"])
        for row in sections
        for n in range(int(row["first_division"]), int(row["last_division"]) + 1)
    ]
    assert [(row["division"], row["section"]) for row in divisions] == tiled


def test_the_names_of_industries_are_those_of_the_standard() -> None:
    divisions = {
        row["division"]: row["name"] for row in rows("tjj/industry-divisions/divisions.csv")
    }
    assert len(set(divisions.values())) == 97
    theirs = corpus_rows("zh/admin_divisions/gb/GB-4754-2017.csv")
    if theirs is None:
        return
    top = {row["id"]: row for row in theirs if not row["parent_id"]}
    sections = rows("tjj/industry-divisions/sections.csv")
    assert {row["section"]: row["name"] for row in sections} == {
        row["code"]: row["name"] for row in top.values()
    }
    assert divisions == {
        row["code"].zfill(2): row["name"].strip() for row in theirs if row["parent_id"] in top
    }


# Names whose Roman spelling is the standard's own and not the pinyin of the Chinese name.
OWN_SPELLING = {
    "蒙古族": "Mongol",
    "藏族": "Zang",
    "维吾尔族": "Uygur",
    "布依族": "Buyei",
    "朝鲜族": "Chosen",
    "哈萨克族": "Kazak",
    "傈僳族": "Lisu",
    "佤族": "Va",
    "柯尔克孜族": "Kirgiz",
    "达斡尔族": "Daur",
    "水族": "Sui",
    "布朗族": "Blang",
    "撒拉族": "Salar",
    "锡伯族": "Xibe",
    "普米族": "Pumi",
    "塔吉克族": "Tajik",
    "乌孜别克族": "Uzbek",
    "俄罗斯族": "Russ",
    "鄂温克族": "Ewenki",
    "保安族": "Bonan",
    "裕固族": "Yugur",
    "京族": "Gin",
    "塔塔尔族": "Tatar",
    "独龙族": "Derung",
    "鄂伦春族": "Oroqen",
    "赫哲族": "Hezhen",
    "基诺族": "Jino",
    "门巴族": "Monba",
    "珞巴族": "Lhoba",
}


def test_ethnic_groups_are_spelled_by_pinyin_or_by_the_standards_own_spelling() -> None:
    table = rows("tjj/ethnic-groups/ethnic-groups.csv")
    assert [row["code"] for row in table] == [f"{n:02}" for n in range(1, 57)]
    for row in table:
        pinyin = "".join(pypinyin.lazy_pinyin(row["name"].removesuffix("族"), v_to_u=False))
        assert row["romanised"] == OWN_SPELLING.get(row["name"], pinyin.capitalize())
    assert len({row["letters"] for row in table}) == 56


def test_ethnic_groups_agree_with_another_copy_but_for_its_older_or_cut_names() -> None:
    ours = {row["code"]: row for row in rows("tjj/ethnic-groups/ethnic-groups.csv")}
    assert ours["36"]["name"] == "毛南族"
    theirs = corpus_rows("zh/admin_divisions/gb/GB-3304-1991.csv")
    if theirs is None:
        return
    differing = set()
    for row in theirs:
        one = ours[row["code_number"]]
        assert (one["letters"], one["romanised"]) == (row["code_letter"], row["pinyin"])
        if one["name"] != row["name"]:
            differing.add((one["name"], row["name"]))
    assert differing == {
        ("傈僳族", "傈傈族"),
        ("毛南族", "毛难族"),
        ("德昂族", "崩龙族"),
        ("柯尔克孜族", "柯尔克孜"),
        ("乌孜别克族", "乌孜别克"),
    }


@pytest.mark.parametrize("row", rows("gxj/area-codes/area-codes.csv"), ids=lambda row: row["city"])
def test_an_area_code_is_that_of_its_city_in_the_numbering_plan(row: dict[str, str]) -> None:
    assert "CN" in COUNTRY_CODE_TO_REGION_CODE[86]
    for local in ("23456789", "2345678"):
        number = parse(f"+86{row['area_code'][1:]}{local}")
        if is_valid_number(number):
            assert row["city"] in geocoder.description_for_number(number, "zh")
            return
    pytest.fail("no local number is valid under this area code")


def test_area_codes_name_the_fourteen_cities_by_their_division_codes() -> None:
    cities = {row["code"]: row["name"] for row in rows("mzj/liaoning-cities/liaoning-cities.csv")}
    ours = {row["division_code"]: row["city"] for row in rows("gxj/area-codes/area-codes.csv")}
    assert ours == cities


def test_characters_stand_at_their_code_in_gb_18030_too() -> None:
    table = rows("jyj/chinese-characters/chinese-characters.csv")
    levels = [row["level"] for row in table]
    assert (levels.count("一级"), levels.count("二级"), len(levels)) == (3755, 3008, 6763)
    for row in table:
        area, cell = int(row["code"][:2]), int(row["code"][2:])
        assert bytes((0xA0 + area, 0xA0 + cell)).decode("gb18030") == row["character"]
        assert row["code_point"] == f"U+{ord(row['character']):04X}"
        assert row["level"] == ("一级" if area < 56 else "二级")
