"""Writes every machine-readable form of the catalogue at its address in the contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.exports import data_json, dcat, feeds, listing, restrictions

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from kaishu.catalog.dataset import Catalog
    from kaishu.packaging.model import Package


def write(
    catalog: Catalog,
    packages: Mapping[str, Package],
    updated: Mapping[str, date],
    as_of: date,
    target: Path,
) -> None:
    """Write the catalogue for machines into the site folder `target`."""
    graph = dcat.graph(catalog, packages, updated, as_of)
    rows = listing.entries(catalog, packages, updated)
    sheets = {_("Catalogue entries"): rows, _("Fields"): listing.items(catalog, packages)}
    files = {
        "catalog.jsonld": dcat.as_json_ld(graph),
        "catalog.ttl": dcat.as_turtle(graph),
        "data.json": data_json.data_json(catalog, packages, updated),
        "catalog.csv": listing.as_csv(rows),
        "catalog.xlsx": listing.as_workbook(sheets, as_of),
        "feed.xml": feeds.of_catalog(catalog, updated, as_of),
    }
    for name in restrictions.LISTS:
        found = restrictions.restrictions(catalog, name)
        files[f"lists/{name}.csv"] = listing.as_csv(restrictions.rows(catalog.portal, found))
    for dataset in catalog.datasets:
        path = f"datasets/{dataset.key}/feed.xml"
        files[path] = feeds.of_dataset(catalog.portal, dataset, updated, as_of)
    for path, content in files.items():
        write_atomically(target / path, content)
