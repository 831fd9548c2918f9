"""What Data Package v2 defines and Frictionless passes over: uniqueKeys, categories, fieldsMatch.

It is a pass of its own with codes of its own, so that the rest stays exactly Frictionless's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base import problems
from kaishu.base.i18n import N_

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kaishu.base.problems import Code, Problem

LISTED = 20

UNIQUE_KEY = problems.error(
    "unique-key",
    N_("The values of {names} are those of row {first} again."),
    N_("Correct one of the rows, or the schema's uniqueKeys."),
)
CATEGORY = problems.error(
    "category",
    N_("“{cell}” is none of the categories of its field."),
    N_("Correct the cell, or add the value to the field's categories."),
)
FIELDS_MATCH = problems.error(
    "fields-match",
    N_("The header does not match the schema as fieldsMatch ({match}) asks: {names}."),
    N_("Correct the header, the fields, or fieldsMatch."),
)


class Checker:
    """Checks one table's rows by what its schema says beyond Frictionless; the header is row 1."""

    def __init__(self, schema: Mapping[str, Any]) -> None:
        self._schema = schema
        fields = schema.get("fields")
        self._fields = [one for one in fields or () if isinstance(one, dict)]
        missing = schema.get("missingValues", [""])
        self._missing = {
            one.get("value") if isinstance(one, dict) else one
            for one in (missing if isinstance(missing, list) else [""])
        }
        self._names: list[str] = []
        self._keys: list[tuple[list[str], list[int], dict[tuple[str, ...], int]]] = []
        self._categories: list[tuple[int, str, set[str]]] = []
        self.found: list[tuple[Code, dict[str, Any]]] = []

    def row(self, number: int, cells: Sequence[str]) -> None:
        """Check one row."""
        if not self._names:
            self._header([cell.strip() for cell in cells])
            return
        for column, name, allowed in self._categories:
            cell = cells[column] if column < len(cells) else ""
            if cell not in self._missing and cell not in allowed:
                self._note(CATEGORY, row=number, field=name, cell=cell[:60])
        for names, columns, seen in self._keys:
            values = tuple(cells[n] if n < len(cells) else "" for n in columns)
            if any(value in self._missing for value in values):
                continue
            first = seen.setdefault(values, number)
            if first != number:
                self._note(UNIQUE_KEY, row=number, names=", ".join(names), first=first)

    def problems(self, **place: Any) -> Iterator[Problem]:
        """What was found, at `place`."""
        for code, values in self.found:
            yield code.at(**{**place, **values})

    def _note(self, code: Code, **values: Any) -> None:
        if len(self.found) < LISTED:
            self.found.append((code, values))

    def _header(self, names: list[str]) -> None:
        self._names = names or [""]
        places = {name: n for n, name in enumerate(names)}
        described = [str(one.get("name")) for one in self._fields]
        match = self._schema.get("fieldsMatch")
        match = match[0] if isinstance(match, list) and match else match
        odd = _mismatch(str(match), names, described) if match else []
        if odd:
            self._note(FIELDS_MATCH, row=1, match=match, names=", ".join(odd))
        unique = self._schema.get("uniqueKeys")
        for key in unique if isinstance(unique, list) else ():
            listed = [key] if isinstance(key, str) else key
            if isinstance(listed, list) and all(name in places for name in listed):
                self._keys.append((listed, [places[name] for name in listed], {}))
        for one in self._fields:
            allowed = _values(one.get("categories"))
            if allowed is not None and one.get("name") in places:
                self._categories.append((places[one["name"]], one["name"], allowed))


def _mismatch(match: str, header: list[str], described: list[str]) -> list[str]:
    """The names that `fieldsMatch` finds wrong (Table Schema, fieldsMatch)."""
    missing = [name for name in described if name not in header]
    extra = [name for name in header if name not in described]
    if match == "exact":
        return [] if header == described else [*missing, *extra] or header
    if match == "equal":
        return [*missing, *extra]
    if match == "subset":
        return missing
    if match == "superset":
        return extra
    if match == "partial":
        return [] if set(header) & set(described) else described
    return [match]


def _values(categories: object) -> set[str] | None:
    """The values allowed, as texts; None where the field has no categories."""
    if not isinstance(categories, list):
        return None
    listed = [one.get("value") if isinstance(one, dict) else one for one in categories]
    return {str(value) for value in listed}
