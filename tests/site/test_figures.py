"""The portal in numbers: every dataset once, withdrawn ones apart, files only where data is open."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.portals import OPEN, small_portal, write

from kaishu.catalog.load import load
from kaishu.packaging.package import package
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site.edition import Edition
from kaishu.site.figures import count

DAY = date(2026, 11, 20)
WITHDRAWN = "  withdrawn: {date: 2026-11-01, reason: 不再采集}\n"


def edition(root: Path, made: Path) -> Edition:
    catalog = load(root)
    packages = {
        one.key: package(one, made / one.key, portal=catalog.portal, updated=None)
        for one in catalog.datasets
    }
    return Edition(
        catalog=catalog,
        regulation=library.load("yingkou-2022"),
        calendar=WorkingCalendar.load(root),
        packages=packages,
        updated={},
        as_of=DAY,
        commit=None,
        shallow=False,
    )


def test_each_class_of_openness_is_counted(tmp_path: Path) -> None:
    one = edition(small_portal(tmp_path / "portal"), tmp_path / "made")
    figures = count(one, one.catalog.datasets)
    assert (figures.datasets, figures.unconditional, figures.on_request, figures.closed) == (
        3,
        1,
        1,
        1,
    )
    assert figures.rows == 2
    assert figures.fields == 2 + 3 + 2
    assert figures.files == len(one.packages["mzj/parks"].files)


def test_a_withdrawn_dataset_is_counted_apart(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, "datasets/mzj/parks/datapackage.yaml", OPEN + WITHDRAWN)
    one = edition(root, tmp_path / "made")
    figures = count(one, one.catalog.datasets)
    assert (figures.datasets, figures.unconditional, figures.withdrawn) == (2, 0, 1)
    assert figures.rows == figures.files == 0
