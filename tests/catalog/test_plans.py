"""Opening plans are read strictly; each item has one day by which it is to be open."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write

from kaishu.catalog import plans
from kaishu.catalog.load import load
from kaishu.packaging.check import check_portal

if TYPE_CHECKING:
    from pathlib import Path

PLAN = """\
year: 2026
items:
  - {title: 城市公园名单, department: mzj, dataset: mzj/parks, by: 2026-03-20}
  - {title: 停车场, department: jtj, quarter: 2}
"""
NAME = "governance/plans/2026.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path)


def problems(root: Path) -> list[tuple[str, int | None]]:
    return [(one.code, one.line) for one in plans.read(load(root))[1]]


def test_an_item_is_due_by_its_day_or_by_the_end_of_its_quarter(root: Path) -> None:
    write(root, NAME, PLAN)
    [plan], found = plans.read(load(root))
    assert found == []
    assert [plan.due(item) for item in plan.said.items] == [date(2026, 3, 20), date(2026, 6, 30)]


def test_a_dataset_still_to_come_is_no_problem(root: Path) -> None:
    write(root, NAME, PLAN.replace("mzj/parks", "mzj/still-to-come"))
    assert problems(root) == []


@pytest.mark.parametrize(
    "when", ["quarter: 1, by: 2026-03-01", "by: 2027-03-01", "dataset: jtj/parking"]
)
def test_an_item_has_one_day_of_the_plans_year(root: Path, when: str) -> None:
    write(root, NAME, PLAN.replace("quarter: 2", when))
    assert problems(root) == [("plan-item-without-day", 4)]


def test_the_file_is_called_by_its_year(root: Path) -> None:
    write(root, "governance/plans/2027.yaml", PLAN)
    assert problems(root) == [("plan-file-name", 1)]


def test_an_unknown_department_is_named_with_its_line(root: Path) -> None:
    write(root, NAME, PLAN.replace("department: jtj", "department: gaj"))
    assert problems(root) == [("governance-unknown-department", 4)]


def test_check_names_wrong_plans_with_their_lines(root: Path) -> None:
    write(root, NAME, PLAN.replace("quarter: 2", "quarter: 5"))
    found = [(p.code, p.file, p.line) for p in check_portal(root)[1]]
    assert ("bad-value", NAME, 4) in found
