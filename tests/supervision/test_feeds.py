"""Calendar feeds and JSON as files of the site: deterministic, by department, with stable UIDs."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from icalendar import Calendar
from tests.portals import write
from tests.supervision.dated import portal

from kaishu.supervision import feeds
from kaishu.supervision.obligations import obligations, record_of

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.supervision.record import Record

DAY = date(2026, 12, 20)


@pytest.fixture
def record(tmp_path: Path) -> Record:
    root = portal(tmp_path)
    for day, kind in (("2026-12-18", "duties"), ("2026-09-18", "law")):
        write(
            root,
            f"governance/events/{day}-{kind}.yaml",
            f"date: {day}\nkind: {kind}\ntitle: 机构改革\ndepartments: [mzj]\n",
        )
    return record_of(root, DAY)


def events(content: bytes) -> dict[str, object]:
    return {str(one["UID"]): one for one in Calendar.from_ical(content).walk("VEVENT")}


def test_all_and_each_department_have_a_calendar_and_json(record: Record) -> None:
    made = feeds.files(record, obligations(record))
    assert set(made) == {
        "obligations.ics",
        "obligations.json",
        *(
            f"departments/{id_}/obligations.{form}"
            for id_ in ("mzj", "jtj")
            for form in ("ics", "json")
        ),
    }
    everything = json.loads(made["obligations.json"])["obligations"]
    own = json.loads(made["departments/jtj/obligations.json"])["obligations"]
    assert own == [one for one in everything if one["department"] == "jtj"]
    assert len(own) < len(everything)


def test_each_due_date_is_an_all_day_event(record: Record) -> None:
    found = obligations(record)
    made = Calendar.from_ical(feeds.files(record, found)["departments/mzj/obligations.ics"])
    assert str(made["X-WR-CALNAME"]) == "应办事项：民政局"
    [update] = [one for one in made.walk("VEVENT") if one.decoded("DTSTART") == date(2027, 1, 4)]
    assert update.decoded("DTEND") == date(2027, 1, 5)
    assert str(update["SUMMARY"]) == "〔暂定〕民政局：更新受“机构改革”影响的目录条目"
    assert update.decoded("DTSTAMP") == datetime(2026, 12, 20, tzinfo=UTC)
    assert str(update["STATUS"]) == "TENTATIVE"
    assert "第十五条" in str(update["DESCRIPTION"])
    [late] = [one for one in made.walk("VEVENT") if one.decoded("DTSTART") == date(2026, 10, 9)]
    assert str(late["SUMMARY"]).startswith("〔已逾期 ")


def test_the_same_record_gives_the_same_bytes(record: Record) -> None:
    assert feeds.files(record, obligations(record)) == feeds.files(record, obligations(record))


def test_an_events_uid_stays_from_day_to_day(record: Record) -> None:
    later = replace(record, as_of=date(2026, 12, 21))
    one = feeds.as_calendar(record, obligations(record), "甲")
    other = feeds.as_calendar(later, obligations(later), "甲")
    assert one != other
    assert set(events(one)) == set(events(other))
    assert all(uid.endswith("@data.example.org") for uid in events(one))
    assert len(events(one)) == sum(found.due is not None for found in obligations(record))


def test_what_has_no_day_is_in_no_calendar(record: Record) -> None:
    unset = [replace(one, due=None) for one in obligations(record)]
    assert events(feeds.as_calendar(record, unset, "甲")) == {}
