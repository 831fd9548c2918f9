"""Dates, numbers and sizes as the reader's language writes them; Chinese names in order."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from kaishu.base.i18n import current

if TYPE_CHECKING:
    from datetime import date, datetime

UNITS = ("B", "KB", "MB", "GB", "TB")


def long_date(day: date) -> str:
    """A date in prose: 2026年11月20日, or 20 November 2026."""
    if current() == "zh-CN":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {day:%B} {day.year}"


def long_time(moment: datetime) -> str:
    """A moment in prose, to the minute: 2026年11月20日 16:05."""
    return f"{long_date(moment)} {moment.hour:02}:{moment.minute:02}"


def number(value: float) -> str:
    """A number with thousands separated by commas."""
    return f"{value:,}"


def size(count: int) -> str:
    """A size in bytes as people read it, in powers of 1,024: 1.4 MB."""
    amount = float(count)
    for unit in UNITS:
        if amount < 1024 or unit == UNITS[-1]:
            return (
                f"{amount:.0f} {unit}" if unit == "B" or amount >= 100 else f"{amount:.1f} {unit}"
            )
        amount /= 1024
    raise AssertionError


@lru_cache(maxsize=65536)
def sort_key(text: str) -> tuple[str, str]:
    """Order of Chinese names: by pinyin with tone, then by the text itself."""
    from pypinyin import Style, lazy_pinyin

    return " ".join(lazy_pinyin(text, style=Style.TONE3)).casefold(), text
