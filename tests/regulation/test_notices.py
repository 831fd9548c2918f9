"""The portal's own holiday notices: complete ones are used, others refused by name and line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.regulation.made import NOTICE_2027, notice

from kaishu.regulation import statutory
from kaishu.regulation.notices import read_all

if TYPE_CHECKING:
    from pathlib import Path

FILE = "governance/calendar/2027.yaml"


def test_a_complete_notice_is_read(tmp_path: Path) -> None:
    (one,), problems = read_all(notice(tmp_path))
    assert problems == []
    assert (one.year, one.number) == (2027, "测试〔2026〕1号")
    assert one.days_off[date(2027, 6, 9)] == statutory.DRAGON_BOAT
    assert one.days_off[date(2026, 12, 31)] == statutory.NEW_YEAR
    assert sum(name == statutory.NATIONAL for name in one.days_off.values()) == 7
    assert date(2027, 10, 9) in one.make_up


def test_a_holiday_of_two_names_keeps_them(tmp_path: Path) -> None:
    text = NOTICE_2027.replace("国庆节", "国庆节、中秋节").replace(
        "  - {name: 中秋节, from: 2027-09-15}\n", "  - {name: 中秋, from: 2027-09-15}\n"
    )
    (one,), problems = read_all(notice(tmp_path, text))
    assert problems == []
    assert one.days_off[date(2027, 10, 1)] == "国庆节、中秋节"
    assert one.days_off[date(2027, 9, 15)] == statutory.MID_AUTUMN


def test_other_files_of_the_folder_are_left_alone(tmp_path: Path) -> None:
    notice(tmp_path, "# How to enter a notice\n", "README.md")
    assert read_all(notice(tmp_path))[1] == []


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("complete: true", "complete: false", "calendar-incomplete", 13),
        ("complete: true\n", "", "calendar-incomplete", 1),
        ("  - {name: 端午节, from: 2027-06-09}\n", "", "calendar-holiday-missing", 4),
        ("from: 2027-06-09", "from: 2027-06-19", "calendar-holiday-missing", 4),
        ("to: 2027-10-07", "to: 2027-09-07", "calendar-holiday-backwards", 11),
        ("2027-10-09]", "2027-10-11]", "calendar-not-make-up", 12),
        ("2027-10-09]", "2027-10-03]", "calendar-not-make-up", 12),
        ("2027-10-09]", "2028-10-09]", "calendar-day-outside", 12),
        ("from: 2026-12-31", "from: 2026-12-25", "calendar-day-outside", 5),
        ("year: 2027", "year: 2028", "calendar-file-name", 1),
        ("year: 2027", 'year: "2027"', "regulation-file", 1),
        ("year: 2027", "year: 1", "regulation-file", 1),
        ("notice: 测试〔2026〕1号\n", "", "regulation-file", 1),
        ("complete: true", "completed: true", "regulation-file", 13),
        ("complete: true", "complete: yes", "regulation-file", 13),
        ("to: 2027-10-07", "to: 2027-10-32", "regulation-file", 11),
        ("holidays:", "year: 2027\nholidays:", "yaml-duplicate-key", 4),
    ],
)
def test_a_wrong_notice_is_refused_at_its_line(
    tmp_path: Path, old: str, new: str, code: str, line: int
) -> None:
    assert old in NOTICE_2027
    read, problems = read_all(notice(tmp_path, NOTICE_2027.replace(old, new, 1)))
    assert read == []
    assert (code, FILE, line) in [(one.code, one.file, one.line) for one in problems]


@pytest.mark.parametrize("name", ["2027.yml", "27.yaml", "2027-holidays.yaml"])
def test_a_notice_under_another_name_is_not_overlooked(tmp_path: Path, name: str) -> None:
    read, problems = read_all(notice(tmp_path, name=name))
    assert read == []
    assert [one.code for one in problems] == ["calendar-file-name"]
