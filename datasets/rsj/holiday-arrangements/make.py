"""Make data/*.csv: how the State Council's yearly notices change the five-day week, 2004–2026."""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import chinese_calendar

FIRST, LAST = dt.date(2004, 1, 1), dt.date(2026, 12, 31)
ONE_DAY = dt.timedelta(days=1)
WEEKDAYS = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
    "Anti-Fascist 70th Day": "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日",
}
# The notice for 2006 (国办发明电〔2005〕35号) makes this Saturday of the year before a working
# day; chinesecalendar 1.11.0 does not have it.
MISSING_MAKE_UP_DAYS = {dt.date(2005, 12, 31): "New Year's Day"}
MAKE_UP_DAYS = {**chinese_calendar.constants.workdays, **MISSING_MAKE_UP_DAYS}
DAYS_OFF = chinese_calendar.constants.holidays
# In 2020 the Mid-autumn Festival fell on 1 October; chinesecalendar names one holiday a day.
SECOND_NAMES = {dt.date(2020, 10, 1): "中秋节"}


def days() -> list[dt.date]:
    """Every day of the span."""
    return [FIRST + n * ONE_DAY for n in range((LAST - FIRST).days + 1)]


def is_working(day: dt.date) -> bool:
    """Whether `day` is worked."""
    return day in MAKE_UP_DAYS or (day.weekday() < 5 and day not in DAYS_OFF)


def changes() -> list[tuple[object, ...]]:
    """(date, weekday, kind, holiday) of every day on which a notice departs from the week."""
    rows: list[tuple[object, ...]] = []
    for day in days():
        if is_working(day) and day.weekday() >= 5:
            rows.append((day, WEEKDAYS[day.weekday()], "调休上班", NAMES[MAKE_UP_DAYS[day]]))
        elif not is_working(day) and day.weekday() < 5:
            rows.append((day, WEEKDAYS[day.weekday()], "放假", NAMES[DAYS_OFF[day]]))
    return rows


def breaks() -> list[tuple[object, ...]]:
    """(first day, last day, days, holidays) of every run of days off that holds a holiday."""
    rows: list[tuple[object, ...]] = []
    run: list[dt.date] = []
    for day in [*days(), LAST + ONE_DAY]:
        if day <= LAST and not is_working(day):
            run.append(day)
            continue
        names = dict.fromkeys(NAMES[DAYS_OFF[one]] for one in run if one in DAYS_OFF)
        names |= dict.fromkeys(SECOND_NAMES[one] for one in run if one in SECOND_NAMES)
        if names:
            rows.append((run[0], run[-1], len(run), "、".join(names)))
        run = []
    return rows


def write(name: str, header: str, rows: list[tuple[object, ...]]) -> None:
    """Write one table beside this script."""
    path = Path(__file__).parent / "data" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header.split(","))
        writer.writerows(rows)


if __name__ == "__main__":
    write("changes.csv", "date,weekday,kind,holiday", changes())
    write("breaks.csv", "first_day,last_day,days,holiday", breaks())
