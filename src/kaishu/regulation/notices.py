"""Holiday notices that the portal itself holds: `governance/calendar/<year>.yaml`.

year: 2027
notice: 国办发明电〔2026〕…号
date: 2026-11-04
holidays:
  - {name: 元旦, from: 2027-01-01, to: 2027-01-03}    # both included; one day without `to`
make_up_days: [2027-02-20]                            # Saturdays and Sundays worked
complete: true                                        # all of the notice is entered
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from kaishu.base import problems
from kaishu.base.i18n import N_, gettext
from kaishu.regulation import statutory
from kaishu.regulation.documents import YearDocument
from kaishu.regulation.reading import read

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from kaishu.base.problems import Problem
    from kaishu.base.strict_yaml import Document, KeyPath

FOLDER = "governance/calendar"

FILE_NAME = problems.error(
    "calendar-file-name",
    N_("A holiday notice's file is called by its year: {year}.yaml."),
    N_("Rename the file, or move it out of this folder."),
)
INCOMPLETE = problems.error(
    "calendar-incomplete",
    N_("The notice is not marked as complete; no date is computed from half a year."),
    N_("Enter all holidays and make-up working days of the notice, then write “complete: true”."),
)
HOLIDAY_MISSING = problems.error(
    "calendar-holiday-missing",
    N_("{holiday} ({day}) is in none of the holidays listed."),
    N_("Enter all holidays of the notice, then check again."),
)
OUTSIDE = problems.error(
    "calendar-day-outside",
    N_("{day} does not belong to the notice for {year}."),
    N_("A notice names days of its year, and at most the last six days of the year before."),
)
BACKWARDS = problems.error(
    "calendar-holiday-backwards",
    N_("The holiday ends on {last}, before it begins."),
    N_("Correct “from” or “to”."),
)
NOT_MAKE_UP = problems.error(
    "calendar-not-make-up",
    N_("{day} is no make-up working day: it is a weekday, or a holiday listed above."),
    N_("List here only Saturdays and Sundays on which people work."),
)

_YEAR_FILE = re.compile(r"\d{4}\.yaml\Z")
# As the notices name them, with and without 节; 元旦 and so on in a reader's own language.
_NAMES = {
    "元旦": statutory.NEW_YEAR,
    "春节": statutory.SPRING,
    "清明": statutory.QINGMING,
    "劳动": statutory.LABOUR,
    "端午": statutory.DRAGON_BOAT,
    "中秋": statutory.MID_AUTUMN,
    "国庆": statutory.NATIONAL,
}


@dataclass(frozen=True, slots=True)
class Notice:
    """A year's notice: days off with their holiday (a message id, or a name as written)."""

    year: int
    number: str
    days_off: Mapping[date, str]
    make_up: frozenset[date]


def read_all(root: Path) -> tuple[list[Notice], list[Problem]]:
    """The notices that the portal in `root` holds, by year, and every problem of their files."""
    notices, found = [], []
    for path in sorted((root / FOLDER).glob("*.y*ml")):
        file = f"{FOLDER}/{path.name}"
        if not _YEAR_FILE.match(path.name):
            found.append(FILE_NAME.at(file=file, year="2027"))
            continue
        year, document = read(path, YearDocument, file=file)
        found += document.problems
        if year is None:
            continue
        found += (wrong := _check(year, document, file, int(path.stem)))
        if not wrong:
            notices.append(
                Notice(year.year, year.notice, _days_off(year), frozenset(year.make_up_days))
            )
    return notices, found


def _days_off(year: YearDocument) -> dict[date, str]:
    days = {}
    for holiday in year.holidays:
        day, last = holiday.first, holiday.last or holiday.first
        while day <= last:
            days[day] = _NAMES.get(holiday.name.removesuffix("节"), holiday.name)
            day += timedelta(days=1)
    return days


def _check(year: YearDocument, document: Document, file: str, named: int) -> list[Problem]:
    found = []
    if year.year != named:
        found.append(FILE_NAME.at(file=file, line=document.line(("year",)), year=year.year))
    if not year.complete:
        found.append(INCOMPLETE.at(file=file, line=document.line(("complete",))))

    first, end = date(year.year - 1, 12, 26), date(year.year, 12, 31)
    listed: list[tuple[date, KeyPath]] = []
    for i, holiday in enumerate(year.holidays):
        listed.append((holiday.first, ("holidays", i)))
        if holiday.last is not None:
            listed.append((holiday.last, ("holidays", i)))
            if holiday.last < holiday.first:
                line = document.line(("holidays", i))
                found.append(BACKWARDS.at(file=file, line=line, last=holiday.last))
    listed += [(day, ("make_up_days", i)) for i, day in enumerate(year.make_up_days)]
    outside = [(day, where) for day, where in listed if not first <= day <= end]
    found += [
        OUTSIDE.at(file=file, line=document.line(where), day=day, year=year.year)
        for day, where in outside
    ]
    if outside:
        return found

    days_off = _days_off(year)
    found += [
        NOT_MAKE_UP.at(file=file, line=document.line(("make_up_days", i)), day=day)
        for i, day in enumerate(year.make_up_days)
        if day.weekday() < 5 or day in days_off
    ]
    found += [
        HOLIDAY_MISSING.at(
            file=file, line=document.line(("holidays",)), holiday=gettext(name), day=day
        )
        for name, day in statutory.principal_days(year.year).items()
        if day not in days_off
    ]
    return found
