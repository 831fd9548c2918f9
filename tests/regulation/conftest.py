"""What the tests of the regulation package share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from kaishu.base import i18n
from kaishu.regulation.calendar import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Iterator

# How long an example takes depends on what else the machine does.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    with i18n.use("zh-CN"):
        yield


@pytest.fixture(scope="session")
def packaged() -> WorkingCalendar:
    """The calendar of the package alone, without any file of a portal."""
    return WorkingCalendar.load(None)
