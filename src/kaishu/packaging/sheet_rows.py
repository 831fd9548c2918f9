"""Rows of a sheet as SpreadsheetML (ECMA-376, 18.3.1): each cell by its value's type.

Cells are inline strings, numbers, booleans or dates; text is never a formula.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from itertools import chain
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from kaishu.packaging.values import acts_as_formula, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

CELL_CHARACTERS = 32_767
# Beyond this many digits a spreadsheet loses the last ones, so such numbers stay text.
SHEET_DIGITS = 15
_EXPONENT = 300
_EXACT = 10**SHEET_DIGITS
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Most texts need no look but this one.
_PLAIN = re.compile(
    "[^=+@＝＋－＠&<>_\\-\\s\x00-\x1f\ufffe\uffff\ud800-\udfff]"
    "[^&<>_\x00-\x1f\ufffe\uffff\ud800-\udfff]{0," + f"{CELL_CHARACTERS - 1}}}"
).fullmatch
# Stands between texts that are looked at together, and is in few of them.
_BESIDE = "¦"
_SIGNS = " =+-@＝＋－＠"
_FEW_DIGITS = re.compile("[0-9.-]*").fullmatch
_EPOCH = dt.date(1899, 12, 30).toordinal()
_FIRST_DAY = dt.date(1900, 3, 1)  # before it, Excel's calendar has a day that never was
# Styles, by their number in the workbook's list of them.
_DATE, _DATETIME, _TIME, _QUOTED = 2, 3, 4, 5
_TRUE, _FALSE = '<c t="b"><v>1</v></c>', '<c t="b"><v>0</v></c>'


class _TooLong(Exception):
    """A text that no cell holds."""


def row_of(values: Sequence[Any]) -> tuple[str, int]:
    """A row as it stands in a sheet, wherever it stands; and how many of its texts were cut."""
    try:
        return _row(values), 0
    except _TooLong:
        values, cut = _shortened(values)
        return _row(values), cut


def rows_of(rows: Sequence[Sequence[Any]]) -> tuple[str, int]:
    """Rows as wide as each other, as `row_of` gives one; column by column, which takes less time."""
    if not rows or not rows[0]:
        return "<row></row>" * len(rows), 0
    try:
        # One form for all rows, filled at once.
        forms, columns = zip(*map(_column, zip(*rows, strict=True)), strict=True)
    except _TooLong:
        single = [row_of(row) for row in rows]
        return "".join(line for line, _cut in single), sum(cut for _line, cut in single)
    form = f"<row>{''.join(forms)}</row>"
    return form * len(rows) % tuple(chain.from_iterable(zip(*columns, strict=True))), 0


def _column(values: Sequence[Any]) -> tuple[str, Sequence[Any]]:
    """The form of a column's cells, and what it is filled with; most are of one type."""
    kinds = set(map(type, values))
    if kinds == {bool}:
        return '<c t="b"><v>%d</v></c>', values
    if kinds == {int} and min(values) > -_EXACT and max(values) < _EXACT:
        return "<c><v>%d</v></c>", values
    if kinds == {str} and _are_plain(values):
        return '<c t="inlineStr"><is><t>%s</t></is></c>', values
    if kinds == {Decimal}:
        texts = list(map(str, values))
        if max(map(len, texts)) <= SHEET_DIGITS and _FEW_DIGITS("".join(texts)):
            return "<c><v>%s</v></c>", texts
    if kinds == {dt.date}:
        return "%s", list(map(_known_days.__getitem__, values))
    if len(kinds) == 2 and type(None) in kinds:
        form, known = _column([value for value in values if value is not None])
        filled = iter(known)
        return "%s", ["<c/>" if value is None else form % next(filled) for value in values]
    if len(kinds) == 1:
        return "%s", list(map(_CELLS.get(kinds.pop(), _other), values))
    return "%s", [_CELLS.get(type(value), _other)(value) for value in values]


def _are_plain(texts: Sequence[str]) -> bool:
    """Whether all of many texts certainly stand in their cells as they are."""
    joined = _BESIDE.join(texts)
    beside = f"{_BESIDE}{joined}{_BESIDE}"
    return (
        joined.isprintable()
        and joined.count(_BESIDE) == len(texts) - 1
        and (len(joined) <= CELL_CHARACTERS or max(map(len, texts)) <= CELL_CHARACTERS)
        and not any(sign in joined for sign in "&<>_")
        and not any(sign in joined and _BESIDE + sign in beside for sign in _SIGNS)
        and not (" " in joined and f" {_BESIDE}" in beside)
    )


