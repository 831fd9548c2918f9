"""Which table suits a chart, and which one: the rule, and what the chart says in words.

The rule looks at the dictionary and the profile, not at the meaning of single values:

1. A *measure* is a column of numbers with at least two different values, at most half of it empty,
   that is no key, no code or number by name, no coordinate, and no part of a date.
2. A *time* is a column of dates, months or years without an empty cell; also whole numbers that by
   name and range are years, and text whose first values all read 2025年, 2025年3月 or 2025年第1季度.
   Where a table has several, the primary key must hold exactly one of them, which then counts.
3. **Line.** At least six different times and a measure; each time occurs once, or once for each of
   at most eight values of one text column, which are then drawn as lines of their own.
4. **Bars.** Otherwise: three to forty rows, a text column in which every value occurs once, and a
   measure.
5. **Counts.** Otherwise, and without any measure or coordinate: at least twenty rows and a text
   column outside the primary key, without an empty cell, of two to twelve values, the commonest
   clearly above the average.
6. Anything else has no chart: a picture that says nothing is worse than none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.base import formats
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.packaging import coordinates

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaishu.packaging.model import PublishedField, PublishedTable

TIMES = ("date", "datetime", "year", "yearmonth")
FEWEST_TIMES = 6
MOST_LINES = 8
BARS = range(3, 41)
COUNTED = range(2, 13)
FEWEST_COUNTED = 20
# How much the commonest value lies above the average for counts to say anything.
UNEVEN = 1.2
BY_LABEL = N_("{measure} by {label}: {n} values, from {low} to {high}.")
_YEAR_NAMES = frozenset({"year", "date", "time", "年", "年份", "年度", "日期", "时间"})
_TIME_TEXT = re.compile(r"\d{4}年(?:\d{1,2}月(?:份|\d{1,2}日)?|第?[1-4一二三四]季度|[上下]半年)?\Z")
_NO_MEASURE = re.compile(
    r"(?:^|(?<!per)_)(?:id|code|no|number|seq|order|rank|year|quarter|month|week|weekday|day|hour"
    r"|longitude|latitude|lng|lon|lat|phone|zip|postcode|uscc)$"
    r"|^(?:index|level|grade)$"
    r"|(?:编号|编码|代码|序号|号码|排名|次序|经度|纬度|电话|邮编|级别|等级)$"
    r"|^(?:年|年份|年度|季度|月|月份|日|日期|星期|周|时|小时)$",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Plot:
    """A chart of one table. `kind`: line, bar or count; the rest are positions of columns.

    `series` tells lines apart, or is None; a count has no measures. `sentence` says what is drawn.
    """

    kind: str
    x: int
    series: int | None
    measures: tuple[int, ...]
    sentence: str


def plot(table: PublishedTable, schema: Mapping[str, Any]) -> Plot | None:
    """The chart that suits `table`, whose Table Schema is `schema`; None where none does."""
    if not table.profile or not table.row_count:
        return None
    columns = _Columns(table, schema)
    measures = tuple(n for n in range(len(table.fields)) if columns.is_measure(n))
    return (
        _line(columns, measures)
        or (_bars(columns, measures) if measures else None)
        or (None if measures else _counts(columns))
    )


def _line(columns: _Columns, measures: tuple[int, ...]) -> Plot | None:
    time = columns.time()
    if time is None or not measures:
        return None
    seen, rows = columns.distinct(time), columns.rows
    if seen < FEWEST_TIMES:
        return None
    if seen == rows:
        return Plot("line", time, None, measures, columns.over_time(time, measures[0]))
    for n in columns.texts():
        lines = columns.distinct(n)
        if 2 <= lines <= MOST_LINES and columns.is_key({time, n}, seen * lines):
            others = tuple(one for one in measures if one != n)
            return Plot("line", time, n, others, columns.over_time(time, measures[0]))
    return None


def _bars(columns: _Columns, measures: tuple[int, ...]) -> Plot | None:
    if columns.rows not in BARS:
        return None
    label = next((n for n in columns.texts() if columns.distinct(n) == columns.rows), None)
    if label is None:
        return None
    return Plot("bar", label, None, measures, columns.said(_(BY_LABEL), label, measures[0]))


def _counts(columns: _Columns) -> Plot | None:
    if columns.rows < FEWEST_COUNTED or coordinates.columns(columns.table.fields):
        return None
    for n in columns.texts():
        values, top = columns.distinct(n), columns.at(n).get("top")
        if columns.names[n] in columns.key:
            continue
        if values in COUNTED and top and top[0][1] > UNEVEN * columns.rows / values:
            words = _("Rows by {label}: {n} values; the commonest is {value} ({count}).").format(
                label=columns.title(n),
                n=formats.number(values),
                value=top[0][0],
                count=formats.number(top[0][1]),
            )
            return Plot("count", n, None, (), words)
    return None


class _Columns:
    """A table's columns, as the rule asks about them."""

    def __init__(self, table: PublishedTable, schema: Mapping[str, Any]) -> None:
        self.table, self.rows = table, table.row_count
        self.names = [field.name for field in table.fields]
        self.key = _names(schema.get("primaryKey"))
        foreign = [_names(one.get("fields")) for one in schema.get("foreignKeys") or ()]
        self.linked = frozenset().union(*foreign)

    def at(self, n: int) -> dict[str, Any]:
        found: dict[str, Any] = self.table.profile["columns"][n]
        return found

    def distinct(self, n: int) -> int:
        """How many different values; where not all were counted, none that any rule asks for."""
        if self.key == {self.names[n]}:
            return self.rows
        return self.rows + 1 if self.at(n)["more"] else int(self.at(n)["distinct"])

    def title(self, n: int) -> str:
        field = self.table.fields[n]
        return field.title or field.name

    def texts(self) -> list[int]:
        """Columns of text without an empty cell that are no times."""
        return [
            n
            for n, one in enumerate(self.table.fields)
            if one.type == "string" and not self.at(n)["nulls"] and not self.is_time_text(n)
        ]

    def is_time_text(self, n: int) -> bool:
        """Whether all the values that are at hand read as a year, a quarter, a month or a day."""
        if self.table.fields[n].type != "string" or not self.table.rows:
            return False
        return all(_TIME_TEXT.match(row[n].strip()) for row in self.table.rows)

    def is_time(self, n: int) -> bool:
        field = self.table.fields[n]
        named = field.type in TIMES or _is_year(field, self.at(n)) or self.is_time_text(n)
        return named and not self.at(n)["nulls"]

    def is_measure(self, n: int) -> bool:
        field = self.table.fields[n]
        return (
            field.type in ("number", "integer")
            and field.name not in self.key | self.linked
            and not _is_year(field, self.at(n))
            and not any(_NO_MEASURE.search(word) for word in _words(field))
            and self.at(n)["distinct"] > 1
            and self.at(n)["nulls"] * 2 <= self.rows
        )

    def time(self) -> int | None:
        found = [n for n in range(len(self.names)) if self.is_time(n)]
        if len(found) > 1:
            found = [n for n in found if self.names[n] in self.key]
        return found[0] if len(found) == 1 else None

    def is_key(self, positions: set[int], combinations: int) -> bool:
        """Whether these columns tell rows apart: declared so, or every combination occurs once."""
        return self.key == {self.names[n] for n in positions} or combinations == self.rows

    def over_time(self, time: int, measure: int) -> str:
        if "min" not in self.at(time):
            return self.said(_(BY_LABEL), time, measure)
        words = _("{measure} by {label}, {first} to {last}: from {low} to {high}.")
        first, last = self.at(time)["min"], self.at(time)["max"]
        return self.said(words, time, measure, first=first, last=last)

    def said(self, words: str, label: int, measure: int, **more: str) -> str:
        return words.format(
            measure=self.title(measure),
            label=self.title(label),
            n=formats.number(self.rows),
            low=self.at(measure).get("min", ""),
            high=self.at(measure).get("max", ""),
            **more,
        )


def _names(stated: Any) -> frozenset[str]:
    """Field names as a key states them: one name, or a list."""
    return frozenset([stated] if isinstance(stated, str) else stated or ())


def _words(field: PublishedField) -> list[str]:
    # A unit in brackets is not part of a title's last word.
    title = re.sub(r"[（(].*?[）)]\s*$", "", field.title or "")
    return [word for word in (field.name, title) if word]


def _is_year(field: PublishedField, column: Mapping[str, Any]) -> bool:
    named = field.name.lower() in _YEAR_NAMES or (field.title or "") in _YEAR_NAMES
    if field.type != "integer" or not named or "min" not in column:
        return False
    return int(column["min"]) >= 1000 and int(column["max"]) <= 3000
