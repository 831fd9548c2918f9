"""What each text of the library lays down is owed on that text's own article."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.portals import write
from tests.supervision.dated import owed, portal

from kaishu.regulation import library

if TYPE_CHECKING:
    from pathlib import Path

CHANGE = """\
date: 2026-11-01
kind: change
title: 停用旧编码
datasets: [mzj/parks]
effective: 2027-02-01
"""
DUTIES = [
    ("yingkou-2022", "catalogue-maintenance", "catalogue-maintenance", "第十五条"),
    ("yingkou-2022", "data-upkeep", "data-update", "第二十一条"),
    ("shuozhou-2021", "change-notice", "change-notice", "第十二条"),
    ("shuozhou-2021", "data-upkeep", "data-update", "第十七条"),
    ("shuozhou-2021", "opening-plan", "opening-plan", "第二十四条"),
    ("yichuan-2020", "data-upkeep", "data-update", "第十八条"),
    ("yichuan-2020", "annual-report", "annual-report", "第三十九条"),
]


@pytest.mark.parametrize(
    ("id_", "kind", "article"),
    [(id_, kind, article) for id_, _duty, kind, article in DUTIES],
    ids=[f"{id_}-{duty}" for id_, duty, *_ in DUTIES],
)
def test_a_duty_is_owed_on_the_article_that_lays_it_down(
    tmp_path: Path, id_: str, kind: str, article: str
) -> None:
    root = portal(tmp_path / "portal")
    write(root, "governance/events/2026-11-01-codes.yaml", CHANGE)
    own = replace(library.load(id_), superiors=())
    grounds = [one.ground for one in owed(root, "2026-11-20", kind, regulation=own).values()]
    assert grounds
    assert {ground and (ground.regulation, ground.article) for ground in grounds} == {
        (id_, article)
    }
