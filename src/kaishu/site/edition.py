"""Everything that one build of the site is made from; pages are functions of this alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from kaishu.catalog.dataset import Catalog
    from kaishu.packaging.model import Package
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Regulation


@dataclass(frozen=True)
class Edition:
    """One edition of the portal.

    `packages` and `updated` are keyed by `<department>/<name>`; `updated` is the day on which a
    dataset's data last changed, absent where neither git nor its entry tells; `commit` is None
    outside git; `shallow` says that the clone's history is cut off.
    """

    catalog: Catalog
    regulation: Regulation
    calendar: WorkingCalendar
    packages: Mapping[str, Package]
    updated: Mapping[str, date]
    as_of: date
    commit: str | None
    shallow: bool
