"""A catalogue of true size: the real entries of seven cities where they are, else made-up ones.

Only the pages and the index that a search needs are made, without a build.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import date
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kaishu.base import i18n
from kaishu.base.strict_yaml import Document
from kaishu.catalog.dataset import Catalog, Dataset
from kaishu.catalog.model import Descriptor, Portal
from kaishu.packaging.model import Package, PublishedField, PublishedFile, PublishedTable
from kaishu.publishing import search
from kaishu.publishing.trees import share
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site import pages
from kaishu.site.edition import Edition
from kaishu.site.environment import THEME, furnish, render
from kaishu.site.listings import listed
from kaishu.site.rendering import TABLE
from kaishu.site.search.records import records
from kaishu.site.shell import ASSETS, Shell, asset_versions

if TYPE_CHECKING:
    from collections.abc import Iterable

AS_OF = date(2023, 7, 10)
CYCLES = {"每年": "yearly", "按年更新": "yearly", "实时": "realtime", "每日": "daily", "每月": "monthly",
          "每半年": "half-yearly", "每季度": "quarterly", "不定期": "irregular", "每周": "weekly"}  # fmt: skip
KINDS = {"xls": "xlsx", "xlsx": "xlsx", "csv": "csv", "xml": "xml", "json": "json", "api": "json"}
COLUMNS = ("编号", "名称", "所属区县", "地址", "联系电话", "统一社会信用代码", "经度", "纬度", "更新时间", "备注",
           "法定代表人", "许可证号", "发证日期", "有效期至", "行业类别", "年份", "数量", "金额（万元）", "负责人", "状态")  # fmt: skip


def entries() -> list[dict[str, Any]]:
    """The real entries below the folder that KAISHU_CORPORA names, else as many made-up ones."""
    folder = os.environ.get("KAISHU_CORPORA")
    if folder and (Path(folder) / "catalogue_zh.jsonl").is_file():
        text = (Path(folder) / "catalogue_zh.jsonl").read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]
    return list(_made_up())


def _made_up() -> Iterable[dict[str, Any]]:
    """Entries as cities have them: a place, a matter, a kind of table; 2,400 of them."""
    places = [
        f"{a}{b}" for a, b in product("江东西南北新古合纳叙", ("阳区", "城县", "山区", "州市"))
    ]
    matters = {
        "公交线路": "交通运输", "公交站点": "交通运输", "食品抽检": "市场监管", "大气质量": "生态环境", "幼儿园": "教育文化",
        "医疗机构": "医疗卫生", "旅行社": "旅游服务", "行政处罚": "综合政务", "住房公积金": "社会保障", "水库水位": "水利气象",
        "农产品价格": "农业农村", "养老机构": "民政社区",
    }  # fmt: skip
    kinds = {
        "信息": "yearly",
        "名单": "monthly",
        "统计表": "quarterly",
        "情况公示": "irregular",
        "明细": "daily",
    }
    for n, (place, (matter, theme), (kind, cycle)) in enumerate(
        product(places, matters.items(), kinds.items())
    ):
        yield {
            "title": f"{place}{matter}{kind}",
            "description": f"本数据由{place}主管部门提供，包括{matter}的{kind}。",
            "publisher": f"{place}{theme[:2]}局",
            "theme": [theme],
            "keywords": [matter],
            "modified": f"{2020 + n % 4}-{n % 12 + 1}-{n % 28 + 1}",
            "frequency": {v: k for k, v in CYCLES.items()}[cycle],
            "openness": "有条件开放" if n % 9 == 0 else "无条件开放",
            "formats": ["xlsx", "csv"][: n % 2 + 1],
        }  # fmt: skip


def edition_of(given: list[dict[str, Any]]) -> Edition:
    """The entries as an edition of a portal; each has columns, which real entries here lack."""
    publishers = dict.fromkeys(one["publisher"] or "未注明" for one in given)
    themes = dict.fromkeys((one["theme"] or ["其他"])[0] for one in given)
    portal = Portal.model_validate({
        "title": "测试市公共数据开放平台",
        "url": "https://data.example.org",
        "operator": {"name": "测试市数据局"},
        "regulation": "yingkou-2022",
        "departments": [{"id": f"d{n}", "name": name} for n, name in enumerate(publishers)],
        "themes": [{"id": f"t{n}", "name": name} for n, name in enumerate(themes)],
    })  # fmt: skip
    departments = {one.name: one for one in portal.departments}
    by_theme = {one.name: one for one in portal.themes}
    datasets = []
    for n, one in enumerate(given):
        department = departments[one["publisher"] or "未注明"]
        theme = by_theme[(one["theme"] or ["其他"])[0]]
        descriptor = Descriptor.model_validate({
            "name": f"e{n}",
            "title": one["title"].strip() or "未命名",
            "description": one["description"] or None,
            "keywords": one["keywords"],
            "resources": [{"name": "data"}],
            "catalogue": {
                "theme": theme.id,
                "openness": {"type": "on-request" if one["openness"].startswith("有条件") else "unconditional"},
                "sharing": {"type": "unconditional"},
                "update_cycle": CYCLES.get(one["frequency"], "other"),
            },
        })  # fmt: skip
        datasets.append(
            Dataset(department, theme, descriptor, {}, Path(), "", Document({}, {}, []))
        )
    return Edition(
        catalog=Catalog(Path(), portal, tuple(datasets)),
        regulation=library.load(portal.regulation),
        calendar=WorkingCalendar.load(None),
        packages={
            one.key: _package(one, entry, n)
            for n, (one, entry) in enumerate(zip(datasets, given, strict=True))
        },
        updated={
            one.key: day
            for one, entry in zip(datasets, given, strict=True)
            if (day := _day(entry["modified"])) is not None
        },
        as_of=AS_OF,
        commit=None,
        shallow=False,
    )


def _package(dataset: Dataset, entry: dict[str, Any], n: int) -> Package:
    kinds = dict.fromkeys(KINDS[one] for one in entry["formats"] if one in KINDS)
    files = tuple(PublishedFile(f"data/data.{kind}", kind, "", 0, "", "data") for kind in kinds)
    fields = tuple(
        PublishedField(f"c{i}", "string", COLUMNS[(n * 7 + i * 3) % len(COLUMNS)]) for i in range(8)
    )
    return Package(dataset.key, files, (PublishedTable("data", None, fields, (), 0, {}, ()),), {})


def _day(text: str | None) -> date | None:
    try:
        year, month, day = (text or "").split("-")
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def publish(edition: Edition, folder: Path) -> Path:
    """The catalogue's page, its index and the shared files, as a site in `folder`."""
    shell = Shell(edition.catalog.portal, {**asset_versions(), TABLE: ""})
    environment = furnish(Environment(loader=FileSystemLoader(THEME), undefined=StrictUndefined))
    with i18n.use("zh-CN"):
        page = pages.catalogue(edition)
        target = folder / "site" / page.file
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(render(page, environment, shell), encoding="utf-8")
        found = records(listed(edition.catalog.datasets), edition.packages, edition.updated)
        index = search.begin(edition.catalog.portal, found, folder / "build")
        linked = index.lay_down(folder / "site")
    for path, one in linked.items():
        share(one.source, folder / "site" / path)
    shutil.copytree(ASSETS, folder / "site/assets")
    return folder / "site"


def searched(edition: Edition, dataset: Dataset) -> str:
    """All text of an entry that a search looks through, for comparison."""
    descriptor = dataset.descriptor
    columns = [
        field.title for table in edition.packages[dataset.key].tables for field in table.fields
    ]
    parts = (descriptor.title, descriptor.description, dataset.department.name, dataset.theme.name,
             *descriptor.keywords, *columns)  # fmt: skip
    return "\n".join(part for part in parts if part).casefold()
