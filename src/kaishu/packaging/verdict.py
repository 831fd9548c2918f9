"""The verdict on a dataset's tables: Frictionless's own, without its rows where that can be proved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.packaging import accept, bulk
from kaishu.packaging.plan import plan
from kaishu.packaging.tables import check_tables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaishu.base.problems import Problem

# From this size on the table engine takes less time than Python's csv: `scripts/bench packaging`.
LARGE = 250_000


def problems(folder: Path, tables: Sequence[dict[str, Any]], **place: Any) -> list[Problem]:
    """What Frictionless finds in the tabular resources `tables` (as described), in `folder`.

    `place` is that of `check_tables`.
    """
    if conforms(folder, tables):
        return []
    return check_tables(folder, tables, **place)


def conforms(folder: Path, tables: Sequence[dict[str, Any]]) -> bool:
    """Whether Frictionless would find nothing wrong with the tables; False where in doubt."""
    plans = {}
    for table in tables:
        made = plan(folder, table)
        if made is None:
            return False
        plans[made.name] = made
    for one in plans.values():
        large = one.path.is_file() and one.path.stat().st_size >= LARGE
        if not (large and bulk.conforms(one, plans)) and not accept.conforms(one, plans):
            return False
    return True
