"""Where a sheet's table begins: titles above the header, merged header cells, notes below."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Cells = list[str]
_LOOKED_AT = 30
# 单位：万元, 制表日期：…: what stands beside a title.
_NOTE = re.compile(
    r"\s*[（(]?(?:计量|填报|编制|制表|统计|更新|数据|资料)?"
    r"(?:单位|制表|填报|编制|统计|更新|来源|截[止至]|报告期|表号|附[表件]|时间|日期|年度)[^：:]{0,6}[：:]"
)
# 2024年3月, 2024年度, 2024年一季度: the period that stands beside such a note.
_PERIOD = re.compile(
    r"\s*[（(]?\d{4}\s*(?:年度?|[-/.])\s*"
    r"(?:\d{1,2}\s*(?:月份?|[-/.]\s*\d{1,2})?(?:\s*\d{1,2}\s*日)?|第?[一二三四1-4]季度|[上下]半年)?[）)]?\s*\Z"
)
_FOOT = re.compile(
    r"\s*(?:[\d一二三]*[.、]?\s*(?:注|备注|附注|说明)[\d一二三]*\s*[:：]|(?:数据|资料)来源|制表|填表|审核|负责人)"
)
_TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|共\s*计)\s*[:：]?\s*\Z")


@dataclass(frozen=True, slots=True)
class Layout:
    """`titles` rows stand above the header, which has `header_rows` rows; numbers are of rows."""

    titles: int
    header_rows: int


def layout(rows: Sequence[Cells], merged: Sequence[tuple[int, int, int, int]] = ()) -> Layout:
    """How a sheet is laid out. `merged` are (first row, first column, last row, last column) from 0.

    Rows that fill hardly a cell above one that fills most are titles, and so are those of notes
    alone; a header row that is merged across columns has its second row below it.
    """
    if not rows:
        return Layout(0, 0)
    head = rows[:_LOOKED_AT]
    width = _usual_width(head)
    titles = 0
    deep = {one[0] for one in merged if one[2] > one[0]}
    while titles < len(head) - 1 and titles not in deep and _is_title(head[titles], width):
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


def foot(rows: Sequence[Cells]) -> int:
    """How many rows at the end of a table are none: notes below it, and totals of it."""
    width = _usual_width(rows)
    for found, row in enumerate(reversed(rows)):
        cells = [cell for cell in row if cell.strip()]
        is_note = len(cells) == 1 < width and _FOOT.match(cells[0])
        if cells and not is_note and not (width > 1 and _TOTAL.match(cells[0])):
            return found
    return 0


def _is_title(row: Cells, width: int) -> bool:
    cells = [cell for cell in row if cell.strip()]
    few = len(cells) <= max(1, width // 3) < width
    noted = [cell for cell in cells if _NOTE.match(cell)]
    # Periods alone may be the header of a table of them.
    beside = all(_NOTE.match(cell) or _PERIOD.match(cell) for cell in cells)
    return few or (len(cells) < width and bool(noted) and beside)


def _filled(row: Cells) -> int:
    return sum(bool(cell.strip()) for cell in row)


def _usual_width(rows: Sequence[Cells]) -> int:
    widths = Counter(_filled(row) for row in rows if _filled(row))
    return max(widths.items(), key=lambda one: (one[1], one[0]))[0] if widths else 0
