"""The calendar file is RFC 5545, follows a moved date, and tells no secret."""

from __future__ import annotations

from datetime import date, timedelta

from icalendar import Calendar

from kaishu.cases import calendar_file, numbers
from kaishu.cases.models import Case
from kaishu.cases.portal import Now


def read(written: bytes | None) -> tuple[Calendar, object]:
    assert written is not None
    found = Calendar.from_ical(written)
    return found, found.walk("VEVENT")[0]


def test_the_event_lies_on_the_last_day(case: Case, now: Now) -> None:
    written = calendar_file.of(case, now.regulation)
    _calendar, event = read(written)
    assert event["DTSTART"].dt == date(2026, 10, 20)  # type: ignore[index]
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(days=1)  # type: ignore[index]
    assert case.number in str(event["SUMMARY"])  # type: ignore[index]
    assert "第二十九条" in str(event["DESCRIPTION"])  # type: ignore[index]
    assert event["STATUS"] == "CONFIRMED"  # type: ignore[index]


def test_lines_end_and_fold_as_the_standard_asks(case: Case, now: Now) -> None:
    written = calendar_file.of(case, now.regulation)
    assert written is not None
    assert written.startswith(b"BEGIN:VCALENDAR\r\n")
    assert written.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    assert b"\n" not in written.replace(b"\r\n", b"")


def test_a_moved_date_moves_the_same_event(case: Case, now: Now) -> None:
    _calendar, before = read(calendar_file.of(case, now.regulation))
    case.due_date, case.version, case.provisional = date(2026, 10, 21), 2, True
    _calendar, after = read(calendar_file.of(case, now.regulation))
    assert before["UID"] == after["UID"]  # type: ignore[index]
    assert after["SEQUENCE"] > before["SEQUENCE"]  # type: ignore[index]
    assert after["STATUS"] == "TENTATIVE"  # type: ignore[index]


def test_neither_the_code_nor_the_applicant_stands_in_it(
    case: Case, now: Now, settings: object
) -> None:
    written = calendar_file.of(case, now.regulation)
    assert written is not None
    code = numbers.code_for("0" * 32, settings.SECRET_KEY)  # type: ignore[attr-defined]
    assert code.encode() not in written
    assert "王小明".encode() not in written


def test_a_title_with_line_ends_starts_no_property(case: Case, now: Now) -> None:
    case.dataset_title = "客流\r\nBEGIN:VALARM\nATTACH:x"
    calendar, _event = read(calendar_file.of(case, now.regulation))
    assert len(calendar.walk("VALARM")) == 1


def test_without_a_term_there_is_no_file(case: Case, now: Now) -> None:
    case.due_date = None
    assert calendar_file.of(case, now.regulation) is None