# Columns of few different words are most of what departments have.
_known: dict[str, str] = {}
_KNOWN_WORDS, _KNOWN_LENGTH = 20_000, 40


class _Days(dict[dt.date, str]):
    """The cells of days, each made once."""

    def __missing__(self, day: dt.date) -> str:
        if day < _FIRST_DAY:
            return _new_text(day.isoformat())
        cell = f'<c s="{_DATE}"><v>{day.toordinal() - _EPOCH}</v></c>'
        if len(self) < _KNOWN_WORDS:
            self[day] = cell
        return cell


_known_days = _Days()


def _row(values: Iterable[Any]) -> str:
    # Cells that say no place of their own stand side by side (ECMA-376, 18.3.1.4).
    cells = [_CELLS.get(type(value), _other)(value) for value in values]
    return "<row>" + "".join(cells) + "</row>"


def _none(_value: None) -> str:
    return "<c/>"


def _text(value: str) -> str:
    return _known.get(value) or _new_text(value)


def _boolean(value: bool) -> str:
    return _TRUE if value else _FALSE


def _integer(value: int) -> str:
    return f"<c><v>{value}</v></c>" if -_EXACT < value < _EXACT else _new_text(str(value))


def _number(value: Decimal | float) -> str:
    # A short text has few digits; only a long one is looked at closely.
    text = str(value)
    if text[-1].isdigit() and ((len(text) <= SHEET_DIGITS and "E" not in text) or _fits(value)):
        return f"<c><v>{text}</v></c>"
    return _other(value)


def _datetime(value: dt.datetime) -> str:
    # A spreadsheet's times have no zone; one that is stated is kept as text.
    if value.tzinfo is not None or value.date() < _FIRST_DAY:
        return _other(value)
    return f'<c s="{_DATETIME}"><v>{value.toordinal() - _EPOCH + _fraction(value)!r}</v></c>'


def _time(value: dt.time) -> str:
    return (
        _other(value)
        if value.tzinfo is not None
        else f'<c s="{_TIME}"><v>{_fraction(value)!r}</v></c>'
    )


def _other(value: Any) -> str:
    return _new_text(as_text(value))


_CELLS: dict[type, Callable[[Any], str]] = {
    type(None): _none, str: _text, bool: _boolean, int: _integer, Decimal: _number,
    float: _number, dt.date: _known_days.__getitem__, dt.datetime: _datetime, dt.time: _time,
}  # fmt: skip


def _new_text(text: str) -> str:
    style, shown = "", text
    if not _PLAIN(text):
        style = f' s="{_QUOTED}"' if acts_as_formula(text) else ""
        shown = string_of(text)
    # Blanks within a line are kept anyway, and saying so makes most of a text's cell.
    kept = "" if text == text.strip() and "\n" not in text else ' xml:space="preserve"'
    cell = f'<c{style} t="inlineStr"><is><t{kept}>{shown}</t></is></c>'
    if len(text) <= _KNOWN_LENGTH and len(_known) < _KNOWN_WORDS:
        _known[text] = cell
    return cell


def string_of(text: str) -> str:
    """The text of a cell. Raises _TooLong where no cell holds it."""
    if len(text) > CELL_CHARACTERS:
        raise _TooLong
    # `_x0041_` would be read as the character of that number (ECMA-376, ST_Xstring).
    text = _ESCAPE.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))
    # A bare CR would be read as LF (XML 1.0, section 2.11).
    return escape(text, {"\r": "&#13;"})


def _shortened(values: Iterable[Any]) -> tuple[list[Any], int]:
    """The values with texts cut to what a cell holds, and how many were cut."""
    found, cut = [], 0
    for value in values:
        text = as_text(value)
        too_long = len(text) > CELL_CHARACTERS
        found.append(text[:CELL_CHARACTERS] if too_long else value)
        cut += too_long
    return found, cut


def _fraction(moment: dt.time | dt.datetime) -> float:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (seconds + moment.microsecond / 1_000_000) / 86_400


def _fits(value: Decimal | float) -> bool:
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return (
        number.is_finite()
        and abs(number.adjusted()) <= _EXPONENT
        and len(number.normalize().as_tuple().digits) <= SHEET_DIGITS
    )
