"""Opening plans are ticked by what was opened; annual reports are met by a committed file."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.history.test_git import git
from tests.portals import small_portal, write
from tests.supervision.dated import commit, owed, portal, with_duty

from kaishu.regulation import library
from kaishu.regulation.model import Duty, DutyId, Every
from kaishu.supervision.obligation import Evidence, EvidenceKind, State

if TYPE_CHECKING:
    from pathlib import Path

YINGKOU = library.load("yingkou-2022")
PLAN_DUTY = Duty(DutyId.OPENING_PLAN, "计划", "政务部门", "第二十四条", "甲", every=Every.YEAR)
REPORT_DUTY = Duty(
    DutyId.ANNUAL_REPORT, "报告", "政务部门", "第三十九条", "甲", every=Every.YEAR, until=(1, 31)
)
PLANNED = with_duty(YINGKOU, PLAN_DUTY)
REPORTING = with_duty(YINGKOU, REPORT_DUTY)
PLAN_FILE = "governance/plans/2026.yaml"
PLAN = """\
year: 2026
items:
  - {title: 城市公园名单, department: mzj, dataset: mzj/parks, quarter: 3}
  - {title: 停车场, department: mzj, dataset: mzj/parking, by: 2026-10-31}
  - {title: 待定, department: mzj, quarter: 4}
