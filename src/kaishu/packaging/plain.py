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
    Check = Callable[[Any], bool]

_TEXTS = {"name", "type", "format", "title", "description", "rdfType"}
_FIELD = {*_TEXTS, "constraints", "public", "unit", "base_item", "categories"}
_INTEGER = re.compile(r"-?[0-9]{1,18}").fullmatch
_NUMBER = re.compile(r"-?[0-9]{1,18}(?:\.[0-9]{1,18})?").fullmatch
_DATE = re.compile(r"[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]").fullmatch
_DATETIME = re.compile(
    r"[1-9][0-9]{3}-[01][0-9]-[0-3][0-9][T ](?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
).fullmatch
_YEAR = re.compile(r"[1-9][0-9]{3}").fullmatch
_LAST_YEAR = 9999
BOOLEANS = {"true": True, "True": True, "TRUE": True, "1": True,
            "false": False, "False": False, "FALSE": False, "0": False}  # fmt: skip
# Exclusive bounds are right or wrong by the version of the standard: Frictionless knows.
_BOUNDS = ("minimum", "maximum")
_ORDERED = {"required", "unique", "enum", *_BOUNDS}
_SUPPORTED = {
    "string": {"required", "unique", "enum", "pattern", "minLength", "maxLength"},
    "integer": _ORDERED,
    "number": _ORDERED,
    "boolean": {"required", "unique"},
    "year": _ORDERED,
    "date": _ORDERED,
    "datetime": {"required", "unique"},
    "any": {"required", "unique"},
}


def reader(field: Mapping[str, Any]) -> Reader | None:
    """The plain reader of a field that says nothing unusual, or None.

    It also holds the field's constraints on single cells, but for `required`: what is missing is
    not given to it.
    """
    constraints = field.get("constraints") or {}
    kind = str(field.get("type"))
    if (
        set(field) - _FIELD
        or not all(isinstance(field.get(name, ""), str) for name in _TEXTS)
        or field.get("format", "default") != "default"
        or not isinstance(constraints, dict)
        or set(constraints) - _SUPPORTED.get(kind, set())
        or not all(isinstance(constraints.get(one, True), bool) for one in ("required", "unique"))
    ):
        return None
    read = _READERS.get(kind)
    if read is None:
        return None
    checks = []
    for name, wanted in constraints.items():
        if name not in ("required", "unique"):
            check = _check(name, wanted, kind)
            if check is None:
                return None
            checks.append(check)
    if not checks:
        return read

    def checked(text: str, read: Reader = read) -> Any:
        value = read(text)
        if value is NotImplemented or all(check(value) for check in checks):
            return value
        return NotImplemented

    return checked


def bound(wanted: object, kind: str) -> Any:
    """The value of a constraint's bound on a field of the type `kind`, as Frictionless compares with it; None where unusual."""
    if isinstance(wanted, str):
        value = _READERS[kind](wanted)
        return None if value is NotImplemented else value
    if isinstance(wanted, bool) or kind not in ("integer", "number", "year"):
        return None
    if isinstance(wanted, int):
        if kind == "year":
            return wanted if 0 <= wanted <= _LAST_YEAR else None
        return wanted if abs(wanted) < 10**18 else None
    if isinstance(wanted, float) and kind == "number":
        # Only those that are written without an exponent.
        return Decimal(str(wanted)) if _NUMBER(str(wanted)) else None
    return None


def _check(name: str, wanted: Any, kind: str) -> Check | None:
    """A check of one constraint, or None where it says something unusual."""
    if name in _BOUNDS:
        limit = bound(wanted, kind)
        if limit is None:
            return None
        if name == "minimum":
            return lambda value: bool(value >= limit)
        return lambda value: bool(value <= limit)
    if name == "enum":
        allowed = enumeration(wanted, kind)
        return None if allowed is None else allowed.__contains__
    if name == "pattern":
        matches = pattern(wanted)
        return None if matches is None else (lambda value: matches.match(value) is not None)
    if type(wanted) is not int:
        return None
    if name == "minLength":
        return lambda value: len(value) >= wanted
    return lambda value: len(value) <= wanted


def enumeration(wanted: object, kind: str) -> list[Any] | None:
    """The values that an `enum` allows, or None where it says something unusual."""
    if not isinstance(wanted, list) or not wanted:
        return None
    values = [bound(one, kind) for one in wanted]
    return None if None in values else values


def pattern(wanted: object) -> re.Pattern[str] | None:
    """A pattern as Frictionless compiles it, or None where it cannot be compiled."""
    if not isinstance(wanted, str):
        return None
    try:
        return re.compile(f"^{wanted}$")
    except (re.error, OverflowError, RecursionError):
        return None


def _string(text: str) -> str:
    return text


def _integer(text: str) -> Any:
    return int(text) if _INTEGER(text) else NotImplemented


def _number(text: str) -> Any:
    return Decimal(text) if _NUMBER(text) else NotImplemented


def _boolean(text: str) -> Any:
    return BOOLEANS.get(text, NotImplemented)


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
    "any": _string,
}
