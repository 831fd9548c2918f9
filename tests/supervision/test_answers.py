"""Open cases of the public register are owed by their departments, by the register's own dates."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write
from tests.supervision.dated import owed

from kaishu.catalog import register
from kaishu.supervision.obligation import Evidence, EvidenceKind, State

if TYPE_CHECKING:
    from pathlib import Path

ROWS = """\
1,open-application,mzj/visits,mzj,2026-09-18T10:00:00+08:00,yingkou-2022,第二十九条,2026-10-09,false,,,,
2,open-application,mzj/visits,mzj,2026-09-18T10:00:00+08:00,yingkou-2022,第二十九条,2026-10-09,false,2026-10-08T09:00:00+08:00,granted,,
3,open-demand,,jtj,2026-09-20T10:00:00+08:00,yingkou-2022,,,false,,,,
4,correction,mzj/parks,mzj,2026-12-18T10:00:00+08:00,yingkou-2022,第二十三条,2026-12-31,true,,,,
5,correction,mzj/parks,mzj,2026-09-18T10:00:00+08:00,yingkou-2022,第二十三条,2026-09-28,false,,withdrawn,,
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(small_portal(tmp_path), register.FILE, f"{','.join(register.COLUMNS)}\n{ROWS}")
    return tmp_path


def test_a_case_is_owed_until_it_is_answered(root: Path) -> None:
    assert set(owed(root, "2026-10-07", "case")) == {"case/1", "case/2", "case/3"}
    assert set(owed(root, "2026-10-08", "case")) == {"case/1", "case/3"}
    assert owed(root, "2026-09-17", "case") == {}


def test_an_answer_is_late_by_working_days_with_the_case_as_evidence(root: Path) -> None:
    found = owed(root, "2026-10-13", "case")["case/1"]
    assert (found.state, found.late, found.department) == (State.OVERDUE, 3, "mzj")
    assert found.evidence == (Evidence(EvidenceKind.CASE, "1"),)
    assert found.subject == "开放申请 1（2026-09-18 收到）"


def test_a_case_without_a_term_is_listed_as_such(root: Path) -> None:
    found = owed(root, "2027-10-13", "case")["case/3"]
    assert (found.state, found.due, found.ground) == (State.NO_TERM, None, None)


def test_a_provisional_date_stays_provisional(root: Path) -> None:
    found = owed(root, "2026-12-20", "case")["case/4"]
    assert (found.due, found.provisional) == (date(2026, 12, 31), True)
