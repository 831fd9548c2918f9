"""Atom feeds (RFC 4287): what is new in the catalogue, and in each dataset."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from kaishu.base.i18n import gettext as _
from kaishu.exports import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.versions import Past, Version

ATOM = "http://www.w3.org/2005/Atom"
NEWEST = 50


@dataclass(frozen=True, slots=True)
class _News:
    """One entry of a feed: what is new of `dataset`, since `day`; `name` tells it from others."""

    dataset: Dataset
    day: date
    name: str
    summary: str


def of_catalog(
    catalog: Catalog,
    updated: Mapping[str, date],
    as_of: date,
    pasts: Mapping[str, Past] = MappingProxyType({}),
) -> bytes:
    """The feed of the datasets updated last, newest first, at most 50; `pasts` say what changed."""
    known = [dataset for dataset in catalog.datasets if dataset.key in updated]
    newest = sorted(known, key=lambda one: (-updated[one.key].toordinal(), one.key))[:NEWEST]
    news = []
    for one in newest:
        latest = pasts[one.key].versions[:1] if one.key in pasts else ()
        day = updated[one.key]
        summary = _summary(one, latest[0]) if latest else _description(one)
        news.append(_News(one, day, day.isoformat(), summary))
    return _feed(catalog.portal, catalog.portal.title, "", news, as_of)


def of_dataset(
    portal: Portal,
    dataset: Dataset,
    updated: Mapping[str, date],
    as_of: date,
    past: Past | None = None,
) -> bytes:
    """The feed of one dataset: each version in `past` and what it changed, else its last update."""
    if past is not None and past.versions:
        news = [
            _News(dataset, one.date, one.commit[:12], _summary(dataset, one))
            for one in past.versions
        ]
    else:
        day = updated.get(dataset.key)
        news = [_News(dataset, day, day.isoformat(), _description(dataset))] if day else []
    path = f"datasets/{dataset.key}/"
    return _feed(portal, dataset.descriptor.title, path, news, as_of)


def _description(dataset: Dataset) -> str:
    return dataset.descriptor.description or _("The data have been updated.")


def _summary(dataset: Dataset, version: Version) -> str:
    said = version.differences.sentences() if version.differences else []
    return _("; ").join(said) if said else _description(dataset)


def _feed(portal: Portal, title: str, path: str, news: Sequence[_News], as_of: date) -> bytes:
    ET.register_namespace("", ATOM)
    feed = ET.Element(_q("feed"), {"xml:lang": portal.language})
    newest = max((one.day for one in news), default=as_of)
    _text(feed, "id", addresses.of_portal(portal, f"{path}feed.xml"))
    _text(feed, "title", title)
    _text(feed, "updated", _moment(newest))
    ET.SubElement(feed, _q("link"), rel="self", href=addresses.of_portal(portal, f"{path}feed.xml"))
    ET.SubElement(feed, _q("link"), rel="alternate", href=addresses.of_portal(portal, path))
    _text(ET.SubElement(feed, _q("author")), "name", portal.operator.name)
    for one in news:
        entry = ET.SubElement(feed, _q("entry"))
        _text(entry, "id", f"{addresses.identifier(portal, one.dataset)}#{one.name}")
        _text(entry, "title", one.dataset.descriptor.title)
        _text(entry, "updated", _moment(one.day))
        ET.SubElement(entry, _q("link"), href=addresses.of_dataset(portal, one.dataset))
        _text(entry, "summary", one.summary)
        _text(ET.SubElement(entry, _q("author")), "name", one.dataset.department.name)
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
