"""Dates, sizes and order as readers of each language expect them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from kaishu.base import formats
from kaishu.base.clock import SHANGHAI
from kaishu.base.i18n import use


def test_dates_are_written_as_prose() -> None:
    assert formats.long_date(date(2026, 11, 2)) == "2026年11月2日"
    assert formats.long_time(datetime(2026, 11, 2, 9, 5, tzinfo=SHANGHAI)) == "2026年11月2日 09:05"
    with use("en"):
        assert formats.long_date(date(2026, 11, 2)) == "2 November 2026"


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KB"),
        (1536, "1.5 KB"),
        (200 * 1024, "200 KB"),
        (5 * 1024**4, "5.0 TB"),
    ],
)
def test_sizes_are_read_at_a_glance(count: int, text: str) -> None:
    assert formats.size(count) == text


def test_chinese_names_are_in_the_order_of_their_sound() -> None:
    assert sorted(["营口", "鞍山", "大连", "abc"], key=formats.sort_key) == [
        "abc",
        "鞍山",
        "大连",
        "营口",
    ]
