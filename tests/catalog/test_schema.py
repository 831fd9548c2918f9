"""The published schemas are made from the models that check."""

from __future__ import annotations

from kaishu.base.i18n import use
from kaishu.base.vocabulary import UpdateCycle
from kaishu.catalog.schema import json_schemas


def test_an_editor_completes_from_the_same_words_that_are_checked() -> None:
    schemas = json_schemas()
    cycle = schemas["datapackage.json"]["$defs"]["UpdateCycle"]
    assert cycle["enum"] == [one.value for one in UpdateCycle]
    assert schemas["catalog.json"]["additionalProperties"] is False
    assert "catalogue" in schemas["datapackage.json"]["required"]


def test_titles_are_in_the_portals_language() -> None:
    assert json_schemas()["catalog.json"]["properties"]["url"]["title"] == "门户地址"
    with use("en"):
        assert json_schemas()["catalog.json"]["properties"]["url"]["title"] == "Portal address"
