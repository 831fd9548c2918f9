"""A column's numbers agree with a plain count; memory does not grow with the table."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from kaishu.packaging.model import PublishedField
from kaishu.packaging.profile import BINS, DISTINCT_COUNTED, Histogram, Profile


def column(values: list[object], type_: str = "integer") -> dict[str, object]:
    profile = Profile([PublishedField("a", type_)])
    for value in values:
        profile.row([value])
    found = profile.as_dict()
    assert found["rows"] == len(values)
    [one] = found["columns"]
    return one  # type: ignore[no-any-return]


def test_numbers_have_range_mean_and_commonest_values() -> None:
    found = column([3, 1, None, 3, 2])
    assert (found["nulls"], found["distinct"]) == (1, 3)
    assert (found["min"], found["max"], found["mean"]) == ("1", "3", "2.25")
    assert found["top"] == [["3", 2], ["1", 1], ["2", 1]]


def test_texts_have_no_range_and_dates_no_mean() -> None:
    assert "min" not in column(["甲", "乙"], "string")
    found = column([dt.date(2026, 1, 2), dt.date(2025, 1, 2)], "date")
    assert (found["min"], found["max"]) == ("2025-01-02", "2026-01-02")
    assert "mean" not in found


def test_what_is_no_number_is_not_counted_as_one() -> None:
    found = column([Decimal("NaN"), Decimal("Infinity"), Decimal("1.5")], "number")
    assert (found["min"], found["max"]) == ("1.5", "1.5")


def test_too_many_different_values_are_said_to_be_more() -> None:
    found = column([f"{n}" for n in range(DISTINCT_COUNTED + 5)], "string")
    assert (found["distinct"], found["more"]) == (DISTINCT_COUNTED, True)
    assert "top" not in found


def test_long_texts_are_told_apart_without_being_kept() -> None:
    found = column(["长" * 100_000 + "甲", "长" * 100_000 + "乙", "长" * 100_000 + "乙"], "string")
    assert found["distinct"] == 2
    [[shown, count], _other] = found["top"]  # type: ignore[misc,str-unpack]
    assert (shown, count) == ("长" * 80, 2)


def test_lists_and_times_of_different_zones_do_no_harm() -> None:
    column([[1], {"a": 1}], "any")
    column([dt.time(8), dt.time(8, tzinfo=dt.UTC)], "time")


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=200))
def test_every_value_is_in_some_bin_between_low_and_high(values: list[float]) -> None:
    histogram = Histogram()
    for value in values:
        histogram.add(value)
    if len(set(values)) > 1:
        assert sum(histogram.bins) == len(values)
        slack = histogram.width * 1e-6
        assert histogram.low <= min(values) + slack
        assert max(values) <= histogram.low + histogram.width * BINS + slack
