"""Addresses that have moved (机构改革): a page at the old one that leads to the new one.

The same as a table, `redirects.json`: a server that reads it redirects files, too. There a withdrawn
dataset's folder leads to itself: of what it held, its page alone is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.site.edition import Edition

TEMPLATE = "moved.html"
TABLE = "redirects.json"


def pages(edition: Edition) -> Iterator[Page]:
    """A page at each former address of a dataset or department; one in use again has none."""
    for path, (target, title) in _moved(edition).items():
        said = _("This page has moved.")
        yield Page(path, TEMPLATE, title, said, {"target": target})


def table(edition: Edition) -> dict[str, str]:
    """Each former folder → the folder that has taken its place; both end in a slash."""
    moved = {path: target for path, (target, _title) in _moved(edition).items()}
    gone = [f"datasets/{one.key}/" for one in edition.catalog.datasets if one.entry.withdrawn]
    return moved | {folder: folder for folder in gone}


def _moved(edition: Edition) -> dict[str, tuple[str, str]]:
    """Former address → new address and its title."""
    catalog, found = edition.catalog, {}
    for dataset in catalog.datasets:
        for alias in dataset.entry.aliases:
            if alias not in catalog.by_key:
                target = f"datasets/{dataset.key}/"
                found[f"datasets/{alias}/"] = (target, dataset.descriptor.title)
    for former in catalog.portal.former_departments:
        department = catalog.portal.department(former.merged_into)
        if department is not None and catalog.portal.department(former.id) is None:
            target = f"departments/{department.id}/"
            found[f"departments/{former.id}/"] = (target, department.name)
    return found
