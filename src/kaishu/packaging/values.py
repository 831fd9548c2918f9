"""Typed values as the cells and texts of files."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from typing import Any


def as_text(value: Any) -> str:
    """A typed value as a cell of text; an empty cell for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False, default=as_text)
    if isinstance(value, Decimal):
        return format(value, "f") if value.is_finite() else str(value)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_json(value: Any) -> Any:
    """A typed value as JSON has it; a number that readers would round is given as text."""
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, (float, Decimal)):
        number = float(value)
        exact = math.isfinite(number) and Decimal(repr(number)) == Decimal(str(value))
        return number if exact else str(value)
    return value if isinstance(value, (list, dict)) else as_text(value)
