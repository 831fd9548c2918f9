"""Events put the catalogue's update in motion; notices are counted backwards; evidence is exact."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.history.test_git import git
from tests.portals import small_portal, write
from tests.supervision.dated import attestation, commit, owed, portal, touch, with_duty

from kaishu.regulation import library
from kaishu.regulation.model import Duty, DutyId, Term, TermUnit
from kaishu.supervision.obligation import Evidence, EvidenceKind, State

if TYPE_CHECKING:
    from pathlib import Path

EVENT = "governance/events/2026-09-18-law.yaml"
LAW = "date: 2026-09-18\nkind: law\ntitle: 某条例\n"
UPDATE = "catalogue-update/2026-09-18-law/mzj"
REVIEW = "catalogue-review/2026-09-18-law/mzj"
YINGKOU = library.load("yingkou-2022")
NOTICE = Duty(
    DutyId.CHANGE_NOTICE, "通知", "政务部门", "第十二条", "甲", ahead=Term(1, TermUnit.MONTH)
)
PLANNED = "governance/events/2026-10-10-move.yaml"
CHANGE = "date: 2026-10-10\nkind: change\ntitle: 停用旧编码\ndatasets: [mzj/parks]\n"
TELL = "change-notice/2026-10-10-move/mzj"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path / "portal")


def test_a_department_named_looks_at_all_its_entries_within_the_term(root: Path) -> None:
    write(root, EVENT, f"{LAW}departments: [mzj]\n")
    found = owed(root, "2026-09-20")[UPDATE]
    # Ten working days from 18 September 2026, over Mid-autumn and the National Day.
    assert (found.due, found.state) == (date(2026, 10, 9), State.OPEN)
    assert found.outstanding == ("mzj/parks", "mzj/visits")
    assert found.ground is not None
    assert (found.ground.regulation, found.ground.article) == ("yingkou-2022", "第十五条")
    assert owed(root, "2026-09-28")[UPDATE].state is State.DUE_SOON
    assert REVIEW not in owed(root, "2026-09-28")


def test_lateness_is_in_working_days_where_the_term_is(root: Path) -> None:
    write(root, EVENT, f"{LAW}departments: [mzj]\n")
    # 10 October 2026 is a working Saturday, 11 October a Sunday.
    assert owed(root, "2026-10-11")[UPDATE].late == 1
    found = owed(root, "2026-10-13")[UPDATE]
    assert (found.state, found.late, found.unit) == (State.OVERDUE, 3, TermUnit.WORKING_DAY)
    assert found.state_in_words() == "已逾期 3 个工作日"


def test_touching_and_attesting_meet_it_with_their_commits(root: Path) -> None:
    write(root, EVENT, f"{LAW}departments: [mzj]\n")
    touch(root, "mzj/parks")
    first = commit(root, "2026-09-21")
    attestation(root, "mzj", "2026-09-22", "visits")
    second = commit(root, "2026-09-22")
    found = owed(root, "2026-10-20")[UPDATE]
    assert (found.state, found.done, found.late) == (State.MET, date(2026, 9, 22), 0)
    assert [one.reference for one in found.evidence] == [first, second]


def test_what_was_touched_before_the_event_does_not_count(root: Path) -> None:
    touch(root, "mzj/parks")
    commit(root, "2026-09-17")
    write(root, EVENT, f"{LAW}datasets: [mzj/parks]\n")
    assert owed(root, "2026-09-20")[UPDATE].outstanding == ("mzj/parks",)


def test_only_the_datasets_named_are_affected(root: Path) -> None:
    write(root, EVENT, f"{LAW}datasets: [mzj/parks, jtj/permits]\n")
    touch(root, "mzj/parks")
    commit(root, "2026-09-21")
    found = owed(root, "2026-09-22", "catalogue-update")
    assert found[UPDATE].state is State.MET
    assert found["catalogue-update/2026-09-18-law/jtj"].outstanding == ("jtj/permits",)


def test_a_dataset_named_by_a_former_address_is_followed(root: Path) -> None:
    write(root, EVENT, f"{LAW}datasets: [mzj/gardens]\n")
    file = "datasets/mzj/parks/datapackage.yaml"
    text = (root / file).read_text(encoding="utf-8")
    write(root, file, f"{text}  aliases: [mzj/gardens]\n")
    commit(root, "2026-09-21")
    assert owed(root, "2026-09-22")[UPDATE].state is State.MET


def test_the_review_runs_from_the_update_by_the_text_above(root: Path) -> None:
    write(root, EVENT, f"{LAW}datasets: [mzj/parks]\n")
    touch(root, "mzj/parks")
    commit(root, "2026-09-21")
    found = owed(root, "2026-09-22")[REVIEW]
    assert found.department is None
    # Yingkou and Liaoning set no days for it, the national regulation two working days.
    assert found.ground is not None
    assert (found.ground.regulation, found.ground.article) == ("national-2025", "第十七条")
    assert (found.due, found.state) == (date(2026, 9, 23), State.DUE_SOON)


def test_a_text_that_speaks_of_an_update_without_days_has_no_term(root: Path) -> None:
    write(root, EVENT, f"{LAW}departments: [mzj]\n")
    found = owed(root, "2026-12-20", regulation=library.load("shuozhou-2021"))[UPDATE]
    assert found.ground is not None
    assert (found.state, found.ground.article) == (State.NO_TERM, "第十二条")


def test_a_review_is_met_by_the_approvals_of_each_entry(root: Path) -> None:
    write(root, EVENT, f"{LAW}datasets: [mzj/parks, mzj/visits]\n")
    touch(root, "mzj/parks")
    touch(root, "mzj/visits")
    commit(root, "2026-09-21")
    write(root, "governance/reviews/mzj/parks/0a.yaml", "by: 李四\n")
    first = commit(root, "2026-09-22")
    assert owed(root, "2026-09-23")[REVIEW].done is None
    write(root, "governance/reviews/mzj/visits/0b.yaml", "by: 李四\n")
    second = commit(root, "2026-09-23")
    found = owed(root, "2026-09-24")[REVIEW]
    assert (found.state, found.done) == (State.MET, date(2026, 9, 23))
    assert [one.reference for one in found.evidence] == [first, second]


def test_an_approval_before_the_update_is_none_of_it(root: Path) -> None:
    write(root, "governance/reviews/mzj/parks/0a.yaml", "by: 李四\n")
    commit(root, "2026-09-19")
    write(root, EVENT, f"{LAW}datasets: [mzj/parks]\n")
    touch(root, "mzj/parks")
    commit(root, "2026-09-21")
    assert owed(root, "2026-09-22")[REVIEW].done is None


def test_a_review_is_met_as_the_event_file_says_and_never_before_the_update(root: Path) -> None:
    touch(root, "mzj/parks")
    reviewed = "reviewed: [{{department: mzj, date: {day}}}]\n"
    write(root, EVENT, f"{LAW}datasets: [mzj/parks]\n{reviewed.format(day='2026-09-19')}")
    commit(root, "2026-09-21")
    assert owed(root, "2026-09-25")[REVIEW].done is None
    write(root, EVENT, f"{LAW}datasets: [mzj/parks]\n{reviewed.format(day='2026-09-22')}")
    found = owed(root, "2026-09-25")[REVIEW]
    assert (found.state, found.done) == (State.MET, date(2026, 9, 22))
    assert found.evidence == (Evidence(EvidenceKind.FILE, EVENT),)


def test_where_no_text_sets_a_term_none_is_invented(root: Path) -> None:
    rules = {key: rule for key, rule in YINGKOU.rules.items() if key != "catalogue-update"}
    alone = replace(YINGKOU, rules=rules, superiors=())
    write(root, EVENT, f"{LAW}departments: [mzj]\n")
    found = owed(root, "2026-12-20", regulation=alone)[UPDATE]
    assert (found.state, found.due, found.ground) == (State.NO_TERM, None, None)


def test_a_term_into_a_year_without_holidays_published_is_provisional(root: Path) -> None:
    name = "governance/events/2026-12-18-duties.yaml"
    write(root, name, "date: 2026-12-18\nkind: duties\ntitle: 改革\ndepartments: [mzj]\n")
    found = owed(root, "2026-12-20")["catalogue-update/2026-12-18-duties/mzj"]
    assert (found.due, found.provisional) == (date(2027, 1, 4), True)


def test_a_term_is_extended_where_the_operator_agreed_and_the_text_allows_it(root: Path) -> None:
    agreed = "extended: [{department: mzj, date: 2026-09-28}]\n"
    write(root, EVENT, f"{LAW}departments: [mzj]\n{agreed}")
    national = library.load("national-2025")
    assert owed(root, "2026-09-25", regulation=national)[UPDATE].due == date(2026, 10, 9)
    # Five working days after 9 October: the 10th is a working Saturday.
    assert owed(root, "2026-09-28", regulation=national)[UPDATE].due == date(2026, 10, 15)
    assert owed(root, "2026-09-28", regulation=YINGKOU)[UPDATE].due == date(2026, 10, 9)


def test_a_shallow_clone_is_not_believed(root: Path, tmp_path: Path) -> None:
    write(root, EVENT, f"{LAW}departments: [mzj]\n")
    touch(root, "mzj/parks")
    touch(root, "mzj/visits")
    commit(root, "2026-09-21")
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(tmp_path / "shallow"))
    found = owed(tmp_path / "shallow", "2026-12-20")
    assert (found[UPDATE].state, found[UPDATE].due) == (State.UNKNOWN, date(2026, 10, 9))
    assert REVIEW not in found


def test_a_notice_is_due_a_month_ahead_and_met_by_the_day_it_was_given(root: Path) -> None:
    regulation = with_duty(YINGKOU, NOTICE)
    write(root, PLANNED, f"{CHANGE}effective: 2026-11-05\n")
    found = owed(root, "2026-10-12", regulation=regulation)[TELL]
    # 5 October is a holiday: the notice is due on the working day before.
    assert (found.due, found.state, found.late) == (date(2026, 9, 30), State.OVERDUE, 12)
    for noticed, late in (("2026-09-30", 0), ("2026-10-09", 9)):
        write(root, PLANNED, f"{CHANGE}effective: 2026-11-05\nnoticed: {noticed}\n")
        found = owed(root, "2026-10-12", regulation=regulation)[TELL]
        assert (found.state, found.late) == (State.MET, late)
    hash_ = commit(root, "2026-10-10")
    found = owed(root, "2026-10-12", regulation=regulation)[TELL]
    assert [one.reference for one in found.evidence] == [PLANNED, hash_]


def test_a_notice_still_to_come_is_not_given(root: Path) -> None:
    write(root, PLANNED, f"{CHANGE}effective: 2026-12-10\nnoticed: 2026-11-02\n")
    found = owed(root, "2026-10-12", regulation=with_duty(YINGKOU, NOTICE))[TELL]
    assert (found.state, found.done, found.evidence) == (State.OPEN, None, ())


def test_a_change_under_a_text_that_asks_for_no_notice_has_no_term(root: Path) -> None:
    write(root, PLANNED, f"{CHANGE}effective: 2026-11-05\n")
    found = owed(root, "2026-10-12", regulation=replace(YINGKOU, superiors=()))[TELL]
    assert (found.state, found.due) == (State.NO_TERM, None)


def test_an_entry_to_be_published_gives_notice_by_its_first_commit(root: Path) -> None:
    file = "datasets/mzj/parks/datapackage.yaml"
    text = (root / file).read_text(encoding="utf-8")
    write(root, file, f"{text}  publish_on: 2026-09-25\n")
    commit(root, "2026-08-20")
    regulation = with_duty(YINGKOU, NOTICE)
    found = owed(root, "2026-09-01", regulation=regulation)["change-notice/mzj/parks"]
    assert (found.due, found.state, found.done) == (
        date(2026, 8, 25),
        State.MET,
        date(2026, 8, 10),
    )
    assert "change-notice/mzj/parks" not in owed(
        root, "2026-09-01", regulation=replace(YINGKOU, superiors=())
    )


def test_outside_git_an_entry_to_be_published_tells_nothing(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    file = "datasets/mzj/parks/datapackage.yaml"
    text = (root / file).read_text(encoding="utf-8")
    write(root, file, f"{text}  publish_on: 2026-09-25\n")
    found = owed(root, "2026-09-01", regulation=with_duty(YINGKOU, NOTICE))
    assert found["change-notice/mzj/parks"].state is State.UNKNOWN
