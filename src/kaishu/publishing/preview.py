"""A preview: a small site of the datasets that changed, made in seconds whatever the portal's size."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import clock
from kaishu.base.errors import InvalidFiles
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.packaging.check import check_portal
from kaishu.packaging.package import package
from kaishu.packaging.part import ELSEWHERE, of_folder
from kaishu.packaging.store import COPIES
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site.build import build as build_site
from kaishu.site.edition import Edition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog

# Of the portal's folder, what pages are made from beside the datasets.
_OF_PAGES = ("mkdocs.yml", "site_src", "docs")


@dataclass(frozen=True)
class Preview:
    """What was rendered: the datasets shown, those left out as they are not right, all problems."""

    shown: tuple[str, ...]
    left_out: tuple[str, ...]
    problems: tuple[Problem, ...]


def render(root: Path, keys: Sequence[str], target: Path) -> Preview:
    """Write the site of the datasets `keys` into the folder `target`, in place of what it held.

    Pages speak of today; datasets that are not right are left out. Raises InvalidFiles where
    catalog.yaml is unusable, BuildError where a page that people wrote is.
    """
    with tempfile.TemporaryDirectory(prefix="kaishu-preview-") as scratch:
        part, site = Path(scratch) / "part", Path(scratch) / "site"
        of_folder(root.resolve(), keys, part, _OF_PAGES)
        catalog, found = check_portal(part, copies=root / COPIES)
        found = [one for one in found if one.code not in ELSEWHERE]
        if catalog is None:
            raise InvalidFiles(_("catalog.yaml cannot be used."), found)
        wrong = {one.dataset for one in found if one.dataset and has_errors([one])}
        right = tuple(one for one in catalog.datasets if one.key not in wrong)
        _write(replace(catalog, datasets=right), found, Path(scratch) / "packages", site)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(target, ignore_errors=True)
        shutil.move(site, target)
    shown = tuple(one.key for one in right)
    return Preview(shown, tuple(sorted(set(keys) - set(shown))), tuple(found))


def _write(catalog: Catalog, found: list[Problem], packages: Path, site: Path) -> None:
    today = clock.today()
    made = {
        one.key: package(one, packages / one.key, portal=catalog.portal, updated=today)
        for one in catalog.datasets
    }
    edition = Edition(
        catalog=catalog,
        regulation=library.load(catalog.portal.regulation, catalog.root),
        calendar=WorkingCalendar.load(catalog.root),
        packages=made,
        updated=dict.fromkeys(made, today),
        as_of=today,
        commit=None,
        shallow=False,
        problems=found,
    )
    build_site(edition, site)
    for key in made:
        shutil.copytree(packages / key, site / "datasets" / key, dirs_exist_ok=True)
