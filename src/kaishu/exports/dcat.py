"""The catalogue as DCAT 3 (W3C), a graph written as JSON-LD and as Turtle."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from rdflib import DCAT, DCTERMS, FOAF, RDF, XSD, BNode, Graph, Literal, Namespace, URIRef
from rdflib.plugins.serializers.turtle import TurtleSerializer

from kaishu.base.files import canonical_json
from kaishu.base.vocabulary import Openness, UpdateCycle
from kaishu.exports import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from rdflib.term import Node

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Contact, Licence
    from kaishu.packaging.model import Package, PublishedFile

SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
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


def graph(
    catalog: Catalog, packages: Mapping[str, Package], updated: Mapping[str, date], as_of: date
) -> Graph:
    """The whole catalogue as one graph; blank nodes are numbered, so equal inputs are equal."""
    return _Writer(catalog, updated, as_of).write(packages)


class _Writer:
    def __init__(self, catalog: Catalog, updated: Mapping[str, date], as_of: date) -> None:
        self.catalog, self.portal, self.updated, self.as_of = (
            catalog, catalog.portal, updated, as_of,
        )  # fmt: skip
        self.graph = Graph()
        for prefix, namespace in (("spdx", SPDX), ("vcard", VCARD), ("dcat", DCAT)):
            self.graph.bind(prefix, namespace)
        self.language = self.portal.language
        self.blank = 0

    def write(self, packages: Mapping[str, Package]) -> Graph:
        portal = self.portal
        me = URIRef(addresses.of_portal(portal, "#catalog"))
        operator = URIRef(addresses.of_portal(portal, "#operator"))
        self.add(me, RDF.type, DCAT.Catalog)
        self.add(me, DCTERMS.title, self.words(portal.title))
        self.add(me, DCTERMS.publisher, operator)
        self.add(me, DCTERMS.modified, self.day(self.as_of))
        self.add(me, FOAF.homepage, URIRef(addresses.of_portal(portal)))
        self.agent(operator, portal.operator.name)
        for department in portal.departments:
            self.agent(self.department(department.id), department.name)
        for dataset in self.catalog.datasets:
            node = URIRef(addresses.identifier(portal, dataset))
            self.add(me, DCAT.dataset, node)
            self.dataset(node, dataset, packages[dataset.key])
        return self.graph

    def dataset(self, me: URIRef, dataset: Dataset, package: Package) -> None:
        descriptor, entry = dataset.descriptor, dataset.entry
        self.add(me, RDF.type, DCAT.Dataset)
        self.add(me, DCTERMS.identifier, Literal(descriptor.id or dataset.key))
        self.add(me, DCTERMS.title, self.words(descriptor.title))
        if descriptor.description:
            self.add(me, DCTERMS.description, self.words(descriptor.description))
        for keyword in descriptor.keywords:
            self.add(me, DCAT.keyword, self.words(keyword))
        theme = URIRef(addresses.of_portal(self.portal, f"themes/{dataset.theme.id}/"))
        self.add(me, DCAT.theme, theme)
        self.add(me, DCTERMS.publisher, self.department(dataset.department.id))
        page = URIRef(addresses.of_dataset(self.portal, dataset))
        self.add(me, DCAT.landingPage, page)
        access = f"{AUTHORITY}access-right/{ACCESS[dataset.openness]}"
        self.add(me, DCTERMS.accessRights, URIRef(access))
        frequency = f"{AUTHORITY}frequency/{FREQUENCY[entry.update_cycle]}"
        self.add(me, DCTERMS.accrualPeriodicity, URIRef(frequency))
        if descriptor.created:
            self.add(me, DCTERMS.issued, self.day(descriptor.created.date()))
        if dataset.key in self.updated:
            self.add(me, DCTERMS.modified, self.day(self.updated[dataset.key]))
        self.contact(me, dataset.contact)
        for file in package.files:
            if dataset.is_open:
                self.distribution(me, dataset, file)

    def distribution(self, dataset_node: URIRef, dataset: Dataset, file: PublishedFile) -> None:
        address = URIRef(addresses.of_dataset(self.portal, dataset, file.path))
        me = URIRef(f"{address}#distribution")
        self.add(dataset_node, DCAT.distribution, me)
        self.add(me, RDF.type, DCAT.Distribution)
        self.add(me, DCAT.downloadURL, address)
        self.add(me, DCAT.accessURL, URIRef(addresses.of_dataset(self.portal, dataset)))
        self.add(me, DCAT.mediaType, URIRef(MEDIA + file.media_type.partition(";")[0]))
        self.add(me, DCAT.byteSize, Literal(file.bytes, datatype=XSD.nonNegativeInteger))
        checksum = self.node()
        self.add(me, SPDX.checksum, checksum)
        self.add(checksum, RDF.type, SPDX.Checksum)
        self.add(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        self.add(checksum, SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary))
        licence = licence_address(dataset.licence)
        if licence:
            self.add(me, DCTERMS.license, URIRef(licence))

    def contact(self, dataset_node: URIRef, contact: Contact) -> None:
        if not (contact.name or contact.phone or contact.email):
            return
        me = self.node()
        self.add(dataset_node, DCAT.contactPoint, me)
        self.add(me, RDF.type, VCARD.Kind)
        if contact.name:
            self.add(me, VCARD.fn, self.words(contact.name))
        if contact.phone:
            self.add(me, VCARD.hasTelephone, URIRef(f"tel:{contact.phone.replace(' ', '')}"))
        if contact.email:
            self.add(me, VCARD.hasEmail, URIRef(f"mailto:{contact.email}"))

    def agent(self, me: URIRef, name: str) -> None:
        self.add(me, RDF.type, FOAF.Organization)
        self.add(me, FOAF.name, self.words(name))

    def department(self, id_: str) -> URIRef:
        return URIRef(addresses.of_portal(self.portal, f"departments/{id_}/#department"))

    def words(self, text: str) -> Literal:
        return Literal(text, lang=self.language)

    def day(self, day: date) -> Literal:
        return Literal(day.isoformat(), datatype=XSD.date)

    def node(self) -> BNode:
        self.blank += 1
        return BNode(f"b{self.blank:06d}")

    def add(self, subject: URIRef | BNode, predicate: URIRef, object_: object) -> None:
        self.graph.add((subject, predicate, object_))  # type: ignore[arg-type]


def licence_address(licence: Licence | None) -> str | None:
    """The address of a licence's text, where it states one."""
    path = licence.path if licence else None
    return path if path and path.startswith(("http://", "https://")) else None


