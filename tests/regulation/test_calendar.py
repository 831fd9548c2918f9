"""Working days: the published ones, the portal's own notices, and the provisional rule."""

from __future__ import annotations

import json
import pickle
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import chinese_calendar
import pytest
from tests.regulation.made import NOTICE_2027, notice

from kaishu.base import i18n
from kaishu.base.errors import InvalidFiles
from kaishu.regulation.calendar import WorkingCalendar

if TYPE_CHECKING:
    from pathlib import Path


def days(start: date, end: date) -> list[date]:
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def test_every_published_day_is_as_the_package_says(packaged: WorkingCalendar) -> None:
    start, end = packaged.published_from, packaged.published_until
    working = [day for day in days(start, end) if packaged.is_working(day)]
    assert working == chinese_calendar.get_workdays(start, end)


def test_the_published_years_are_the_packages(packaged: WorkingCalendar) -> None:
    assert packaged.published_from == date(2004, 1, 1)
    assert packaged.published_until >= date(2026, 12, 31)


@pytest.mark.parametrize(
    ("day", "chinese", "english"),
    [
        (date(2026, 9, 18), "工作日", "Working day"),
        (date(2026, 9, 19), "周末", "Weekend"),
        (date(2026, 9, 20), "调休上班日", "Make-up working day"),
        (date(2026, 9, 26), "中秋节", "Mid-Autumn Festival"),
        (date(2026, 10, 1), "国庆节", "National Day"),
        (date(2026, 4, 6), "清明节", "Qingming Festival"),
        (date(2015, 9, 3), "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
         "70th anniversary of victory over Fascism"),
        (date(2030, 10, 2), "国庆节", "National Day"),
    ],
)  # fmt: skip
def test_each_kind_of_day_has_its_reason(
    packaged: WorkingCalendar, day: date, chinese: str, english: str
) -> None:
    assert packaged.reason(day) == chinese
    with i18n.use("en"):
        assert packaged.reason(day) == english


def test_beyond_the_notices_weekends_and_statutory_holidays_rest() -> None:
    calendar = WorkingCalendar(frozenset({2026}), {}, frozenset(), "test")
    resting = [
        day
        for day in days(date(2027, 1, 1), date(2027, 12, 31))
        if day.weekday() < 5 and not calendar.is_working(day)
    ]
    assert resting == [
        date(2027, *day)
        for day in (
            (1, 1), (2, 5), (2, 8), (4, 5), (6, 9), (9, 15), (10, 1),
        )
    ]  # fmt: skip
    assert not any(calendar.is_working(day) for day in days(date(2027, 5, 1), date(2027, 5, 2)))


def test_only_what_a_coming_notice_may_change_is_provisional() -> None:
    calendar = WorkingCalendar(frozenset({2025, 2026}), {}, frozenset(), "test")
    assert not calendar.is_provisional(date(2025, 12, 31))
    assert not calendar.is_provisional(date(2026, 12, 25))
    assert calendar.is_provisional(date(2026, 12, 26))
    assert calendar.is_provisional(date(2027, 6, 1))
    assert calendar.is_provisional(date(2024, 6, 1))


def test_a_year_alone_beyond_a_gap_does_not_extend_what_is_published() -> None:
    calendar = WorkingCalendar(frozenset({2025, 2026, 2028}), {}, frozenset(), "test")
    assert calendar.published_until == date(2026, 12, 31)
    assert calendar.is_provisional(date(2027, 6, 1))
    assert not calendar.is_provisional(date(2028, 6, 1))


def test_a_notice_of_the_portal_adds_its_year(tmp_path: Path, packaged: WorkingCalendar) -> None:
    calendar = WorkingCalendar.load(notice(tmp_path))
    assert calendar.published_until == date(2027, 12, 31)
    assert calendar.reason(date(2027, 2, 11)) == "春节"
    assert calendar.reason(date(2027, 2, 20)) == "调休上班日"
    assert calendar.is_working(date(2027, 3, 3))
    assert not calendar.is_provisional(date(2026, 12, 31))
    assert calendar.is_provisional(date(2027, 12, 31))
    assert all(
        calendar.is_working(day) == packaged.is_working(day)
        for day in days(date(2004, 1, 1), date(2026, 12, 25))
    )


