"""SQL of plain cells: which texts of a column conform, and the values that they stand for.

It is a strict part of what Frictionless reads, as the readers of `plain` are: a text that a
condition refuses may still be right, one that it takes is.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from kaishu.packaging import engine, plain
from kaishu.packaging.patterns import portable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

_DAY = "[1-9][0-9]{3}-[01][0-9]-[0-3][0-9]"
_CLOCK = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# A text is long enough to be cast without a look only where its form is known.
_CONDITIONS = {
    "string": "true",
    "any": "true",
    "integer": "regexp_full_match({c}, '-?[0-9]{{1,18}}')",
    "number": "regexp_full_match({c}, '-?[0-9]{{1,18}}(?:\\.[0-9]{{1,18}})?')",
    "boolean": "{c} IN ('true', 'True', 'TRUE', '1', 'false', 'False', 'FALSE', '0')",
    "year": "regexp_full_match({c}, '[1-9][0-9]{{3}}')",
    "date": "(strlen({c}) = 10 AND {c} >= '1' AND TRY_CAST({c} AS DATE)::VARCHAR = {c})",
    "datetime": f"(regexp_full_match({{c}}, '{_DAY}[T ]{_CLOCK}Z?')".replace("{3}", "{{3}}")
    + " AND TRY_CAST(left({c}, 10) AS DATE) IS NOT NULL)",
}
_TYPES = {
    "integer": "BIGINT",
    "year": "BIGINT",
    "number": "DECIMAL(38, 18)",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "datetime": "TIMESTAMP",
}
_WHOLE, _PLACES = 18, 18
_BOUNDS = {"minimum": ">=", "maximum": "<="}


def form(column: str, field: Mapping[str, Any]) -> str | None:
    """SQL that is true of texts that are plain values of a field's type; None where none is known."""
    free = {name: value for name, value in field.items() if name != "constraints"}
    if plain.reader(free) is None:
        return None
    return _CONDITIONS[str(field["type"])].format(c=column)


def key(column: str, kind: str) -> str:
    """SQL of what equal values of the type `kind` have in common, of a text of plain form."""
    # Moments with a zone and without one are never equal.
    return f"replace({column}, ' ', 'T')" if kind == "datetime" else value(column, kind)


def key_or_null(column: str, kind: str, texts: Collection[str]) -> str:
    """The same; NULL for a cell that holds nothing, which is one with one of these texts."""
    return f"CASE WHEN {missing(column, texts)} THEN NULL ELSE {key(column, kind)} END"


def as_key(value: Any) -> str | None:
    """A value in the form that `key` gives plain ones, as text; None where it has none."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if abs(value) < 10**_WHOLE else None
    if isinstance(value, Decimal):
        return _decimal(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            return value.isoformat()
        return value.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else None


def missing(column: str, texts: Collection[str]) -> str:
    """SQL that is true of cells that hold nothing, which are those with one of these texts."""
    return f"({column} IN {engine.texts(sorted(texts))})" if texts else "false"


def _decimal(value: Decimal) -> str | None:
    """A number written plainly, where DECIMAL(38, 18) holds it."""
    if not value.is_finite() or not -1000 < value.adjusted() < _WHOLE:
        return None
    text = format(value, "f")
    places = text.partition(".")[2].rstrip("0")
    return text if len(places) <= _PLACES else None


def value(column: str, kind: str) -> str:
    """SQL of the value of a text that conforms to a field of the type `kind`; NULL for others."""
    type_ = _TYPES.get(kind)
    return f"TRY_CAST({column} AS {type_})" if type_ else column


def condition(column: str, field: Mapping[str, Any]) -> str | None:
    """SQL that is true of texts that certainly conform to a field; None where none is known."""
    plain_form = form(column, field)
    if plain_form is None or plain.reader(field) is None:
        return None
    kind, found = str(field["type"]), [plain_form]
    for name, wanted in (field.get("constraints") or {}).items():
        if name in ("required", "unique"):
            continue
        check = _constraint(column, kind, name, wanted)
        if check is None:
            return None
        found.append(check)
    return " AND ".join(one for one in found if one != "true") or "true"


def _constraint(column: str, kind: str, name: str, wanted: Any) -> str | None:
    if name in _BOUNDS:
        limit = plain.bound(wanted, kind)
        return f"{value(column, kind)} {_BOUNDS[name]} {_value(limit, kind)}"
    if name == "enum":
        allowed = plain.enumeration(wanted, kind) or []
        listed = ", ".join(_value(one, kind) for one in allowed)
        return f"{value(column, kind)} IN ({listed})"
    if name == "pattern":
        return _pattern(column, wanted)
    return f"length({column}) {'>=' if name == 'minLength' else '<='} {wanted:d}"


def _pattern(column: str, wanted: str) -> str | None:
    """SQL of a pattern, whole; None where RE2 might take more than Python does."""
    found = portable(wanted)
    if found is None:
        return None
    # The dot of Python stops at the end of a line.
    one_line = f" AND NOT contains({column}, chr(10))" if "." in found else ""
    return f"regexp_full_match({column}, {engine.literal(f'(?:{found})')}){one_line}"


def _value(of: str | int | Decimal | date, kind: str) -> str:
    """A value as SQL writes it, of the type that `value` gives."""
    if isinstance(of, str):
        return engine.literal(of)
    if kind in ("integer", "year"):
        return str(of)
    return f"CAST({engine.literal(str(of))} AS {_TYPES[kind]})"
