"""The catalogue as DCAT, read back by a parser that did not write it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import DCAT, DCTERMS, RDF, Graph, Literal, URIRef
from tests.exports.exported import DAY, Exported, dataset, descriptor, package

from kaishu.catalog.dataset import Catalog
from kaishu.exports.write import write

PARKS = URIRef("urn:uuid:0d4a8f0e-6a4c-4f4e-9a53-0f6b5d2f7c11")


def graph(exported: Exported, name: str = "catalog.ttl") -> Graph:
    write(exported.catalog, exported.packages, exported.updated, DAY, exported.folder)
    return Graph().parse(exported.folder / name)


def test_every_dataset_is_in_the_catalogue(exported: Exported) -> None:
    made = graph(exported)
    assert len(set(made.subjects(RDF.type, DCAT.Dataset))) == 3
    assert len(set(made.objects(None, DCAT.dataset))) == 3


def test_json_ld_and_turtle_say_the_same(exported: Exported) -> None:
    assert graph(exported).isomorphic(graph(exported, "catalog.jsonld"))


@pytest.mark.parametrize(
    "text",
    ['引号 " 与 \\ 反斜线', "两\n行\r\n与\t制表", "甲\x01\x7f乙", 3 * '"', "a.", "^^@zh <b>"],
)
def test_any_text_is_read_back_as_it_was(exported: Exported, text: str) -> None:
    portal = exported.catalog.portal
    raw = descriptor("odd", "unconditional", keywords=[text], description=text, id="<odd> id")
    odd = dataset(portal, raw)
    packages = {odd.key: package(odd.key, files=True)}
    given = replace(exported, catalog=Catalog(Path(), portal, (odd,)), packages=packages)
    for name in ("catalog.ttl", "catalog.jsonld"):
        made = graph(given, name)
        (node,) = made.subjects(RDF.type, DCAT.Dataset)
        assert str(node) == "urn:uuid:%3Codd%3E%20id"
        for predicate in (DCTERMS.description, DCAT.keyword):
            assert [str(one) for one in made.objects(node, predicate)] == [text]


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


def test_no_literal_is_of_another_form_than_its_type(exported: Exported) -> None:
    literals = [one for triple in graph(exported) for one in triple if isinstance(one, Literal)]
    assert literals
    assert not any(one.ill_typed for one in literals)
