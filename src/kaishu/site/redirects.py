"""Addresses that have moved (机构改革): a page at the old one that leads to the new one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.site.edition import Edition

TEMPLATE = "moved.html"


def pages(edition: Edition) -> Iterator[Page]:
    """A page at each former address of a dataset or department; one in use again has none."""
    catalog = edition.catalog
    for dataset in catalog.datasets:
        for alias in dataset.entry.aliases:
            if alias not in catalog.by_key:
                target = f"datasets/{dataset.key}/"
                yield _moved(f"datasets/{alias}/", target, dataset.descriptor.title)
    for former in catalog.portal.former_departments:
        department = catalog.portal.department(former.merged_into)
        if department is not None and catalog.portal.department(former.id) is None:
            target = f"departments/{department.id}/"
            yield _moved(f"departments/{former.id}/", target, department.name)


def _moved(path: str, target: str, title: str) -> Page:
    return Page(path, TEMPLATE, title, _("This page has moved."), {"target": target})
