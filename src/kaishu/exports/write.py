"""Writes every machine-readable form of the catalogue at its address in the contract.

Each file is put together from what its datasets add to it, part by part, so that a catalogue of
any size needs little memory, and after a change only the parts that changed are made anew. The
bytes are the same either way.
"""

from __future__ import annotations

import hashlib
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from kaishu.base.files import write_atomically
from kaishu.exports import data_json, dcat, feeds, listing, restrictions
from kaishu.exports.contribution import Contribution, of_dataset
from kaishu.exports.framed import FramedFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from kaishu.base.kept import Kept
    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.packaging.model import Package
    from kaishu.packaging.versions import Past


def write(
    catalog: Catalog,
    packages: Mapping[str, Package],
    updated: Mapping[str, date],
    as_of: date,
    target: Path,
    *,
    pasts: Mapping[str, Past] = MappingProxyType({}),
    contents: Mapping[str, str] | None = None,
    kept: Kept | None = None,
) -> None:
    """Write the catalogue for machines into the site folder `target`.

    `pasts` are the versions of each dataset, for the feeds. With `kept`, what a dataset adds is looked up there first; `contents` then tells, by key, a
    hash of all that its package was made from.
    """
    portal = catalog.portal
    common = hashlib.sha256(portal.model_dump_json().encode())

    def contribution(dataset: Dataset) -> Contribution:
        day, past = updated.get(dataset.key), pasts.get(dataset.key)

        def make() -> tuple[Any, ...]:
            return of_dataset(portal, dataset, packages[dataset.key], day, as_of, past).kept()

        if kept is None or contents is None:
            return Contribution(*make())
        name = common.copy()
        # The feed of a dataset without a date is dated by the build.
        name.update(f"{contents[dataset.key]} {day or as_of} {dataset.is_open} {past}".encode())
        return Contribution(*kept.take(name.hexdigest(), make))

    target.mkdir(parents=True, exist_ok=True)
    head = list(dcat.head(catalog, as_of))
    turtle = FramedFile(target / "catalog.ttl", dcat.turtle_frame(head))
    json_ld = FramedFile(target / "catalog.jsonld", dcat.json_ld_frame(head))
    data = FramedFile(target / "data.json", data_json.frame())
    table = FramedFile(target / "catalog.csv", listing.frame())
    rows = []
    for dataset in catalog.datasets:
        one = contribution(dataset)
        turtle.add(one.turtle)
        json_ld.add(b",\n" + one.json_ld)
        data.add(one.data_json)
        table.add(one.line)
        rows.append(one.rows)
        feed = target / "datasets" / dataset.key / "feed.xml"
        feed.parent.mkdir(parents=True, exist_ok=True)
        feed.write_bytes(one.feed)
    for file in (turtle, json_ld, data, table):
        file.close()
    listing.write_workbook(target / "catalog.xlsx", rows, as_of)
    write_atomically(target / "feed.xml", feeds.of_catalog(catalog, updated, as_of, pasts))
    for name in restrictions.LISTS:
        found = restrictions.restrictions(catalog, name)
        content = listing.as_csv(restrictions.rows(portal, found))
        write_atomically(target / f"lists/{name}.csv", content)
