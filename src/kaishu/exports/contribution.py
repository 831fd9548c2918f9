"""What one dataset adds to the catalogue's files: made once for each content, then kept."""

from __future__ import annotations

from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING

from kaishu.exports import data_json, dcat, feeds, listing

if TYPE_CHECKING:
    from datetime import date

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.model import Package
    from kaishu.packaging.versions import Past


@dataclass(frozen=True, slots=True)
class Contribution:
    """A dataset's part of each file, UTF-8, and its own feed.

    `entry` and `items` are its rows in the two sheets of the workbook, `item_count` of the latter.
    """

    turtle: bytes
    json_ld: bytes
    data_json: bytes
    line: bytes
    entry: bytes
    items: bytes
    item_count: int
    feed: bytes

    @property
    def rows(self) -> listing.Rows:
        """Its part of the workbook."""
        return listing.Rows(self.entry.decode(), self.items.decode(), self.item_count)

    def kept(self) -> tuple[bytes | int, ...]:
        """As plain values, to be given back as arguments."""
        return astuple(self)


def of_dataset(
    portal: Portal,
    dataset: Dataset,
    package: Package,
    updated: date | None,
    as_of: date,
    past: Past | None = None,
) -> Contribution:
    """What `dataset` adds; `updated` is the day on which its data last changed, where known, and
    `past` its versions.
    """
    node = dcat.node(portal, dataset, package, updated)
    row = listing.entry(portal, dataset, package, updated)
    items = listing.items(dataset, package)
    days = {dataset.key: updated} if updated else {}
    return Contribution(
        turtle=dcat.turtle_of(node),
        json_ld=dcat.json_ld(node),
        data_json=data_json.entry(portal, dataset, package, updated),
        line=listing.csv_lines([row]),
        entry=listing.sheet_lines([row]).encode(),
        items=listing.sheet_lines(items).encode(),
        item_count=len(items),
        feed=feeds.of_dataset(portal, dataset, days, as_of, past),
    )