def test_a_notice_moves_days_of_the_december_before(tmp_path: Path) -> None:
    calendar = WorkingCalendar.load(notice(tmp_path))
    assert calendar.reason(date(2026, 12, 27)) == "调休上班日"
    assert calendar.reason(date(2026, 12, 31)) == "元旦"


def test_a_notice_of_the_portal_replaces_the_packages_year(tmp_path: Path) -> None:
    text = NOTICE_2027
    for old, new in [("2027", "2026"), ("2026-12-31", "2026-01-01"), ("2026-12-27", "2026-01-04")]:
        text = text.replace(old, new)
    days_2026 = {
        "2026-02-05, to: 2026-02-11": "2026-02-16, to: 2026-02-28",
        "2026-06-09": "2026-06-19",
        "2026-09-15": "2026-09-25",
        "2026-02-20": "2026-03-07",
        "2026-05-08": "2026-05-09",
        "2026-10-09": "2026-10-10",
    }
    for old, new in days_2026.items():
        text = text.replace(old, new)
    calendar = WorkingCalendar.load(notice(tmp_path, text, "2026.yaml"))
    assert calendar.reason(date(2026, 2, 27)) == "春节"
    assert calendar.reason(date(2026, 2, 28)) == "春节"
    assert calendar.is_working(date(2026, 3, 7))
    assert calendar.reason(date(2026, 2, 14)) == "周末"
    assert calendar.reason(date(2025, 10, 1)) == "国庆节"


def test_an_incomplete_notice_stops_the_clock(tmp_path: Path) -> None:
    root = notice(tmp_path, NOTICE_2027.replace("complete: true", "complete: false"))
    with pytest.raises(InvalidFiles) as error:
        WorkingCalendar.load(root)
    assert [problem.code for problem in error.value.problems] == ["calendar-incomplete"]


def test_a_portal_without_notices_has_the_packages_calendar(
    tmp_path: Path, packaged: WorkingCalendar
) -> None:
    assert WorkingCalendar.load(tmp_path) == packaged


def test_the_edition_names_the_tables_and_changes_with_them(
    tmp_path: Path, packaged: WorkingCalendar
) -> None:
    calendar = WorkingCalendar.load(notice(tmp_path))
    assert "chinesecalendar" in packaged.edition
    assert "2027 测试〔2026〕1号" in calendar.edition
    changed = NOTICE_2027.replace("to: 2027-10-07", "to: 2027-10-06")
    assert WorkingCalendar.load(notice(tmp_path, changed)).edition != calendar.edition


def test_a_calendar_travels_between_processes(packaged: WorkingCalendar) -> None:
    assert pickle.loads(pickle.dumps(packaged)) == packaged


def works(table: dict[str, Any], day: date) -> bool:
    """As a browser reads the table."""
    text = day.isoformat()
    return text in table["make_up"] or (day.weekday() < 5 and text not in table["holidays"])


def test_the_table_for_browsers_says_the_same(packaged: WorkingCalendar) -> None:
    start, end = date(2024, 1, 1), date(2028, 12, 31)
    table = json.loads(json.dumps(packaged.table(start, end)))
    for day in days(start, end):
        assert works(table, day) == packaged.is_working(day), day
        inside = any(a <= day.isoformat() <= b for a, b in table["provisional"])
        assert inside == packaged.is_provisional(day), day


def test_the_tables_form_is_the_one_described() -> None:
    calendar = WorkingCalendar(
        frozenset({2026}),
        {date(2026, 10, 1): "National Day"},
        frozenset({date(2026, 10, 10)}),
        "test",
    )
    assert calendar.table(date(2026, 10, 1), date(2027, 1, 3)) == {
        "edition": calendar.edition,
        "start": "2026-10-01",
        "end": "2027-01-03",
        "published_until": "2026-12-31",
        "holidays": {"2026-10-01": "国庆节", "2027-01-01": "元旦"},
        "make_up": ["2026-10-10"],
        "provisional": [["2026-12-26", "2027-01-03"]],
    }


def test_working_days_are_counted_from_the_day_after_to_the_last() -> None:
    calendar = WorkingCalendar.load()
    # 20 September 2026 is a working Sunday; 25–27 September are the Mid-autumn holiday.
    assert calendar.working_days(date(2026, 9, 18), date(2026, 9, 27)) == 5
    assert calendar.working_days(date(2026, 9, 18), date(2026, 9, 18)) == 0
    assert calendar.working_days(date(2026, 9, 18), date(2026, 9, 1)) == 0
