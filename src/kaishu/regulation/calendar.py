"""Working days: the State Council's notices, and a provisional rule beyond them.

The tables are those of the package `chinesecalendar`; a notice that the portal holds in
`governance/calendar/<year>.yaml` replaces the table of that year.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property, lru_cache
from importlib.metadata import version
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import InvalidFiles
from kaishu.base.i18n import N_, gettext
from kaishu.base.i18n import gettext as _
from kaishu.regulation import statutory

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from kaishu.regulation.notices import Notice

VICTORY_70 = N_("70th anniversary of victory over Fascism")
# The package's words, and ours.
_HOLIDAYS = {
    "New Year's Day": statutory.NEW_YEAR,
    "Spring Festival": statutory.SPRING,
    "Tomb-sweeping Day": statutory.QINGMING,
    "Labour Day": statutory.LABOUR,
    "Dragon Boat Festival": statutory.DRAGON_BOAT,
    "Mid-autumn Festival": statutory.MID_AUTUMN,
    "National Day": statutory.NATIONAL,
    "Anti-Fascist 70th Day": VICTORY_70,
}
# A notice has moved days of the December before, from the 26th on (2006, 2007, 2011, 2018).
LAST_DAYS = (12, 26)


@dataclass(frozen=True)
class WorkingCalendar:
    """Which days are working days.

    `years` are those whose notice is at hand; `days_off` names the holiday of each day off in
    their notices, `make_up` holds the weekend days worked instead; `tables` names what they
    were taken from.
    """

    years: frozenset[int]
    days_off: Mapping[date, str]
    make_up: frozenset[date]
    tables: str

    @classmethod
    def load(cls, root: Path | None = None) -> WorkingCalendar:
        """The package's years, and those of the portal in `root`.

        Raises InvalidFiles where a file of the portal's own is wrong or incomplete.
        """
        calendar = _packaged()
        if root is None or not (root / "governance/calendar").is_dir():
            return calendar
        from kaishu.regulation import notices

        own, problems = notices.read_all(root)
        if problems:
            raise InvalidFiles(_("The portal's calendar of holidays is not right."), problems)
        for notice in own:
            calendar = calendar.with_notice(notice)
        return calendar

    def with_notice(self, notice: Notice) -> WorkingCalendar:
        """This calendar with the notice's own days taken from it alone.

        A notice rules from 26 December of the year before to 25 December; the last days of its
        year are the next notice's.
        """
        first, end = date(notice.year - 1, *LAST_DAYS), date(notice.year, *LAST_DAYS)
        kept = {day: name for day, name in self.days_off.items() if not first <= day < end}
        make_up = {day for day in self.make_up if not first <= day < end}
        return WorkingCalendar(
            years=self.years | {notice.year},
            days_off={**kept, **notice.days_off},
            make_up=frozenset(make_up | notice.make_up),
            tables=f"{self.tables}; {notice.year} {notice.number}",
        )

    @property
    def published_from(self) -> date:
        """The first day of the first year whose notice is at hand."""
        return date(min(self.years), 1, 1)

    @property
    def published_until(self) -> date:
        """The last day of the unbroken run of years whose notices are at hand."""
        year = min(self.years)
        while year + 1 in self.years:
            year += 1
        return date(year, 12, 31)

    @cached_property
    def edition(self) -> str:
        """The tables used, with a hash of what they say."""
        said = [f"{day} {name}" for day, name in sorted(self.days_off.items())]
        said += [str(day) for day in sorted(self.make_up)]
        said += [str(year) for year in sorted(self.years)]
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()
        return f"{self.tables} #{digest[:8]}"

    def is_working(self, day: date) -> bool:
        """Whether people work on `day`; where no notice is at hand, provisionally."""
        return day in self.make_up or (day.weekday() < 5 and self.holiday(day) is None)

    def working_days(self, after: date, until: date) -> int:
        """How many working days lie after the day `after`, up to `until` and with it."""
        if until <= after:
            return 0
        whole = sum(self._counted(year)[-1] for year in range(after.year, until.year))
        return whole + self._up_to(until) - self._up_to(after)

    def _up_to(self, day: date) -> int:
        """Working days of the day's year up to the day."""
        return self._counted(day.year)[day.toordinal() - date(day.year, 1, 1).toordinal()]

    def _counted(self, year: int) -> list[int]:
        """Working days of a year up to each of its days, counted once."""
        found = self._counts.get(year)
        if found is None:
            days = _days(date(year, 1, 1), date(year, 12, 31))
            found = self._counts[year] = list(accumulate(map(self.is_working, days), initial=0))[1:]
        return found

    @cached_property
    def _counts(self) -> dict[int, list[int]]:
        return {}

    def holiday(self, day: date) -> str | None:
        """The message id of the holiday that `day` is off for, or None."""
        if day in self.make_up:
            return None
        name = self.days_off.get(day)
        if name is None and day.year not in self.years:
            name = statutory.holidays(day.year).get(day)
        return name

    def is_provisional(self, day: date) -> bool:
        """Whether a notice still to come may make `day` another kind of day."""
        last_days = (day.month, day.day) >= LAST_DAYS
        return day.year not in self.years or (last_days and day.year + 1 not in self.years)

    def reason(self, day: date) -> str:
        """What kind of day it is, in the language in use: 工作日, 周末, 国庆节, 调休上班日."""
        if day in self.make_up:
            return _("Make-up working day")
        if (name := self.holiday(day)) is not None:
            return gettext(name)
        return _("Weekend") if day.weekday() >= 5 else _("Working day")

    def table(self, start: date, end: date) -> dict[str, Any]:
        """The days from `start` to `end`, both included, for browsers (JSON-ready).

        - `edition`, `start`, `end`, `published_until`: texts; dates as `YYYY-MM-DD`.
        - `holidays`: days off by date, each with the holiday's name in the language in use.
        - `make_up`: the weekend days on which people work.
        - `provisional`: ranges `[first, last]`, both included. A span that touches one of them
          (from the day after receipt to the due date) has a provisional due date.

        A day is a working day if it is in `make_up`, or if it is Monday to Friday and not in
        `holidays`. Beyond `end` nothing may be computed.
        """
        holidays, make_up, ranges = {}, [], list[list[str]]()
        before = False
        for day in _days(start, end):
            if (name := self.holiday(day)) is not None:
                holidays[day.isoformat()] = gettext(name)
            elif day in self.make_up:
                make_up.append(day.isoformat())
            if provisional := self.is_provisional(day):
                if before:
                    ranges[-1][1] = day.isoformat()
                else:
                    ranges.append([day.isoformat(), day.isoformat()])
            before = provisional
        return {
            "edition": self.edition,
            "start": start.isoformat(),
            "end": end.isoformat(),
            "published_until": self.published_until.isoformat(),
            "holidays": holidays,
            "make_up": make_up,
            "provisional": ranges,
        }


def _days(start: date, end: date) -> Iterator[date]:
    for offset in range((end - start).days + 1):
        yield start + timedelta(days=offset)


@lru_cache(maxsize=1)
def _packaged() -> WorkingCalendar:
    from chinese_calendar import constants

    days_off = {day: _HOLIDAYS[name] for day, name in constants.holidays.items()}
    years = frozenset(day.year for day in days_off)
    return WorkingCalendar(
        years=years,
        days_off=days_off,
        make_up=frozenset(constants.workdays),
        tables=f"chinesecalendar {version('chinesecalendar')} {min(years)}–{max(years)}",
    )
