"""The one clock: everyone asks it for the time, so that tests can move it.

All legal time is Asia/Shanghai's, whatever the machine's zone.
"""

from __future__ import annotations

import contextlib
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator

SHANGHAI = ZoneInfo("Asia/Shanghai")

_moved_to: datetime | None = None


def now() -> datetime:
    """The present moment, aware, in Shanghai time."""
    return datetime.now(SHANGHAI) if _moved_to is None else _moved_to.astimezone(SHANGHAI)


def today() -> date:
    """The present date in Shanghai."""
    return now().date()


def parse(text: str) -> datetime:
    """An ISO 8601 date or time as an aware Shanghai time; without an offset it is Shanghai's.

    Raises ValueError where `text` is not ISO 8601.
    """
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)


def from_timestamp(seconds: float) -> datetime:
    """The moment so many seconds after 1970, in Shanghai time."""
    return datetime.fromtimestamp(seconds, SHANGHAI)


@contextlib.contextmanager
def moved_to(moment: datetime) -> Iterator[None]:
    """Stand still at `moment` (aware) inside the block, in every thread of this process."""
    global _moved_to
    before, _moved_to = _moved_to, moment
    try:
        yield
    finally:
        _moved_to = before
