"""The quarterly pass over the catalogue, and updates by declared cycle, told from commits."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.history.test_git import git
from tests.portals import small_portal, write
from tests.supervision.dated import attestation, commit, owed, portal, touch

from kaishu.regulation.model import Every
from kaishu.supervision.obligation import Evidence, EvidenceKind, State
from kaishu.supervision.upkeep import period

if TYPE_CHECKING:
    from pathlib import Path

KIND = "catalogue-maintenance"
Q3, Q4 = f"{KIND}/mzj/2026-07-01", f"{KIND}/mzj/2026-10-01"
PARKS = "datasets/mzj/parks/datapackage.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path / "portal")


def test_a_quarter_in_which_every_entry_was_touched_is_met_with_its_commits(root: Path) -> None:
    touch(root, "mzj/parks")
    first = commit(root, "2026-10-12")
    touch(root, "mzj/visits")
    second = commit(root, "2026-10-20")
    found = owed(root, "2026-11-20", KIND)[Q4]
    assert (found.state, found.done, found.late) == (State.MET, date(2026, 10, 20), 0)
    assert found.evidence == (
        Evidence(EvidenceKind.COMMIT, first),
        Evidence(EvidenceKind.COMMIT, second),
    )
    assert found.ground is not None
    assert (found.ground.regulation, found.ground.article) == ("yingkou-2022", "第十五条")


def test_of_several_commits_the_first_of_the_quarter_counts(root: Path) -> None:
    for key in ("mzj/parks", "mzj/visits"):
        touch(root, key)
    first = commit(root, "2026-10-12")
    touch(root, "mzj/parks")
    commit(root, "2026-11-02")
    found = owed(root, "2026-11-20", KIND)[Q4]
    assert (found.done, [one.reference for one in found.evidence]) == (date(2026, 10, 12), [first])


def test_what_is_still_to_be_looked_at_is_named(root: Path) -> None:
    touch(root, "mzj/parks")
    commit(root, "2026-10-12")
    found = owed(root, "2026-11-20", KIND)[Q4]
    assert (found.state, found.outstanding) == (State.OPEN, ("mzj/visits",))
    assert found.due == date(2026, 12, 31)


def test_near_its_end_it_is_due_soon(root: Path) -> None:
    # 24, 25, 28, 29, 30 and 31 December are six working days; five are soon.
    assert owed(root, "2026-12-23", KIND)[Q4].state is State.OPEN
    assert owed(root, "2026-12-24", KIND)[Q4].state is State.DUE_SOON


def test_a_quarter_that_passed_is_overdue_by_calendar_days(root: Path) -> None:
    found = owed(root, "2027-01-10", KIND)[Q4]
    assert (found.state, found.late) == (State.OVERDUE, 10)


def test_what_was_done_after_the_quarter_is_met_late(root: Path) -> None:
    touch(root, "mzj/parks")
    touch(root, "mzj/visits")
    commit(root, "2027-01-04")
    found = owed(root, "2027-01-10", KIND)[Q4]
    assert (found.state, found.done, found.late) == (State.MET, date(2027, 1, 4), 4)


def test_an_attestation_counts_by_its_commit(root: Path) -> None:
    attestation(root, "mzj", "2026-10-20", "parks", "visits")
    assert owed(root, "2026-11-20", KIND)[Q4].state is State.OPEN
    hash_ = commit(root, "2026-10-21")
    found = owed(root, "2026-11-20", KIND)[Q4]
    assert (found.state, found.done) == (State.MET, date(2026, 10, 21))
    assert found.evidence == (Evidence(EvidenceKind.COMMIT, hash_),)


@pytest.mark.parametrize(
    ("dated", "committed"), [("2026-09-30", "2026-10-09"), ("2026-12-30", "2027-01-04")]
)
def test_an_attestation_dated_or_committed_outside_the_quarter_is_none_of_it(
    root: Path, dated: str, committed: str
) -> None:
    attestation(root, "mzj", dated, "parks", "visits")
    commit(root, committed)
    assert owed(root, "2026-12-31", KIND)[Q4].outstanding == ("mzj/parks", "mzj/visits")


def test_an_entry_that_came_later_is_none_of_the_quarter_before(root: Path) -> None:
    text = (root / "datasets/jtj/permits/datapackage.yaml").read_text(encoding="utf-8")
    text = text.replace("permits", "permits-2").replace("5a7e1f90", "5a7e1f91")
    write(root, "datasets/mzj/permits-2/datapackage.yaml", text)
    commit(root, "2026-10-12")
    found = owed(root, "2026-10-13", KIND)
    assert found[Q3].state is State.MET
    assert found[Q4].outstanding == ("mzj/parks", "mzj/visits")


def test_a_quarter_before_the_portal_began_is_not_owed(root: Path) -> None:
    assert set(owed(root, "2026-09-01", KIND)) == {Q3, f"{KIND}/jtj/2026-07-01"}


def test_commits_after_the_day_asked_about_do_not_count(root: Path) -> None:
    for key in ("mzj/parks", "mzj/visits"):
        touch(root, key)
    commit(root, "2026-11-25")
    assert owed(root, "2026-11-20", KIND)[Q4].state is State.OPEN
    assert owed(root, "2026-11-25", KIND)[Q4].state is State.MET


def test_a_shallow_clone_is_not_believed(root: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", root.as_uri(), str(tmp_path / "shallow"))
    found = owed(tmp_path / "shallow", "2026-09-01", KIND)[Q3]
    assert (found.state, found.evidence, found.done) == (State.UNKNOWN, (), None)
    assert "浅克隆" in found.remark


def test_outside_git_nothing_tells(tmp_path: Path) -> None:
    found = owed(small_portal(tmp_path), "2026-09-01", KIND)[Q3]
    assert found.state is State.UNKNOWN
    assert "版本历史" in found.remark


def test_a_withdrawn_dataset_needs_no_upkeep(root: Path) -> None:
    text = (root / "datasets/jtj/permits/datapackage.yaml").read_text(encoding="utf-8")
    write(
        root,
        "datasets/jtj/permits/datapackage.yaml",
        f"{text}  withdrawn: {{date: 2026-09-01, reason: 停办}}\n",
    )
    commit(root, "2026-09-01")
    assert all("jtj" not in id_ for id_ in owed(root, "2026-11-20"))


def test_a_year_is_a_period_too() -> None:
    assert period(date(2026, 5, 1), Every.YEAR) == (date(2026, 1, 1), date(2026, 12, 31))


def test_the_next_update_runs_from_the_last_commit_of_the_data(root: Path) -> None:
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n1,中心公园\n")
    hash_ = commit(root, "2026-09-02")
    touch(root, "mzj/parks")
    commit(root, "2026-10-12")
    found = owed(root, "2026-11-20", "data-update")["data-update/mzj/parks"]
    assert (found.due, found.state) == (date(2027, 9, 2), State.OPEN)
    assert found.evidence == (Evidence(EvidenceKind.COMMIT, hash_),)
    assert found.ground is not None
    assert found.ground.article == "第二十一条"
    late = owed(root, "2027-09-12", "data-update")["data-update/mzj/parks"]
    assert (late.state, late.late) == (State.OVERDUE, 10)


def test_what_the_entry_states_counts_where_history_does_not_tell(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    found = owed(root, "2026-11-20", "data-update")
    assert [(one.state, one.due) for one in found.values()] == [(State.UNKNOWN, None)]
    for key in ("mzj/parks", "mzj/visits"):
        file = f"datasets/{key}/datapackage.yaml"
        text = (root / file).read_text(encoding="utf-8")
        write(root, file, f"{text}  modified: 2026-03-02\n")
    found = owed(root, "2026-11-20", "data-update")
    assert found["data-update/mzj/parks"].due == date(2027, 3, 2)
    assert found["data-update/mzj/visits"].state is State.OVERDUE
    assert found["data-update/mzj/parks"].evidence == (Evidence(EvidenceKind.FILE, PARKS),)
