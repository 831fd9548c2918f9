"""Bars are to one scale, and their parts follow each other."""

from __future__ import annotations

from kaishu.site.charts import Segment, bars, share


def test_the_longest_bar_is_full_and_the_others_are_to_its_scale() -> None:
    long, short = bars([("甲", "a/", [("x", 3), ("y", 1)]), ("乙", "b/", [("x", 1), ("y", 0)])])
    assert long.segments == (Segment("x", 0.0, 75.0), Segment("y", 75.0, 25.0))
    assert short.segments == (Segment("x", 0.0, 25.0),)
    assert (long.total, short.total) == (4, 1)


def test_nothing_has_no_length() -> None:
    [bar] = bars([("甲", "a/", [("x", 0)])])
    assert bar.segments == ()
    assert bars([]) == []


def test_a_share_stays_within_the_bar() -> None:
    assert share(0.25)[0].width == 25
    assert share(0)[0].width == 0
    assert share(1.5)[0].width == 100
