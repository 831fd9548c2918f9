"""Where a sheet's table begins: titles above the header, merged header cells, notes below."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Cells = list[str]
_LOOKED_AT = 30


@dataclass(frozen=True, slots=True)
class Layout:
    """`titles` rows stand above the header, which has `header_rows` rows; numbers are of rows."""

    titles: int
    header_rows: int


def layout(rows: Sequence[Cells], merged: Sequence[tuple[int, int, int, int]] = ()) -> Layout:
    """How a sheet is laid out. `merged` are (first row, first column, last row, last column) from 0.

    Rows that fill hardly a cell above one that fills most are titles; a header row that is merged
    across columns has its second row below it.
    """
    if not rows:
        return Layout(0, 0)
    head = rows[:_LOOKED_AT]
    width = _usual_width(head)
    titles = 0
    while titles < len(head) - 1 and _filled(head[titles]) <= max(1, width // 3) < width:
        titles += 1
    across = [one for one in merged if one[0] == titles and one[3] > one[1]]
    down = [one for one in merged if one[0] == titles and one[2] > one[0]]
    deepest = max((one[2] for one in down), default=titles) - titles
    return Layout(titles, 1 + max(deepest, 1 if across else 0))


def joined(rows: Sequence[Cells], merged: Sequence[tuple[int, int, int, int]], top: int) -> Cells:
    """The header's rows as one: a cell merged across stands before each of those below it."""
    filled = [list(row) for row in rows]
    for first, left, last, right in merged:
        for row in range(first, last + 1):
            for column in range(left, right + 1):
                at = row - top
                if 0 <= at < len(filled) and column < len(filled[at]):
                    filled[at][column] = filled[first - top][left] if first >= top else ""
    names = []
    for column in range(max(map(len, filled), default=0)):
        parts = [row[column].strip() for row in filled if column < len(row) and row[column].strip()]
        names.append("_".join(dict.fromkeys(parts)))
    return names


def _filled(row: Cells) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _usual_width(rows: Sequence[Cells]) -> int:
    widths = Counter(_filled(row) for row in rows if _filled(row))
    return max(widths.items(), key=lambda one: (one[1], one[0]))[0] if widths else 0
