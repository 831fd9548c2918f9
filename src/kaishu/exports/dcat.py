"""The catalogue as DCAT 3 (W3C): nodes of JSON-LD, written as JSON-LD and as Turtle.

Every dataset is a block of its own in either file, so a large catalogue is written block by block,
and a block whose dataset did not change is taken as it was.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from kaishu.base.vocabulary import Openness, UpdateCycle
from kaishu.exports import addresses, turtle
from kaishu.exports.framed import Frame

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Contact, Licence, Portal
    from kaishu.exports.turtle import Node
    from kaishu.packaging.model import Package, PublishedFile

CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
MEDIA = "https://www.iana.org/assignments/media-types/"
AUTHORITY = "http://publications.europa.eu/resource/authority/"
ACCESS = {
    Openness.UNCONDITIONAL: "PUBLIC",
    Openness.ON_REQUEST: "RESTRICTED",
    Openness.CLOSED: "NON_PUBLIC",
}
FREQUENCY = {
    UpdateCycle.REALTIME: "UPDATE_CONT",
    UpdateCycle.DAILY: "DAILY",
    UpdateCycle.WEEKLY: "WEEKLY",
    UpdateCycle.MONTHLY: "MONTHLY",
    UpdateCycle.QUARTERLY: "QUARTERLY",
    UpdateCycle.HALF_YEARLY: "ANNUAL_2",
    UpdateCycle.YEARLY: "ANNUAL",
    UpdateCycle.IRREGULAR: "IRREG",
    UpdateCycle.NEVER: "NEVER",
    UpdateCycle.OTHER: "OTHER",
}
# What no IRI may hold (RFC 3987; RDF 1.1 Turtle, IRIREF).
_NOT_IN_IRI = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def head(catalog: Catalog, as_of: date) -> Iterator[Node]:
    """The catalogue itself with references to its datasets, and everyone who publishes in it."""
    portal = catalog.portal
    operator = addresses.of_portal(portal, "#operator")
    yield {
        "@id": _address(addresses.of_portal(portal, "#catalog")),
        "@type": "dcat:Catalog",
        "dcterms:title": _words(portal, portal.title),
        "dcterms:publisher": _to(operator),
        "dcterms:modified": _day(as_of),
        "foaf:homepage": _to(addresses.of_portal(portal)),
        "dcat:dataset": [_to(addresses.identifier(portal, one)) for one in catalog.datasets],
    }
    yield _agent(portal, operator, portal.operator.name)
    for department in portal.departments:
        yield _agent(portal, _department(portal, department.id), department.name)


def node(portal: Portal, dataset: Dataset, package: Package, updated: date | None) -> Node:
    """One dataset with its contact and, where it is open, its files."""
    descriptor, entry = dataset.descriptor, dataset.entry
    me: Node = {
        "@id": _address(addresses.identifier(portal, dataset)),
        "@type": "dcat:Dataset",
        "dcterms:identifier": descriptor.id or dataset.key,
        "dcterms:title": _words(portal, descriptor.title),
    }
    if descriptor.description:
        me["dcterms:description"] = _words(portal, descriptor.description)
    if descriptor.keywords:
        me["dcat:keyword"] = [_words(portal, one) for one in dict.fromkeys(descriptor.keywords)]
    me |= {
        "dcat:theme": _to(addresses.of_portal(portal, f"themes/{dataset.theme.id}/")),
        "dcterms:publisher": _to(_department(portal, dataset.department.id)),
        "dcat:landingPage": _to(addresses.of_dataset(portal, dataset)),
        "dcterms:accessRights": _to(f"{AUTHORITY}access-right/{ACCESS[dataset.openness]}"),
        "dcterms:accrualPeriodicity": _to(f"{AUTHORITY}frequency/{FREQUENCY[entry.update_cycle]}"),
    }
    if descriptor.created:
        me["dcterms:issued"] = _day(descriptor.created.date())
    if updated is not None:
        me["dcterms:modified"] = _day(updated)
    contact = dataset.contact
    if contact.name or contact.phone or contact.email:
        me["dcat:contactPoint"] = _contact(portal, contact)
    if dataset.is_open and package.files:
        me["dcat:distribution"] = [_distribution(portal, dataset, one) for one in package.files]
    return me


def json_ld_frame(nodes: Iterable[Node]) -> Frame:
    """JSON-LD: a context, the `nodes` of the head, then those of the datasets, a line each."""
    head = f'{{"@context": {json.dumps(CONTEXT)}, "@graph": [\n'.encode()
    return Frame(head + b",\n".join(map(json_ld, nodes)), tail=b"\n]}\n")


def turtle_frame(nodes: Iterable[Node]) -> Frame:
    """Turtle: the prefixes, the `nodes` of the head, then those of the datasets, a block each."""
    return Frame(turtle.prefixes(CONTEXT).encode() + b"".join(map(turtle_of, nodes)))


def json_ld(one: Node) -> bytes:
    """A node as JSON-LD, on a line of its own."""
    return json.dumps(one, ensure_ascii=False).encode()


def turtle_of(one: Node) -> bytes:
    """A node as Turtle."""
    return turtle.statements(one, CONTEXT).encode()


def licence_address(licence: Licence | None) -> str | None:
    """The address of a licence's text, where it states one."""
    path = licence.path if licence else None
    return path if path and path.startswith(("http://", "https://")) else None


def _distribution(portal: Portal, dataset: Dataset, file: PublishedFile) -> Node:
    address = addresses.of_dataset(portal, dataset, file.path)
    licence = licence_address(dataset.licence)
    return {
        "@id": _address(f"{address}#distribution"),
        "@type": "dcat:Distribution",
        "dcat:downloadURL": _to(address),
        "dcat:accessURL": _to(addresses.of_dataset(portal, dataset)),
        "dcat:mediaType": _to(MEDIA + file.media_type.partition(";")[0]),
        "dcat:byteSize": _typed(str(file.bytes), "xsd:nonNegativeInteger"),
        "spdx:checksum": {
            "@type": "spdx:Checksum",
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": _typed(file.sha256, "xsd:hexBinary"),
        },
        **({"dcterms:license": _to(licence)} if licence else {}),
    }


def _contact(portal: Portal, contact: Contact) -> Node:
    me: Node = {"@type": "vcard:Kind"}
    if contact.name:
        me["vcard:fn"] = _words(portal, contact.name)
    if contact.phone:
        me["vcard:hasTelephone"] = _to(f"tel:{contact.phone.replace(' ', '')}")
    if contact.email:
        me["vcard:hasEmail"] = _to(f"mailto:{contact.email}")
    return me


def _agent(portal: Portal, address: str, name: str) -> Node:
    return {
        "@id": _address(address),
        "@type": "foaf:Organization",
        "foaf:name": _words(portal, name),
    }


def _department(portal: Portal, id_: str) -> str:
    return addresses.of_portal(portal, f"departments/{id_}/#department")


def _to(address: str) -> Node:
    return {"@id": _address(address)}


def _words(portal: Portal, text: str) -> Node:
    return {"@value": text, "@language": portal.language}


def _typed(text: str, kind: str) -> dict[str, Any]:
    return {"@value": text, "@type": kind}


def _day(day: date) -> Node:
    return _typed(day.isoformat(), "xsd:date")


def _address(text: str) -> str:
    """`text` as an IRI: what none may hold is escaped by its bytes in UTF-8."""
    return _NOT_IN_IRI.sub(lambda one: "".join(f"%{b:02X}" for b in one.group().encode()), text)
