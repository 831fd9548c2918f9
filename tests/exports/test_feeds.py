"""Atom feeds: well-formed, absolute, newest first."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tests.exports.exported import DAY, Exported

from kaishu.exports import feeds

NAMES = {"a": feeds.ATOM}


def test_the_feed_lists_only_datasets_whose_date_is_known(exported: Exported) -> None:
    feed = ET.fromstring(feeds.of_catalog(exported.catalog, exported.updated, DAY))
    titles = [
        entry.findtext("a:title", namespaces=NAMES) for entry in feed.findall("a:entry", NAMES)
    ]
    assert titles == ["名称 parks"]


def test_text_is_escaped_and_addresses_are_absolute(exported: Exported) -> None:
    feed = ET.fromstring(feeds.of_catalog(exported.catalog, exported.updated, DAY))
    assert feed.findtext("a:entry/a:summary", namespaces=NAMES) == "公园 <名单>"
    link = feed.find("a:entry/a:link", NAMES)
    assert link is not None
    assert link.get("href") == "https://example.org/open/datasets/mzj/parks/"


def test_a_dataset_has_a_feed_of_its_own_even_without_a_date(exported: Exported) -> None:
    catalog = exported.catalog
    feed = ET.fromstring(
        feeds.of_dataset(catalog.portal, catalog.datasets[1], exported.updated, DAY)
    )
    assert feed.findall("a:entry", NAMES) == []
    assert feed.findtext("a:updated", namespaces=NAMES) == "2026-03-02T00:00:00+08:00"
