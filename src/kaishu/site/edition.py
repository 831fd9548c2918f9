"""Everything that one build of the site is made from; pages are functions of this alone."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from kaishu.site.libraries import NONE, Brought
from kaishu.supervision import assessment
from kaishu.supervision import scorecard as scoring
from kaishu.supervision.measures import Facts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.opinions import Opinions
    from kaishu.catalog.register import RegisteredCase
    from kaishu.packaging.model import Package
    from kaishu.packaging.versions import Past
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Regulation


@dataclass(frozen=True)
class Edition:
    """One edition of the portal.

    `packages` and `updated` are keyed by `<department>/<name>`; `updated` is the day on which a
    dataset's data last changed, absent where neither git nor its entry tells; `commit` is None
    outside git; `shallow` says that the clone's history is cut off; `problems` are the check's,
    `register` is the public register of cases; `libraries` are those that pages may use in the
    browser.
    """

    catalog: Catalog
    regulation: Regulation
    calendar: WorkingCalendar
    packages: Mapping[str, Package]
    updated: Mapping[str, date]
    as_of: date
    commit: str | None
    shallow: bool
    problems: Sequence[Problem] = ()
    register: Sequence[RegisteredCase] = ()
    opinions: Sequence[Opinions] = ()
    pasts: Mapping[str, Past] = field(default_factory=dict)
    libraries: Brought = NONE

    @cached_property
    def scorecards(self) -> list[scoring.Scorecard]:
        """The portal's scorecard, then the departments'."""
        return scoring.scorecards(self._facts)

    @cached_property
    def assessment(self) -> list[assessment.Assessed]:
        """The lines of the self-assessment."""
        return list(assessment.assess(self._facts))

    @cached_property
    def found(self) -> Mapping[str, Sequence[Problem]]:
        """The check's problems by the dataset that they are in."""
        found: dict[str, list[Problem]] = {}
        for problem in self.problems:
            if problem.dataset is not None:
                found.setdefault(problem.dataset, []).append(problem)
        return found

    def facts_of(self, datasets: Iterable[Dataset]) -> Facts:
        """What figures are computed from, for some of the datasets."""
        return replace(self._facts, catalog=replace(self.catalog, datasets=tuple(datasets)))

    @property
    def _facts(self) -> Facts:
        return Facts(
            catalog=self.catalog,
            regulation=self.regulation,
            calendar=self.calendar,
            packages=self.packages,
            updated=self.updated,
            problems=self.problems,
            register=self.register,
            as_of=self.as_of,
        )
