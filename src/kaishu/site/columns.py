"""What stands above a preview's columns: empty cells, different values, range, a small histogram."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from kaishu.site.charts import FULL, Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.packaging.model import PublishedField, PublishedTable

NUMBERS = ("integer", "number")
# What a page's preview may hold; a cell's mark-up costs about as much as some characters.
PAGE_CHARACTERS = 60_000
CELL_CHARACTERS = 120
CELL_COST = 8


@dataclass(frozen=True, slots=True)
class Bin:
    """One bar of a histogram, in a box of 100 by 100 whose origin is the upper left."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One column in brief. `low` and `high` are None where it has no order; `top` are values with
    their shares of all rows, where some occur more than once; `sorts` is number or text.
    """

    field: PublishedField
    nulls: int
    distinct: int
    more: bool
    low: str | None
    high: str | None
    mean: str | None
    bins: tuple[Bin, ...]
    top: tuple[tuple[str, int, tuple[Segment, ...]], ...]

    @property
    def title(self) -> str:
        """What people call it."""
        return self.field.title or self.field.name

    @property
    def is_number(self) -> bool:
        """Whether its cells stand to the right and sort by value."""
        return self.field.type in NUMBERS


def columns(table: PublishedTable) -> list[Column]:
    """The columns of `table` in brief; without rows, their fields alone."""
    profiled = table.profile.get("columns") if table.profile else None
    found = []
    for n, field in enumerate(table.fields):
        one = profiled[n] if profiled else {}
        rows = table.row_count or 1
        found.append(
            Column(
                field=field,
                nulls=one.get("nulls", 0),
                distinct=one.get("distinct", 0),
                more=one.get("more", False),
                low=one.get("min"),
                high=one.get("max"),
                mean=_plain(one.get("mean")),
                bins=bins(one.get("histogram", {}).get("counts", ())),
                top=tuple(
                    (value, count, (Segment("share", 0.0, round(FULL * count / rows, 2)),))
                    for value, count in one.get("top", ())
                ),
            )
        )
    return found


def _plain(mean: str | None) -> str | None:
    """A number as people write it, without a power of ten."""
    return format(Decimal(mean), "f") if mean is not None else None


def previews(tables: Sequence[PublishedTable]) -> dict[str, list[tuple[str, ...]]]:
    """The rows that a page shows of each table: few enough for a phone's first visit.

    All tables share what the page may hold; a long cell is cut short.
    """
    room = PAGE_CHARACTERS // max(len(tables), 1)
    return {table.resource: _first(table, room) for table in tables}


def _first(table: PublishedTable, room: int) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = []
    for row in table.rows:
        cells = tuple(
            cell if len(cell) <= CELL_CHARACTERS else f"{cell[:CELL_CHARACTERS]}…" for cell in row
        )
        room -= sum(map(len, cells)) + CELL_COST * len(cells)
        if found and room < 0:
            break
        found.append(cells)
    return found


def bins(counts: Sequence[int]) -> tuple[Bin, ...]:
    """The bars of a histogram with these counts; an empty bin has none."""
    most = max(counts, default=0)
    width = FULL / len(counts) if counts else 0.0
    return tuple(
        Bin(
            round(n * width, 2),
            round(FULL - FULL * count / most, 2),
            round(width * 0.9, 2),
            round(FULL * count / most, 2),
        )
        for n, count in enumerate(counts)
        if count
    )
