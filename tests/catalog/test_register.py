"""The public register is read row by row; what is wrong is named with its row."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kaishu.catalog import register
from kaishu.catalog.register import Kind, Outcome

if TYPE_CHECKING:
    from pathlib import Path

HEADER = ",".join(register.COLUMNS)
ROW = (
    "2026-000017,open-application,dsj/bus-stops,dsj,2026-09-18T10:00:00+08:00,yingkou-2022,"
    "第二十九条,2026-10-09,false,2026-10-09T17:00:00+08:00,granted,,"
)


def written(root: Path, *rows: str) -> Path:
    path = root / register.FILE
    path.parent.mkdir(parents=True)
    path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
    return root


def test_a_portal_without_a_register_has_no_cases(tmp_path: Path) -> None:
    assert register.read(tmp_path) == ((), [])


def test_each_row_is_a_case(tmp_path: Path) -> None:
    [case], problems = register.read(written(tmp_path, ROW))
    assert problems == []
    assert (case.kind, case.outcome) == (Kind.OPEN_APPLICATION, Outcome.GRANTED)
    assert case.due == date(2026, 10, 9)
    assert not case.is_late(date(2026, 11, 1))


def test_lateness_is_by_the_day_and_ends_with_the_answer(tmp_path: Path) -> None:
    late = ROW.replace("2026-10-09T17", "2026-10-10T09")
    unanswered = ROW.replace("2026-10-09T17:00:00+08:00,granted", ",")
    unset = unanswered.replace("2026-10-09,false", ",false")
    withdrawn = late.replace("granted", "withdrawn")
    cases, problems = register.read(written(tmp_path, late, unanswered, unset, withdrawn))
    assert problems == []
    assert [case.is_late(date(2026, 10, 9)) for case in cases] == [True, False, False, False]
    assert [case.is_late(date(2026, 10, 10)) for case in cases] == [True, True, False, False]


def test_a_wrong_row_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    cases, problems = register.read(written(tmp_path, ROW.replace("granted", "lost"), ROW, "a,b"))
    assert len(cases) == 1
    assert [(one.code, one.row) for one in problems] == [("bad-register", 2), ("bad-register", 4)]


def test_other_columns_are_refused_as_a_whole(tmp_path: Path) -> None:
    root = written(tmp_path)
    (root / register.FILE).write_text("number,name\n1,张三\n", encoding="utf-8")
    cases, [problem] = register.read(root)
    assert cases == ()
    assert (problem.code, problem.row) == ("bad-register", 1)
