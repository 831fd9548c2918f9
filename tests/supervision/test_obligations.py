"""All obligations together: the most pressing first, each once, under each regulation."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.portals import CATALOG, write
from tests.supervision.dated import owed, portal

from kaishu.base.errors import UnknownRegulation
from kaishu.regulation import library
from kaishu.supervision.obligation import State
from kaishu.supervision.obligations import obligations, record_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = portal(tmp_path)
    write(
        root,
        "governance/events/2026-09-18-law.yaml",
        "date: 2026-09-18\nkind: law\ntitle: 甲\ndepartments: [mzj]\n",
    )
    return root


def test_the_most_pressing_come_first(root: Path) -> None:
    found = obligations(record_of(root, date(2026, 11, 20)))
    order = [list(State).index(one.state) for one in found]
    assert order == sorted(order)
    assert (found[0].id, found[0].state) == ("catalogue-update/2026-09-18-law/mzj", State.OVERDUE)
    assert len({one.id for one in found}) == len(found)


def test_each_regulation_brings_its_own_duties(root: Path) -> None:
    kinds = {
        id_: {
            one.kind.value
            for one in owed(root, "2026-11-20", regulation=library.load(id_)).values()
        }
        for id_ in library.ids()
    }
    assert "catalogue-maintenance" in kinds["yingkou-2022"]
    assert "annual-report" in kinds["yichuan-2020"] - kinds["yingkou-2022"]
    assert "opening-plan" in kinds["shuozhou-2021"] - kinds["yichuan-2020"]
    assert all("catalogue-update" in found for found in kinds.values())


def test_without_its_regulation_a_portal_cannot_be_told_what_it_owes(root: Path) -> None:
    write(root, "catalog.yaml", CATALOG.replace("yingkou-2022", "nowhere-1999"))
    with pytest.raises(UnknownRegulation):
        record_of(root, date(2026, 11, 20))
