"""Readers of plain cells: a strict part of what Frictionless reads, with the same values.

A reader gives NotImplemented for any text that it does not know to be right; that is no verdict.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Reader = Callable[[str], Any]

_FIELD = {"name", "type", "format", "title", "description", "constraints", "public", "unit",
          "base_item", "rdfType", "categories"}  # fmt: skip
_INTEGER = re.compile(r"-?[0-9]{1,18}").fullmatch
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?").fullmatch
_DATE = re.compile(r"[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]").fullmatch
_DATETIME = re.compile(
    r"[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]"
).fullmatch
_YEAR = re.compile(r"[1-9][0-9]{3}").fullmatch
_BOOLEAN = {"true": True, "True": True, "TRUE": True, "1": True,
            "false": False, "False": False, "FALSE": False, "0": False}  # fmt: skip


def reader(field: Mapping[str, Any]) -> Reader | None:
    """The plain reader of a field that says nothing unusual, or None."""
    constraints = field.get("constraints") or {}
    if (
        set(field) - _FIELD
        or field.get("format", "default") != "default"
        or not isinstance(constraints, dict)
        or set(constraints) - {"required", "unique"}
        or not all(isinstance(value, bool) for value in constraints.values())
    ):
        return None
    return _READERS.get(str(field.get("type")))


def _string(text: str) -> str:
    return text


def _integer(text: str) -> Any:
    return int(text) if _INTEGER(text) else NotImplemented


def _number(text: str) -> Any:
    return Decimal(text) if _NUMBER(text) else NotImplemented


def _boolean(text: str) -> Any:
    return _BOOLEAN.get(text, NotImplemented)


def _year(text: str) -> Any:
    return int(text) if _YEAR(text) else NotImplemented


def _date(text: str) -> Any:
    try:
        return date.fromisoformat(text) if _DATE(text) else NotImplemented
    except ValueError:
        return NotImplemented


def _datetime(text: str) -> Any:
    try:
        return datetime.fromisoformat(text) if _DATETIME(text) else NotImplemented
    except ValueError:
        return NotImplemented


_READERS: dict[str, Reader] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
    "year": _year,
    "date": _date,
    "datetime": _datetime,
}
