"""An edition of the small portal, and its pages' texts, without a whole build."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kaishu.base import i18n
from kaishu.catalog import opinions, register
from kaishu.catalog.load import load
from kaishu.packaging.package import package
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site import pages
from kaishu.site.edition import Edition
from kaishu.site.environment import THEME, furnish, render
from kaishu.site.rendering import TABLE
from kaishu.site.shell import Shell, asset_versions

if TYPE_CHECKING:
    from pathlib import Path

AS_OF = date(2026, 11, 20)
UPDATED = date(2026, 1, 5)


def edition_of(root: Path, packages: Path) -> Edition:
    """The portal in `root` as of one day; its packages are written into `packages`."""
    catalog = load(root)
    return Edition(
        catalog=catalog,
        regulation=library.load(catalog.portal.regulation),
        calendar=WorkingCalendar.load(None),
        packages={
            one.key: package(one, packages / one.key, portal=catalog.portal, updated=UPDATED)
            for one in catalog.datasets
        },
        updated={one.key: UPDATED for one in catalog.datasets},
        as_of=AS_OF,
        commit=None,
        shallow=False,
        register=register.read(root)[0],
        opinions=opinions.read(root, catalog.portal)[0],
    )


def texts(edition: Edition) -> dict[str, str]:
    """The HTML of every page made from data, in Chinese, by its path."""
    environment = furnish(Environment(loader=FileSystemLoader(THEME), undefined=StrictUndefined))
    versions = {**asset_versions(edition.libraries), TABLE: edition.calendar.edition}
    shell = Shell(edition.catalog.portal, versions)
    with i18n.use("zh-CN"):
        return {page.path: render(page, environment, shell) for page in pages.all_pages(edition)}
