"""The catalogue as `data.json` (DCAT-US 1.1), which harvesters of open-data portals read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from kaishu.base.vocabulary import Openness, UpdateCycle
from kaishu.exports import addresses
from kaishu.exports.dcat import licence_address
from kaishu.exports.framed import Frame

if TYPE_CHECKING:
    from datetime import date

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.model import Package

ACCESS_LEVEL = {
    Openness.UNCONDITIONAL: "public",
    Openness.ON_REQUEST: "restricted public",
    Openness.CLOSED: "non-public",
}
# Repeating intervals of ISO 8601, as DCAT-US asks; cycles without one are left out.
PERIODICITY = {
    UpdateCycle.REALTIME: "R/PT1S",
    UpdateCycle.DAILY: "R/P1D",
    UpdateCycle.WEEKLY: "R/P1W",
    UpdateCycle.MONTHLY: "R/P1M",
    UpdateCycle.QUARTERLY: "R/P3M",
    UpdateCycle.HALF_YEARLY: "R/P6M",
    UpdateCycle.YEARLY: "R/P1Y",
    UpdateCycle.IRREGULAR: "irregular",
}


def frame() -> Frame:
    """What stands around the entries."""
    head = {
        "@context": "https://project-open-data.cio.gov/v1.1/schema/catalog.jsonld",
        "@type": "dcat:Catalog",
        "conformsTo": "https://project-open-data.cio.gov/v1.1/schema",
    }
    return Frame(json.dumps(head)[:-1].encode() + b', "dataset": [\n', b",\n", b"\n]}\n")


def entry(portal: Portal, dataset: Dataset, package: Package, updated: date | None) -> bytes:
    """One dataset's entry, UTF-8, on one line."""
    return json.dumps(_dataset(portal, dataset, package, updated), ensure_ascii=False).encode()


def _dataset(
    portal: Portal, dataset: Dataset, package: Package, updated: date | None
) -> dict[str, Any]:
    descriptor, contact = dataset.descriptor, dataset.contact
    entry: dict[str, Any] = {
        "@type": "dcat:Dataset",
        "identifier": addresses.identifier(portal, dataset),
        "title": descriptor.title,
        "description": descriptor.description or descriptor.title,
        "keyword": list(descriptor.keywords) or [dataset.theme.name],
        "theme": [dataset.theme.name],
        "publisher": {"@type": "org:Organization", "name": dataset.department.name},
        "contactPoint": {"@type": "vcard:Contact", "fn": contact.name or dataset.department.name},
        "accessLevel": ACCESS_LEVEL[dataset.openness],
        "landingPage": addresses.of_dataset(portal, dataset),
        "language": [portal.language],
    }
    if contact.email:
        entry["contactPoint"]["hasEmail"] = f"mailto:{contact.email}"
    if updated:
        entry["modified"] = updated.isoformat()
    if descriptor.created:
        entry["issued"] = descriptor.created.date().isoformat()
    if licence := licence_address(dataset.licence):
        entry["license"] = licence
    if rights := dataset.entry.openness.conditions:
        entry["rights"] = rights
    if periodicity := PERIODICITY.get(dataset.entry.update_cycle):
        entry["accrualPeriodicity"] = periodicity
    if dataset.is_open:
        entry["distribution"] = [
            {
                "@type": "dcat:Distribution",
                "title": file.path,
                "downloadURL": addresses.of_dataset(portal, dataset, file.path),
                "mediaType": file.media_type.partition(";")[0],
                "format": file.kind,
            }
            for file in package.files
        ]
    return entry
