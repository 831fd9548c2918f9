"""What a figure on the portal is: its value, what was counted, and how, from facts alone.

A figure that there is nothing to compute from has no value: never 0 %, never 100 %.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from datetime import date

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Department
    from kaishu.catalog.register import RegisteredCase
    from kaishu.packaging.model import Package
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Regulation


class Unit(StrEnum):
    """What a value is: a share from 0 to 1, a count, working days, or a ratio."""

    SHARE = "share"
    COUNT = "count"
    WORKING_DAYS = "working-days"
    RATIO = "ratio"


@dataclass(frozen=True)
class Facts:
    """All that figures are computed from; `department` narrows them to one department's.

    `packages` and `updated` are keyed as in an edition; `problems` are those of `kaishu check`.
    """

    catalog: Catalog
    regulation: Regulation
    calendar: WorkingCalendar
    packages: Mapping[str, Package]
    updated: Mapping[str, date]
    problems: Sequence[Problem]
    register: Sequence[RegisteredCase]
    as_of: date
    department: Department | None = None

    def of(self, department: Department) -> Facts:
        """The facts of one department."""
        return replace(self, department=department)

    @cached_property
    def entries(self) -> list[Dataset]:
        """The entries of the catalogue that are not withdrawn."""
        own: Iterable[Dataset] = self.catalog.datasets
        if self.department is not None:
            own = self.catalog.by_department.get(self.department.id, ())
        return [one for one in own if one.entry.withdrawn is None]

    @cached_property
    def opened(self) -> list[Dataset]:
        """The entries that are open to all."""
        return [one for one in self.entries if one.is_open]

    @cached_property
    def departments(self) -> list[Department]:
        """The departments."""
        return [one for one in self.catalog.portal.departments if self._counts(one.id)]

    @cached_property
    def cases(self) -> list[RegisteredCase]:
        """The cases of the public register that had been received by the day."""
        return [
            one
            for one in self.register
            if one.received.date() <= self.as_of and self._counts(one.department)
        ]

    def working_days(self, case: RegisteredCase) -> int | None:
        """The working days that an answer took, the day of receipt not counted."""
        if case.answered is None:
            return None
        first, days = case.received.date(), (case.answered.date() - case.received.date()).days
        return sum(
            self.calendar.is_working(first + timedelta(days=offset))
            for offset in range(1, days + 1)
        )

    def _counts(self, department: str) -> bool:
        return self.department is None or self.department.id == department


@dataclass(frozen=True, slots=True)
class Figure:
    """What a count came to. `part` of `whole` stand behind a share; `named` are its details,
    each with its number where it has one.
    """

    value: float
    part: int | None = None
    whole: int | None = None
    named: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure as it is shown: words in the language in use, `figure` None if not available."""

    id: str
    title: str
    how: str
    unit: Unit
    figure: Figure | None


@dataclass(frozen=True, slots=True)
class Definition:
    """How one figure is computed; `title` and `how` are message ids.

    `for_departments` is False where the figure says nothing of a single department.
    """

    id: str
    title: str
    how: str
    unit: Unit
    count: Callable[[Facts], Figure | None]
    for_departments: bool = True

    def measure(self, facts: Facts) -> Measure:
        """The figure of `facts`."""
        words = gettext(self.title), gettext(self.how)
        return Measure(self.id, *words, self.unit, self.count(facts))


def share(
    part: Collection[object],
    whole: Collection[object],
    named: Mapping[str, int] | Iterable[str] = (),
) -> Figure | None:
    """`part` among `whole`; None where there is nothing to be a part of."""
    if not whole:
        return None
    return Figure(len(part) / len(whole), len(part), len(whole), _details(named))


def _details(named: Mapping[str, int] | Iterable[str]) -> tuple[tuple[str, int | None], ...]:
    """Numbered details, most frequent first; plain ones as they come."""
    if isinstance(named, Mapping):
        return tuple(sorted(named.items(), key=lambda one: (-one[1], one[0])))
    return tuple((name, None) for name in named)
