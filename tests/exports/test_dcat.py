"""The catalogue as DCAT, read back by a parser that did not write it."""

from __future__ import annotations

from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from tests.exports.exported import DAY, Exported

from kaishu.exports import dcat

PARKS = URIRef("urn:uuid:0d4a8f0e-6a4c-4f4e-9a53-0f6b5d2f7c11")


def graph(exported: Exported) -> Graph:
    return dcat.graph(exported.catalog, exported.packages, exported.updated, DAY)


def test_every_dataset_is_in_the_catalogue(exported: Exported) -> None:
    made = graph(exported)
    assert len(set(made.subjects(RDF.type, DCAT.Dataset))) == 3
    assert len(set(made.objects(None, DCAT.dataset))) == 3


def test_json_ld_and_turtle_say_the_same(exported: Exported) -> None:
    made = graph(exported)
    from_turtle = Graph().parse(data=dcat.as_turtle(made), format="turtle")
    from_json = Graph().parse(data=dcat.as_json_ld(made), format="json-ld")
    assert from_turtle.isomorphic(from_json)
    assert from_turtle.isomorphic(made)


def test_a_dataset_is_known_by_its_id_and_not_by_its_department(exported: Exported) -> None:
    assert (PARKS, DCTERMS.title, Literal("名称 parks", lang="zh-CN")) in graph(exported)


def test_a_file_to_download_has_its_address_below_the_sub_path(exported: Exported) -> None:
    address = URIRef("https://example.org/open/datasets/mzj/parks/data/parks.csv")
    assert set(graph(exported).objects(None, DCAT.downloadURL)) == {address}


def test_access_rights_tell_the_three_classes_apart(exported: Exported) -> None:
    rights = {
        str(value).rsplit("/", 1)[-1]
        for value in graph(exported).objects(None, DCTERMS.accessRights)
    }
    assert rights == {"PUBLIC", "RESTRICTED", "NON_PUBLIC"}


def test_the_bytes_are_the_same_each_time(exported: Exported) -> None:
    assert dcat.as_json_ld(graph(exported)) == dcat.as_json_ld(graph(exported))
    assert dcat.as_turtle(graph(exported)) == dcat.as_turtle(graph(exported))
