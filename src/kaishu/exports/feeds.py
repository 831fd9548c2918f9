"""Atom feeds (RFC 4287): what is new in the catalogue, and in each dataset."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kaishu.base.i18n import gettext as _
from kaishu.exports import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Portal

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 50


def of_catalog(catalog: Catalog, updated: Mapping[str, date], as_of: date) -> bytes:
    """The feed of the datasets updated last, newest first, at most 50."""
    known = [dataset for dataset in catalog.datasets if dataset.key in updated]
    newest = sorted(known, key=lambda one: (-updated[one.key].toordinal(), one.key))[:NEWEST]
    return _feed(catalog.portal, catalog.portal.title, "", newest, updated, as_of)


def of_dataset(portal: Portal, dataset: Dataset, updated: Mapping[str, date], as_of: date) -> bytes:
    """The feed of one dataset."""
    shown = [dataset] if dataset.key in updated else []
    path = f"datasets/{dataset.key}/"
    return _feed(portal, dataset.descriptor.title, path, shown, updated, as_of)


def _feed(
    portal: Portal,
    title: str,
    path: str,
    datasets: Sequence[Dataset],
    updated: Mapping[str, date],
    as_of: date,
) -> bytes:
    ET.register_namespace("", ATOM)
    feed = ET.Element(_q("feed"), {"xml:lang": portal.language})
    newest = max((updated[dataset.key] for dataset in datasets), default=as_of)
    _text(feed, "id", addresses.of_portal(portal, f"{path}feed.xml"))
    _text(feed, "title", title)
    _text(feed, "updated", _moment(newest))
    ET.SubElement(feed, _q("link"), rel="self", href=addresses.of_portal(portal, f"{path}feed.xml"))
    ET.SubElement(feed, _q("link"), rel="alternate", href=addresses.of_portal(portal, path))
    _text(ET.SubElement(feed, _q("author")), "name", portal.operator.name)
    for dataset in datasets:
        day = updated[dataset.key]
        entry = ET.SubElement(feed, _q("entry"))
        _text(entry, "id", f"{addresses.identifier(portal, dataset)}#{day.isoformat()}")
        _text(entry, "title", dataset.descriptor.title)
        _text(entry, "updated", _moment(day))
        ET.SubElement(entry, _q("link"), href=addresses.of_dataset(portal, dataset))
        summary = dataset.descriptor.description or _("The data have been updated.")
        _text(entry, "summary", summary)
        _text(ET.SubElement(entry, _q("author")), "name", dataset.department.name)
    ET.indent(feed)
    written: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _q(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    # XML 1.0 has no place for most control characters, and one would break the whole feed.
    ET.SubElement(parent, _q(name)).text = "".join(c for c in text if c >= " " or c in "\t\n")


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00+08:00"
