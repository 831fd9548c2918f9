"""The verdict on a dataset's tables: Frictionless's own, without its rows where that can be proved."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from kaishu.packaging import accept, faults
from kaishu.packaging.plan import Doubt, plan
from kaishu.packaging.tables import check_tables

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kaishu.base.problems import Problem
    from kaishu.packaging.plan import Plan

# From this size on the table engine takes less time than Python's csv: `scripts/bench packaging`.
LARGE = 400_000
# From this size on its rows at fault are found sooner than Frictionless reads all.
WORTHWHILE = 100_000


def problems(folder: Path, tables: Sequence[dict[str, Any]], **place: Any) -> list[Problem]:
    """What Frictionless finds in the tabular resources `tables` (as described), in `folder`.

    `place` is that of `check_tables`.
    """
    found: list[Problem] = []
    plans = {str(table.get("name")): plan(folder, table) for table in tables}
    known = {name: made for name, made in plans.items() if made is not None}
    if len(known) < len(tables):
        return check_tables(folder, tables, **place)
    for table in tables:
        judged = _judged(table, known, place)
        if judged is None:
            # Where it fails at one table, Frictionless says nothing of the others.
            return check_tables(folder, tables, **place)
        found += judged
    return found


def _judged(
    table: dict[str, Any], plans: Mapping[str, Plan], place: Mapping[str, Any]
) -> list[Problem] | None:
    """What Frictionless finds in one table; None where only it can tell."""
    one = plans[str(table["name"])]
    size = one.path.stat().st_size if one.path.is_file() else 0
    if size < LARGE and accept.conforms(one, plans):
        return []
    if size >= WORTHWHILE:
        with suppress(Doubt):
            return faults.problems(table, one, plans, **place)
    return [] if size >= LARGE and accept.conforms(one, plans) else None
