"""Typed values as the cells and texts of files."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from decimal import Decimal
from typing import Any

import isodate

# Spreadsheets take these for the beginning of a formula when a cell is edited or exported; those of
# East Asia take the full-width forms too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

_PLAIN_DIGITS = 60


def acts_as_formula(text: str) -> bool:
    """Whether a spreadsheet could take the text for a formula; a lone sign is none."""
    return len(text) > 1 and text.startswith(_FORMULA)


def as_text(value: Any) -> str:
    """A typed value as a cell of text, as Table Schema writes it; an empty cell for none."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(as_json(value), ensure_ascii=False)
    if isinstance(value, Decimal):
        # Without an exponent, unless that would take more digits than anyone writes.
        plain = value.is_finite() and abs(value.adjusted()) <= _PLAIN_DIGITS
        return format(value, "f") if plain else str(value)
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
        number = float(text) if "NaN" not in text else math.nan
        exact = math.isfinite(number) and Decimal(repr(number)) == Decimal(text)
        return number if exact else text
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, dict):
        return {str(name): as_json(one) for name, one in value.items()}
    return as_text(value)


def _pair(value: tuple[Any, ...]) -> str:
    """A month of a year (`2026-03`), or a point (`122.5,40.5`): those of Frictionless are tuples."""
    if hasattr(value, "month"):
        return f"{value.year:04}-{value.month:02}"  # type: ignore[attr-defined]
    return ",".join(map(as_text, value))
