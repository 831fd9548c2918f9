"""Facts about small portals, for figures to be computed from."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from kaishu.base.clock import SHANGHAI
from kaishu.catalog.load import load
from kaishu.catalog.register import Kind, Outcome, RegisteredCase
from kaishu.packaging.package import package
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.supervision.measures import Facts

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2026, 11, 20)


def facts(root: Path, **changes: object) -> Facts:
    """The facts of the portal in `root`; its packages are written beside it."""
    catalog = load(root)
    packages = {
        one.key: package(one, root.parent / "made" / one.key, portal=catalog.portal, updated=None)
        for one in catalog.datasets
    }
    given: dict[str, object] = {
        "catalog": catalog,
        "regulation": library.load("yingkou-2022"),
        "calendar": WorkingCalendar.load(),
        "packages": packages,
        "updated": {},
        "problems": (),
        "register": (),
        "as_of": DAY,
        **changes,
    }
    return Facts(**given)  # type: ignore[arg-type]


def case(
    received: str,
    answered: str | None = None,
    due: str | None = None,
    *,
    kind: Kind = Kind.OPEN_APPLICATION,
    outcome: Outcome | None = None,
    department: str = "mzj",
    reason: str = "",
    basis: str = "",
) -> RegisteredCase:
    """A case; dates as `2026-11-02`, an answered one is granted unless said otherwise."""
    if outcome is None and answered is not None:
        outcome = Outcome.GRANTED
    return RegisteredCase(
        number="2026-000001",
        kind=kind,
        dataset="mzj/visits",
        department=department,
        received=_moment(received),
        regulation="yingkou-2022",
        article="第二十九条",
        due=date.fromisoformat(due) if due else None,
        provisional=False,
        answered=_moment(answered) if answered else None,
        outcome=outcome,
        reason=reason,
        basis=basis,
    )


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(hour=10, tzinfo=SHANGHAI)
