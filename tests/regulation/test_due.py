"""The clock: check values, the Civil Code's rules, and agreement with a slow count."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.regulation.made import notice, regulation

from kaishu.base import i18n
from kaishu.base.clock import SHANGHAI, parse
from kaishu.base.errors import NotSet, UnknownRule, UsageError
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due
from kaishu.regulation.model import RuleId, TermUnit

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.regulation.due import Due

CALENDAR = WorkingCalendar.load(None)
# The same, as long as the notice for 2027 is not out; later editions of the package have it.
UNTIL_2026 = WorkingCalendar(
    years=frozenset(range(2004, 2027)),
    days_off={day: name for day, name in CALENDAR.days_off.items() if day.year <= 2026},
    make_up=frozenset(day for day in CALENDAR.make_up if day.year <= 2026),
    tables="until 2026",
)
YINGKOU = library.load("yingkou-2022")


def answer(received: str, calendar: WorkingCalendar = UNTIL_2026, **more: time) -> Due:
    return due(YINGKOU, "open-application", parse(received), calendar, **more)


def last_day(received: date, amount: int, unit: TermUnit = TermUnit.WORKING_DAY) -> Due:
    moment = datetime.combine(received, time(12), SHANGHAI)
    return due(regulation(amount, unit), "correction", moment, UNTIL_2026)


@pytest.mark.parametrize(
    ("received", "last", "provisional"),
    [
        ("2026-09-18", "2026-10-09", False),
        ("2026-09-20", "2026-10-10", False),
        ("2026-09-30", "2026-10-20", False),
        ("2026-10-03", "2026-10-20", False),
        ("2026-12-11", "2026-12-25", False),
        ("2026-12-17", "2026-12-31", True),
        ("2026-12-18", "2027-01-04", True),
    ],
)
def test_ten_working_days(received: str, last: str, provisional: bool) -> None:
    found = answer(received)
    assert (str(found.due_date), found.provisional) == (last, provisional)


def test_five_working_days_may_end_on_a_working_saturday() -> None:
    found = due(YINGKOU, "share-conditional", parse("2026-02-20"), UNTIL_2026)
    assert found.due_date == date(2026, 2, 28)


@pytest.mark.parametrize(
    "received", ["2026-09-30T00:00", "2026-09-30T16:00", "2026-09-30T23:59:59.999999"]
)
def test_the_hour_of_receipt_changes_nothing(received: str) -> None:
    assert answer(received).due_date == date(2026, 10, 20)


@pytest.mark.parametrize(
    ("received", "last"),
    [
        ("2026-09-19T15:59:59Z", "2026-10-09"),
        ("2026-09-19T16:00:00Z", "2026-10-10"),
        ("2026-09-19T23:59:59+08:00", "2026-10-09"),
        ("2026-09-20T00:00:00+08:00", "2026-10-10"),
        ("2026-09-19T12:00:00-04:00", "2026-10-10"),
        ("2026-09-20T05:59:00+14:00", "2026-10-09"),
    ],
)
def test_the_day_of_receipt_is_shanghais(received: str, last: str) -> None:
    assert str(answer(received).due_date) == last


def test_a_time_without_a_zone_is_shanghais() -> None:
    moment = datetime.fromisoformat("2026-09-18T23:30")
    naive = due(YINGKOU, "open-application", moment, UNTIL_2026)
    assert naive == answer("2026-09-18T23:30+08:00")


def test_the_end_is_midnight_after_the_last_day() -> None:
    assert answer("2026-09-30").due_at.isoformat() == "2026-10-21T00:00:00+08:00"


def test_where_office_closes_the_term_ends_then() -> None:
    found = answer("2026-09-30T20:00", close=time(17, 30))
    assert found.due_at.isoformat() == "2026-10-20T17:30:00+08:00"
    assert found.due_date == date(2026, 10, 20)


def test_every_day_from_the_one_after_receipt_is_accounted_for() -> None:
    found = answer("2026-09-30T16:00")
    assert [day.date for day in found.days] == [
        date(2026, 10, 1) + timedelta(days=n) for n in range(20)
    ]
    assert [(day.counted, day.reason) for day in found.days[6:11]] == [
        (False, "国庆节"),
        (True, "工作日"),
        (True, "工作日"),
        (True, "调休上班日"),
        (False, "周末"),
    ]


def test_the_json_form_is_the_commands() -> None:
    found = answer("2026-12-28T09:30").as_dict()
    assert list(found) == [
        "rule", "regulation", "source", "extended", "article", "quote", "received", "due_date", "due_at",
        "provisional", "days",
    ]  # fmt: skip
    assert found["received"] == "2026-12-28T09:30:00+08:00"
    assert found["due_date"] == "2027-01-12"
    assert found["due_at"] == "2027-01-13T00:00:00+08:00"
    assert found["provisional"] is True
    assert found["days"][0] == {"date": "2026-12-29", "counted": True, "reason": "工作日"}
    assert found["days"][3] == {"date": "2027-01-01", "counted": False, "reason": "元旦"}


def test_reasons_are_in_the_language_in_use() -> None:
    with i18n.use("en"):
        assert answer("2026-09-30").days[0].reason == "National Day"


def test_a_loaded_year_settles_what_was_provisional(tmp_path: Path) -> None:
    loaded = WorkingCalendar.load(notice(tmp_path))
    # That notice takes 31 December off and works on Sunday the 27th.
    assert answer("2026-12-17", loaded).provisional is False
    assert answer("2026-12-17", loaded).due_date == date(2026, 12, 30)
    assert answer("2026-12-18", loaded).due_date == date(2027, 1, 4)


def test_a_span_that_ends_before_26_december_is_settled() -> None:
    assert last_day(date(2026, 12, 24), 1).provisional is False
    assert last_day(date(2026, 12, 25), 1).provisional is True


@pytest.mark.parametrize("year", [1, 1000, 1949, 2003, 2028, 2100, 2500, 5000, 9990])
def test_no_year_without_a_notice_is_an_error(year: int) -> None:
    found = answer(f"{year:04}-12-20")
    assert found.provisional
    assert sum(day.counted for day in found.days) == 10


@pytest.mark.parametrize("received", ["9999-12-30", "9999-12-31T23:00:00-08:00"])
def test_what_no_calendar_can_hold_is_said_plainly(received: str) -> None:
    with pytest.raises(UsageError, match="超出"):
        due(YINGKOU, "open-application", datetime.fromisoformat(received), UNTIL_2026)


@pytest.mark.parametrize(
    ("received", "amount", "last"),
    [
        ("2026-03-02", 1, "2026-04-02"),
        ("2026-01-31", 1, "2026-02-28"),  # the last of a shorter month, a working Saturday
        ("2024-01-31", 1, "2024-02-29"),  # leap year
        ("2023-01-31", 1, "2023-02-28"),
        ("2026-09-01", 1, "2026-10-08"),  # rolls over the holidays
        ("2026-11-30", 3, "2027-03-01"),  # 28 February 2027 is a Sunday
        ("2025-12-31", 12, "2026-12-31"),
        ("2024-02-29", 12, "2025-02-28"),
    ],
)
def test_months_end_on_the_same_day_and_roll_forward(received: str, amount: int, last: str) -> None:
    found = last_day(date.fromisoformat(received), amount, TermUnit.MONTH)
    assert str(found.due_date) == last


@pytest.mark.parametrize(
    ("received", "amount", "last"),
    [("2026-09-01", 20, "2026-09-21"), ("2026-09-16", 15, "2026-10-08"),
     ("2026-09-05", 15, "2026-09-20"), ("2026-09-04", 15, "2026-09-20"),
     ("2024-02-28", 1, "2024-02-29"), ("2025-12-31", 1, "2026-01-04")],
)  # fmt: skip
def test_calendar_days_roll_forward_to_a_working_day(received: str, amount: int, last: str) -> None:
    found = last_day(date.fromisoformat(received), amount, TermUnit.CALENDAR_DAY)
    assert str(found.due_date) == last
    assert sum(day.counted for day in found.days) == amount


def test_a_rule_that_no_regulation_has_is_unknown() -> None:
    with pytest.raises(UnknownRule, match="open-application"):
        due(YINGKOU, "opening", parse("2026-09-30"), UNTIL_2026)


@pytest.mark.parametrize(
    ("id_", "rule"),
    [
        (id_, rule.value)
        for id_ in library.ids()
        for rule in RuleId
        if (rule not in (rules := library.load(id_).rules)) or rules[rule].term is None
    ],
)
def test_a_term_that_the_text_does_not_set_is_not_invented(id_: str, rule: str) -> None:
    with pytest.raises(NotSet, match="未规定"):
        due(replace(library.load(id_), superiors=()), rule, parse("2026-09-30"), UNTIL_2026)


@pytest.mark.parametrize(
    ("id_", "rule", "source", "days"),
    [
        ("yingkou-2022", "open-application", "yingkou-2022", 10),
        ("yingkou-2022", "correction", "yingkou-2022", 5),
        ("yingkou-2022", "share-provision", "national-2025", 20),
        ("yingkou-2022", "catalogue-review", "national-2025", 2),
        ("liaoning-2020", "share-conditional", "liaoning-2020", 5),
        ("shaoyang-2022", "catalogue-update", "national-2025", 10),
        ("shaoyang-2022", "correction", "shaoyang-2022", 5),
        ("yichuan-2020", "share-unconditional", "national-2025", 1),
        ("yichuan-2020", "catalogue-review", "national-2025", 2),
        ("yichuan-2020", "correction", "yichuan-2020", 10),
        ("shuozhou-2021", "share-conditional", "shuozhou-2021", 5),
    ],
)
def test_the_term_that_stands_under_each_text(id_: str, rule: str, source: str, days: int) -> None:
    found = due(library.load(id_), rule, parse("2026-03-02"), UNTIL_2026)
    assert found.standing.regulation.id == source
    assert sum(day.counted for day in found.days) == days


@pytest.mark.parametrize(
    ("id_", "rule"),
    [
        ("yingkou-2022", "open-delivery"),
        ("yingkou-2022", "share-unconditional"),
        ("liaoning-2020", "open-application"),
        # 山西省's text is not at hand, so the national one does not speak in its place.
        ("shuozhou-2021", "catalogue-update"),
        ("shuozhou-2021", "share-provision"),
        ("shaoyang-2022", "catalogue-review"),
    ],
)
def test_silence_is_not_inferred_from_a_text_that_is_not_at_hand(id_: str, rule: str) -> None:
    with pytest.raises(NotSet, match="未规定"):
        due(library.load(id_), rule, parse("2026-03-02"), UNTIL_2026)


def test_before_the_national_text_the_local_terms_stand() -> None:
    found = due(library.load("shaoyang-2022"), "catalogue-update", parse("2025-03-03"), UNTIL_2026)
    assert (found.standing.regulation.id, found.standing.looser) == ("shaoyang-2022", ())
    assert sum(day.counted for day in found.days) == 15


def test_shuozhou_sets_a_delivery_instead_of_an_answer() -> None:
    shuozhou = library.load("shuozhou-2021")
    with pytest.raises(NotSet, match="open-delivery"):
        due(shuozhou, "open-application", parse("2026-09-30"), UNTIL_2026)
    found = due(shuozhou, "open-delivery", parse("2026-09-30"), UNTIL_2026)
    assert (found.due_date, found.article) == (date(2026, 10, 20), "第二十五条")


@lru_cache(maxsize=1)
def published_working_days() -> list[date]:
    return chinese_calendar.get_workdays(date(2004, 1, 1), date(2026, 12, 31))


RECEIVED = st.dates(date(2004, 1, 1), date(2026, 10, 15))
AMOUNT = st.integers(1, 40)


@given(RECEIVED, AMOUNT)
def test_the_date_is_the_nth_working_day_after_receipt(received: date, amount: int) -> None:
    working = published_working_days()
    assert (
        last_day(received, amount).due_date == working[bisect_right(working, received) + amount - 1]
    )


@given(st.dates(date(2004, 1, 1), date(2040, 1, 1)), st.dates(date(2004, 1, 1), date(2040, 1, 1)))
def test_who_files_earlier_is_never_due_later(one: date, other: date) -> None:
    first, second = sorted((one, other))
    assert last_day(first, 10).due_date <= last_day(second, 10).due_date


@given(st.dates(date(2004, 1, 1), date(2060, 1, 1)), AMOUNT)
def test_a_longer_term_ends_later_and_on_a_working_day(received: date, amount: int) -> None:
    found = last_day(received, amount)
    assert found.due_date < last_day(received, amount + 1).due_date
    assert UNTIL_2026.is_working(found.due_date)
    assert sum(day.counted for day in found.days) == amount
    assert found.days[-1].counted


@given(st.dates(date(2004, 1, 1), date(2040, 1, 1)), st.integers(1, 24))
def test_month_terms_are_never_shorter_than_their_months(received: date, amount: int) -> None:
    found = last_day(received, amount, TermUnit.MONTH)
    year, month = divmod(received.year * 12 + received.month - 1 + amount, 12)
    assert (found.due_date.year, found.due_date.month) >= (year, month + 1)
    same_month = (found.due_date.year, found.due_date.month) == (year, month + 1)
    shorter = found.due_date.day < received.day
    assert not (same_month and shorter) or (found.due_date + timedelta(days=1)).day == 1


@given(st.dates(date(2004, 1, 1), date(2027, 10, 1)))
def test_a_browser_reckons_the_same_from_the_table(received: date) -> None:
    table = browser_table()
    day, left, provisional = received, 10, False
    while left:
        day += timedelta(days=1)
        text = day.isoformat()
        left -= text in table["make_up"] or (day.weekday() < 5 and text not in table["holidays"])
        provisional |= any(first <= text <= last for first, last in table["provisional"])
    found = last_day(received, 10)
    assert (found.due_date, found.provisional) == (day, provisional)


@lru_cache(maxsize=1)
def browser_table() -> dict:
    return UNTIL_2026.table(date(2004, 1, 1), date(2027, 12, 31))
