"""Typed values as the cells and texts of files."""

from __future__ import annotations

import json
import math
import re
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import isodate

if TYPE_CHECKING:
    from collections.abc import Callable

# Spreadsheets take these for the beginning of a formula when a cell is edited or exported; those of
# East Asia take the full-width forms too.
_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")

_PLAIN_DIGITS = 60
# As many digits come back from a double as they were.
_EXACT = 15
_DIGITS = re.compile(r"-?[0-9]+\.?[0-9]*").fullmatch


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula; a lone sign is none."""
    return text[:1] in _FORMULA and len(text) > 1


def as_text(value: Any) -> str:
    """A typed value as a cell of text, as Table Schema writes it; an empty cell for none."""
    known = _TEXTS.get(type(value))
    if known is not None:
        return known(value)
    if isinstance(value, (list, dict)):
        return json.dumps(as_json(value), ensure_ascii=False)
    if isinstance(value, tuple):
        return _pair(value)
    if isinstance(value, (timedelta, isodate.Duration)):
        return str(isodate.duration_isoformat(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_json(value: Any) -> Any:
    """A typed value as JSON has it; a number that readers would round is given as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Decimal)):
        text = str(value)
        if len(text) <= _EXACT and _DIGITS(text):
            return float(text)
        number = float(text) if "NaN" not in text else math.nan
        exact = math.isfinite(number) and Decimal(repr(number)) == Decimal(text)
        return number if exact else text
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, dict):
        return {str(name): as_json(one) for name, one in value.items()}
    return as_text(value)


def _number(value: Decimal) -> str:
    # Without an exponent, unless that would take more digits than anyone writes.
    plain = value.is_finite() and abs(value.adjusted()) <= _PLAIN_DIGITS
    return format(value, "f") if plain else str(value)


# By the exact type, of which nearly all values are.
_TEXTS: dict[type, Callable[[Any], str]] = {
    type(None): lambda _value: "",
    str: str,
    bool: lambda value: "true" if value else "false",
    int: str,
    Decimal: _number,
    date: date.isoformat,
}


def _pair(value: tuple[Any, ...]) -> str:
    """A month of a year (`2026-03`), or a point (`122.5,40.5`): those of Frictionless are tuples."""
    if hasattr(value, "month"):
        return f"{value.year:04}-{value.month:02}"  # type: ignore[attr-defined]
    return ",".join(map(as_text, value))
