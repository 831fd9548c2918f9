"""A portal unlike the example, as files: English, below a sub-path, in production, with names and data as they come.

Long names, markup and other scripts in texts and cells, two hundred columns, no rows.
"""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LONG = "Bureau of Human Resources, Social Security and Veterans Affairs of the Long Named County"
MARKUP = "<script>document.title='taken'</script><b>bold</b> & \"quoted\""
BASIS = {"title": "Law on the Protection of Personal Information", "article": "Article 28",
         "level": "law", "issuer": "National People's Congress"}  # fmt: skip


def add(root: Path, key: str, title: str, fields: Sequence[Any], rows: Any, **entry: Any) -> None:
    folder = root / "datasets" / key
    name = key.partition("/")[2]
    (folder / "data").mkdir(parents=True)
    resource: dict[str, Any] = {"name": name, "schema": {"fields": fields}}
    if rows is None:
        resource["data"] = [[one["name"] for one in fields]]
    else:
        resource["path"] = f"data/{name}.csv"
        with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([[f["name"] for f in fields], *rows])
    description = entry.pop("description", f"All about it. {MARKUP}")
    catalogue = {"theme": "t", "openness": {"type": "unconditional"}, "sharing": {"type": "unconditional"},
                 "update_cycle": "monthly", "modified": "2026-01-02",
                 "review": {"date": "2026-01-01", "by": "Secrecy office"}, **entry}  # fmt: skip
    descriptor = {"id": f"id-{name}", "name": name, "title": title, "description": description,
                  "created": "2026-01-05T00:00:00+08:00", "resources": [resource], "catalogue": catalogue}  # fmt: skip
    (folder / "datapackage.json").write_text(json.dumps(descriptor), encoding="utf-8")


def portal(root: Path) -> Path:
    department = {"contact": {"name": "Data officer", "email": "officer@example.org"}}
    stated = {
        "title": "Open Data Portal of the City of Example-upon-Very-Long-River",
        "url": "https://data.example.org/sub/path", "language": "en", "mode": "production",
        "operator": {"name": "Example Bureau of Big Data", "email": "data@example.org"},
        "regulation": "yingkou-2022", "review": {"policy": "none"},
        "licence": {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0"},
        "footer": {"icp": "ICP-1", "police": "POLICE-2", "site_id": "2100000001",
                   "mark": "https://bszs.conac.cn/x", "errors": "https://zfwzgl.www.gov.cn/x"},
        "departments": [{"id": "long", "name": LONG, **department},
                        {"id": "short", "name": "Transport & <b>Roads</b>", **department}],
        "themes": [{"id": "t", "name": "Environment, Resources and a Long Name"}],
    }  # fmt: skip
    root.mkdir()
    # JSON is YAML, too.
    (root / "catalog.yaml").write_text(json.dumps(stated), encoding="utf-8")
    text, number = {"type": "string"}, {"type": "number"}
    add(root, "long/points", f"Points {MARKUP}",
        [{"name": "name", **text}, {"name": "lon", "title": "Longitude", **number}, {"name": "lat", "title": "Latitude", **number}],
        [[f"Point {n} {MARKUP}", 122 + n / 1000, 40 + n / 1000] for n in range(300)])  # fmt: skip
    add(root, "long/wide", "Two Hundred Columns", [{"name": f"c{n}", "title": f"A column called number {n}", **number} for n in range(200)],
        [[n * m for n in range(200)] for m in range(30)])  # fmt: skip
    add(root, "long/empty", "No Rows", [{"name": "a", **text}, {"name": "b", **number}], [])
    add(root, "long/cells", "Huge Cells", [{"name": "a", "title": "النص بالعربية", **text}],
        [[f"{MARKUP} {'word ' * 500}{'x' * 500}"], ["\u202eمرحبا بالعالم"]] * 10)  # fmt: skip
    title = "全市新能源汽车公共充电桩与换电站运营企业名称、位置及实时可用数量（二〇二六年修订版）"
    description = "本数据集收录全市" + "充电桩的名称位置与数量，" * 12 + "每月更新。"
    add(root, "short/stations", title,
        [{"name": "name", **text}, {"name": "lon", "title": "Longitude", **number}, {"name": "lat", "title": "Latitude", **number}],
        [[f"站{n}", 122 + n / 1000, 40 + n / 1000] for n in range(30)], description=description)  # fmt: skip
    add(
        root,
        "short/later",
        "To Be Opened",
        [{"name": "a", **text}],
        [["1"]],
        publish_on="2099-01-01",
    )
    add(
        root,
        "short/gone",
        "Withdrawn",
        [{"name": "a", **text}],
        [["1"]],
        withdrawn={"date": "2026-02-01", "reason": MARKUP},
    )
    add(root, "short/trips", "Single Trips", [{"name": "trip", **text}], None,
        openness={"type": "on-request", "conditions": "For research only.", "basis": [BASIS]})  # fmt: skip
    add(
        root,
        "short/closed",
        "Closed",
        [{"name": "person", **text}],
        None,
        openness={"type": "closed", "basis": [BASIS] * 3},
    )
    return root
