"""One clock, in Shanghai, that tests can move."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from kaishu.base import clock


def test_the_clock_can_be_moved_and_comes_back() -> None:
    with clock.moved_to(datetime(2026, 9, 30, 17, 0, tzinfo=UTC)):
        assert clock.today() == date(2026, 10, 1)
        assert clock.now().isoformat() == "2026-10-01T01:00:00+08:00"
    assert clock.now().year != 1900
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-09-30T16:00", "2026-09-30T16:00:00+08:00"),
        ("2026-09-30", "2026-09-30T00:00:00+08:00"),
        ("2026-09-30T16:00Z", "2026-10-01T00:00:00+08:00"),
    ],
)
def test_a_time_without_an_offset_is_shanghais(text: str, expected: str) -> None:
    assert clock.parse(text).isoformat() == expected
