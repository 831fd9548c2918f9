"""A loaded notice settles provisional dates, with an event; nothing else changes them."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from tests.cases.conftest import OFFICER, events_of, file_one
from tests.regulation.made import NOTICE_2027, notice

from kaishu.base.clock import SHANGHAI
from kaishu.cases import actions, filing, portal
from kaishu.cases.recount import recount
from kaishu.cli.recount import recounted

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.cases.models import Case
    from kaishu.cases.portal import Now


@pytest.fixture
def late(now: Now) -> Case:
    """Received on 17 December 2026, due on the 31st while the notice for 2027 is missing."""
    return file_one(now, key="2" * 32, received=datetime(2026, 12, 17, 9, tzinfo=SHANGHAI))


def with_notice(root: Path) -> Now:
    notice(root, NOTICE_2027)
    portal._read = None
    return portal.now()


def test_the_years_notice_moves_a_provisional_date_and_says_so(late: Case, small: Path) -> None:
    assert (late.due_date, late.provisional) == (date(2026, 12, 31), True)
    [one] = recount(with_notice(small))
    late.refresh_from_db()
    assert (late.due_date, late.provisional) == (date(2026, 12, 30), False)
    assert late.due_at == datetime(2026, 12, 31, tzinfo=SHANGHAI)
    assert (one.number, one.before, one.after) == (late.number, date(2026, 12, 31), late.due_date)
    assert events_of(late) == ["file", "recount"]
    last = late.events.last()
    assert last is not None
    assert (last.data["before"], last.data["due_date"]) == ("2026-12-31", "2026-12-30")
    assert "2027" in last.data["calendar"]


def test_the_command_prints_what_changed(
    late: Case, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_notice(small)
    recounted()
    assert capsys.readouterr().out == f"{late.number}：2026-12-31 → 2026-12-30（已确定）\n"


def test_counting_again_changes_nothing(late: Case, small: Path) -> None:
    loaded = with_notice(small)
    assert len(list(recount(loaded))) == 1
    assert list(recount(loaded)) == []
    assert events_of(late) == ["file", "recount"]


def test_a_settled_date_and_a_decided_case_stay(case: Case, late: Case, small: Path) -> None:
    actions.refuse(portal.now(), late, OFFICER, actions.Refusal("不在范围内", "not-held"))
    assert list(recount(with_notice(small))) == []
    assert events_of(case) == ["file"]
    late.refresh_from_db()
    assert late.due_date == date(2026, 12, 31)


def test_a_case_that_somebody_changes_meanwhile_keeps_its_date(
    late: Case, small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = actions.move_due_date

    def after_somebody_else(case: Case, *rest: object) -> None:
        filing.withdraw(type(case).objects.get(pk=case.pk))
        moved(case, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(actions, "move_due_date", after_somebody_else)
    assert list(recount(with_notice(small))) == []
    assert events_of(late) == ["file", "withdraw"]
