"""For developers: `/developers/`, every address that programs can rely on, and code that uses them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.catalog.schema import json_schemas
from kaishu.site import using
from kaishu.site.listings import listed
from kaishu.site.shell import Page, absolute

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.catalog.dataset import Dataset
    from kaishu.site.edition import Edition

PATH = "developers/"


def page(edition: Edition) -> Page:
    """The page; its code fetches a dataset of this very portal, where one has a table to take."""
    portal = edition.catalog.portal
    shown = next(_with_code(edition), None)
    return Page(
        PATH,
        "developers.html",
        _("For developers"),
        _("The catalogue and every file by stable addresses, without a key."),
        {
            "whole": [
                ("catalog.jsonld", "DCAT 3, JSON-LD", _("The catalogue as linked data.")),
                ("catalog.ttl", "DCAT 3, Turtle", _("The same, for tools that read Turtle.")),
                ("data.json", "DCAT-US 1.1", _("The catalogue as harvesters of portals read it.")),
                ("catalog.csv", "CSV", _("One row an entry, with the national guide's columns.")),
                ("catalog.xlsx", "XLSX", _("The same as a workbook, with a sheet of all fields.")),
                ("feed.xml", "Atom", _("What is new in the catalogue.")),
                ("obligations.ics", "iCalendar", _("What departments owe, and by when.")),
                ("statistics/scorecards.json", "JSON", _("Scorecards of departments and portal.")),
                ("sitemap.xml", "XML", _("Every page.")),
            ],
            "of_dataset": [
                ("", "HTML", _("Its page.")),
                ("datapackage.json", "Data Package 2", _("Its description: every file with size, checksum and fields.")),
                ("data/{resource}.{format}", "CSV, JSON, XLSX, XML, Parquet …", _("A table in one format.")),
                ("{name}.zip", "ZIP", _("All of it.")),
                ("feed.xml", "Atom", _("Its changes.")),
            ],
            "schemas": [f"schema/{name}" for name in json_schemas()],
            "root": absolute(portal, ""),
            "dataset": shown,
            "snippets": using.snippets(portal, shown, edition.packages[shown.key].files) if shown else [],
        },
    )  # fmt: skip


def _with_code(edition: Edition) -> Iterator[Dataset]:
    """The datasets that have a table to take, in the order of lists."""
    for one in listed(edition.catalog.datasets):
        files = edition.packages[one.key].files if one.is_open else ()
        if any(file.format == "csv" and file.resource for file in files):
            yield one
