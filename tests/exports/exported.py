"""A catalogue of one open, one on-request and one closed dataset, with what packaging made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from kaishu.base.strict_yaml import Document
from kaishu.catalog.dataset import Catalog, Dataset
from kaishu.catalog.model import Descriptor, Portal
from kaishu.packaging.model import Package, PublishedField, PublishedFile, PublishedTable

PORTAL = {
    "title": "示例门户",
    "url": "https://example.org/open",
    "operator": {"name": "数据局"},
    "regulation": "yingkou-2022",
    "licence": {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/"},
    "departments": [{"id": "mzj", "name": "民政局", "contact": {"phone": "12345"}}],
    "themes": [{"id": "society", "name": "社会"}],
}
DAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Exported:
    catalog: Catalog
    packages: dict[str, Package]
    updated: dict[str, date]
    folder: Path


def descriptor(name: str, openness: str, **more: object) -> dict[str, object]:
    return {
        "name": name,
        "title": f"名称 {name}",
        "resources": [{"name": name, "path": f"data/{name}.csv"}],
        "catalogue": {
            "theme": "society",
            "openness": {"type": openness},
            "sharing": {"type": "unconditional"},
            "update_cycle": "yearly",
        },
        **more,
    }


def dataset(portal: Portal, raw: dict[str, object]) -> Dataset:
    return Dataset(
        department=portal.departments[0],
        theme=portal.themes[0],
        descriptor=Descriptor.model_validate(raw),
        raw=raw,
        folder=Path(),
        file="datapackage.yaml",
        lines=Document(),
        default_licence=portal.licence,
    )


def package(key: str, *, files: bool) -> Package:
    name = key.partition("/")[2]
    csv = PublishedFile(f"data/{name}.csv", "csv", "text/csv", 1234, "ab" * 32, name)
    table = PublishedTable(
        name, None, (PublishedField("code", "string", "代码"),), (("1",),), 1, {}, ()
    )
    return Package(key, (csv,) if files else (), (table,), {})


def small_catalogue(folder: Path) -> Exported:
    """Three datasets of three classes; `folder` is where a test may write."""
    portal = Portal.model_validate(PORTAL)
    id_ = "0d4a8f0e-6a4c-4f4e-9a53-0f6b5d2f7c11"
    datasets = (
        dataset(portal, descriptor("parks", "unconditional", id=id_, description="公园 <名单>")),
        dataset(portal, descriptor("visits", "on-request", title="=1+1")),
        dataset(portal, descriptor("people", "closed")),
    )
    packages = {one.key: package(one.key, files=one.is_open) for one in datasets}
    return Exported(Catalog(Path(), portal, datasets), packages, {"mzj/parks": DAY}, folder)
