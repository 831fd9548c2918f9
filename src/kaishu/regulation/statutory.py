"""Statutory holidays by computation, for years whose notice is not published yet.

《全国年节及纪念日放假办法》 (as of 1 January 2025), article 2: New Year's Day 1 day, Spring
Festival 4 (the eve and the first three days of the lunar year), Qingming 1, Labour Day 2,
Dragon Boat Festival 1, Mid-Autumn Festival 1, National Day 3. How the notice will move days
around them is not guessed.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from kaishu.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Mapping

NEW_YEAR = N_("New Year's Day")
SPRING = N_("Spring Festival")
QINGMING = N_("Qingming Festival")
LABOUR = N_("Labour Day")
DRAGON_BOAT = N_("Dragon Boat Festival")
MID_AUTUMN = N_("Mid-Autumn Festival")
NATIONAL = N_("National Day")


@lru_cache(maxsize=64)
def principal_days(year: int) -> Mapping[str, date]:
    """The day that each of the seven holidays is named after, by the holiday's message id."""
    from lunar_python import Lunar

    def lunar(month: int, day: int) -> date:
        solar = Lunar.fromYmd(year, month, day).getSolar()
        return date(solar.getYear(), solar.getMonth(), solar.getDay())

    qingming = Lunar.fromYmd(year, 6, 1).getJieQiTable()["清明"]
    return MappingProxyType(
        {
            NEW_YEAR: date(year, 1, 1),
            SPRING: lunar(1, 1),
            QINGMING: date(year, qingming.getMonth(), qingming.getDay()),
            LABOUR: date(year, 5, 1),
            DRAGON_BOAT: lunar(5, 5),
            MID_AUTUMN: lunar(8, 15),
            NATIONAL: date(year, 10, 1),
        }
    )


@lru_cache(maxsize=64)
def holidays(year: int) -> Mapping[date, str]:
    """Every statutory day off of `year`, with the holiday's message id."""
    extent = {SPRING: (-1, 2), LABOUR: (0, 1), NATIONAL: (0, 2)}
    days: dict[date, str] = {}
    for name, day in principal_days(year).items():
        first, last = extent.get(name, (0, 0))
        for offset in range(first, last + 1):
            # Two holidays may share a day, as in 2020; the one named first keeps it.
            days.setdefault(day + timedelta(days=offset), name)
    return MappingProxyType(days)