"""
PLAN_ID, REPORT_ID = "opening-plan/mzj/2026", "annual-report/mzj/2026"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path / "portal")


def test_a_plan_is_owed_by_each_department_until_one_is_committed(root: Path) -> None:
    found = owed(root, "2026-11-20", "opening-plan", regulation=PLANNED)
    assert set(found) == {PLAN_ID, "opening-plan/jtj/2026"}
    assert (found[PLAN_ID].state, found[PLAN_ID].due) == (State.OPEN, date(2026, 12, 31))
    write(root, PLAN_FILE, PLAN)
    assert owed(root, "2026-11-20", regulation=PLANNED)[PLAN_ID].state is State.OPEN
    hash_ = commit(root, "2026-11-05")
    found = owed(root, "2026-11-20", "opening-plan", regulation=PLANNED)
    assert (found[PLAN_ID].state, found[PLAN_ID].done) == (State.MET, date(2026, 11, 5))
    assert found[PLAN_ID].evidence == (Evidence(EvidenceKind.COMMIT, hash_),)
    write(root, PLAN_FILE, f"{PLAN}# \n")
    commit(root, "2026-11-10")
    again = owed(root, "2026-11-20", regulation=PLANNED)[PLAN_ID]
    assert (again.done, again.evidence) == (date(2026, 11, 5), found[PLAN_ID].evidence)
    # The plan names nothing of the transport department's.
    assert found["opening-plan/jtj/2026"].state is State.OPEN


def test_no_plan_is_owed_where_no_text_asks_for_one(root: Path) -> None:
    assert owed(root, "2026-11-20", "opening-plan") == {}


def test_items_are_ticked_by_what_was_in_fact_opened(root: Path) -> None:
    write(root, PLAN_FILE, PLAN)
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n1,中心公园\n")
    commit(root, "2026-10-11")
    found = owed(root, "2026-11-20", "planned-opening", regulation=PLANNED)
    opened = found["planned-opening/2026/mzj/parks"]
    assert (opened.state, opened.done, opened.due) == (
        State.MET,
        date(2026, 8, 10),
        date(2026, 9, 30),
    )
    assert opened.evidence == (
        Evidence(EvidenceKind.COMMIT, git(root, "rev-list", "--max-parents=0", "HEAD")),
    )
    missing = found["planned-opening/2026/mzj/parking"]
    assert (missing.state, missing.late) == (State.OVERDUE, 20)
    assert missing.evidence == (Evidence(EvidenceKind.FILE, PLAN_FILE),)
    assert found["planned-opening/2026/待定"].state is State.UNKNOWN


def test_a_dataset_that_is_not_open_ticks_nothing(root: Path) -> None:
    write(root, PLAN_FILE, PLAN.replace("mzj/parks", "mzj/visits"))
    found = owed(root, "2026-11-20")["planned-opening/2026/mzj/visits"]
    assert (found.state, found.ground) == (State.OVERDUE, None)


def test_an_opening_after_its_day_is_met_late(root: Path) -> None:
    write(root, PLAN_FILE, PLAN.replace("quarter: 3", "by: 2026-08-01"))
    found = owed(root, "2026-11-20")["planned-opening/2026/mzj/parks"]
    assert (found.state, found.late) == (State.MET, 9)
    assert found.state_in_words() == "已完成，逾期 9 日"


def test_what_was_opened_and_later_withdrawn_was_opened(root: Path) -> None:
    write(root, PLAN_FILE, PLAN)
    file = "datasets/mzj/parks/datapackage.yaml"
    text = (root / file).read_text(encoding="utf-8")
    write(root, file, f"{text}  withdrawn: {{date: 2026-10-01, reason: 停办}}\n")
    commit(root, "2026-10-01")
    found = owed(root, "2026-11-20")["planned-opening/2026/mzj/parks"]
    assert (found.state, found.done) == (State.MET, date(2026, 8, 10))


def test_a_day_that_a_year_does_not_have_is_the_months_last(root: Path) -> None:
    leap = replace(REPORT_DUTY, until=(2, 29))
    found = owed(root, "2026-11-20", regulation=with_duty(YINGKOU, leap))[REPORT_ID]
    assert found.due == date(2027, 2, 28)


def test_outside_git_a_plan_and_an_opening_are_there_but_not_dated(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    write(root, PLAN_FILE, PLAN)
    found = owed(root, "2026-11-20", regulation=PLANNED)
    assert found[PLAN_ID].state is State.UNKNOWN
    assert found["planned-opening/2026/mzj/parks"].state is State.UNKNOWN
    assert found["planned-opening/2026/mzj/parking"].state is State.OVERDUE


@pytest.mark.parametrize(
    "path", ["2026.md", "2026.docx", "2026.pdf", "2026/mzj.md", "2026/mzj.pdf"]
)
def test_a_report_is_met_by_its_file_from_its_first_commit(root: Path, path: str) -> None:
    assert owed(root, "2026-11-20", regulation=REPORTING)[REPORT_ID].due == date(2027, 1, 31)
    write(root, f"governance/reports/{path}", "报告")
    assert owed(root, "2027-02-03", regulation=REPORTING)[REPORT_ID].late == 3
    hash_ = commit(root, "2027-01-29")
    write(root, f"governance/reports/{path}", "报告，更正")
    commit(root, "2027-02-02")
    found = owed(root, "2027-02-03", regulation=REPORTING)
    assert (found[REPORT_ID].state, found[REPORT_ID].done) == (State.MET, date(2027, 1, 29))
    assert found[REPORT_ID].evidence == (Evidence(EvidenceKind.COMMIT, hash_),)
    others = found["annual-report/jtj/2026"].state
    assert others is (State.OVERDUE if "mzj" in path else State.MET)


def test_no_report_is_owed_on_years_before_the_portal_began(root: Path) -> None:
    found = owed(root, "2026-11-20", "annual-report", regulation=REPORTING)
    assert {one.due for one in found.values()} == {date(2027, 1, 31)}


def test_a_report_that_no_text_dates_has_no_term(root: Path) -> None:
    undated = Duty(DutyId.ANNUAL_REPORT, "报告", "部门", "第一条", "甲", every=Every.YEAR)
    found = owed(root, "2026-11-20", regulation=with_duty(YINGKOU, undated))[REPORT_ID]
    assert (found.state, found.due) == (State.NO_TERM, None)


def test_in_a_shallow_clone_a_report_is_there_but_not_dated(root: Path, tmp_path: Path) -> None:
    write(root, "governance/reports/2026.md", "报告")
    commit(root, "2027-01-29")
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(tmp_path / "shallow"))
    found = owed(tmp_path / "shallow", "2027-02-03", regulation=REPORTING)
    assert found[REPORT_ID].state is State.UNKNOWN