class _Turtle(TurtleSerializer):
    """Turtle that only looks for a prefix where there is one.

    rdflib grows a table of every address that it is asked about, which takes most of the time
    of a large catalogue.
    """

    def __init__(self, store: Graph) -> None:
        super().__init__(store)
        self._known = tuple(str(namespace) for _prefix, namespace in store.namespaces())

    def get_pname(self, uri: Node, gen_prefix: bool = True) -> str | None:
        """The prefixed name of `uri`, or None."""
        if isinstance(uri, URIRef) and not str(uri).startswith(self._known):
            return None
        found: str | None = super().get_pname(uri, gen_prefix)
        return found


def as_turtle(graph_: Graph) -> bytes:
    """The graph as Turtle, UTF-8."""
    output = io.BytesIO()
    _Turtle(graph_).serialize(output, encoding="utf-8")
    return output.getvalue()


def as_json_ld(graph_: Graph) -> bytes:
    """The graph as JSON-LD with a context of its prefixes, UTF-8, in a stable order.

    Each subject is a node of its own (JSON-LD 1.1, flattened form), so a large catalogue takes
    one pass over its triples.
    """
    names = {"dcat", "dcterms", "foaf", "spdx", "vcard", "xsd"}
    context = {p: str(n) for p, n in graph_.namespaces() if p in names}
    compact = _Compact(context)
    nodes: dict[str, dict[str, list[Any]]] = {}
    for subject, predicate, object_ in graph_:
        node = nodes.setdefault(compact.id(subject), {})
        if predicate == RDF.type:
            node.setdefault("@type", []).append(compact.id(object_))
        else:
            node.setdefault(compact.id(predicate), []).append(compact.value(object_))
    listed = [
        {"@id": id_, **{key: _one_or_sorted(values) for key, values in nodes[id_].items()}}
        for id_ in sorted(nodes)
    ]
    return canonical_json({"@context": context, "@graph": listed})


class _Compact:
    """Names shortened by the context's prefixes."""

    def __init__(self, context: dict[str, str]) -> None:
        self._prefixes = [(namespace, prefix) for prefix, namespace in context.items()]
        self._known: dict[Node, str] = {}

    def id(self, node: Node) -> str:
        """An address or blank node: dcat:Dataset, _:b000001, or the address whole."""
        found = self._known.get(node)
        if found is None:
            found = f"_:{node}" if isinstance(node, BNode) else str(node)
            for namespace, prefix in self._prefixes:
                if found.startswith(namespace):
                    found = f"{prefix}:{found.removeprefix(namespace)}"
                    break
            self._known[node] = found
        return found

    def value(self, node: Node) -> Any:
        """An object: a reference, or a literal with its language or type."""
        if not isinstance(node, Literal):
            return {"@id": self.id(node)}
        if node.language:
            return {"@language": node.language, "@value": str(node)}
        if node.datatype:
            return {"@type": self.id(node.datatype), "@value": str(node)}
        return str(node)


def _one_or_sorted(values: list[Any]) -> Any:
    if len(values) == 1:
        return values[0]
    return sorted(values, key=lambda item: json.dumps(item, sort_keys=True))
