"""What a data dictionary says of a field beyond its type: unit, key, allowed values, references."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kaishu.packaging.model import Package, PublishedField, PublishedTable

# More values than these are in the descriptor, not on the page.
VALUES = 20
Row = tuple["PublishedField", tuple[str, ...]]


def dictionaries(package: Package) -> list[tuple[PublishedTable, list[Row]]]:
    """Each table with its fields, and the facts of each field in words."""
    schemas = {one["name"]: one.get("schema") or {} for one in package.descriptor["resources"]}
    return [(table, rows(table, schemas.get(table.resource, {}))) for table in package.tables]


def rows(table: PublishedTable, schema: Mapping[str, Any]) -> list[Row]:
    """The fields of `table`, each with what its `schema` (Table Schema v2) says of it."""
    stated = {one.get("name"): one for one in schema.get("fields", ())}
    key = _names(schema.get("primaryKey"))
    references: dict[str, str] = {}
    for one in schema.get("foreignKeys", ()):
        to = one.get("reference", {})
        for name, other in zip(_names(one.get("fields")), _names(to.get("fields")), strict=False):
            references[name] = f"{to['resource']}.{other}" if to.get("resource") else other
    return [
        (field, tuple(_facts(stated.get(field.name, {}), key, references.get(field.name))))
        for field in table.fields
    ]


def _facts(field: Mapping[str, Any], key: list[str], reference: str | None) -> Iterator[str]:
    constraints = field.get("constraints") or {}
    if field.get("unit"):
        yield _("Unit: {unit}").format(unit=field["unit"])
    if field.get("name") in key:
        yield _("Key of the row") if len(key) == 1 else _("Part of the key of the row")
    elif constraints.get("unique"):
        yield _("No value twice")
    if constraints.get("required") and field.get("name") not in key:
        yield _("Never empty")
    allowed = [_value(one) for one in field.get("categories") or constraints.get("enum") or ()]
    if allowed:
        shown = " / ".join(allowed[:VALUES])
        if len(allowed) > VALUES:
            shown = _("{values} and {n} more").format(values=shown, n=len(allowed) - VALUES)
        yield _("Values: {values}").format(values=shown)
    for name, words in (("minimum", _("At least {value}")), ("maximum", _("At most {value}"))):
        if name in constraints:
            yield words.format(value=constraints[name])
    if reference:
        yield _("Refers to {field}").format(field=reference)


def _value(one: Any) -> str:
    """A value that is allowed, with its label where it has one."""
    if not isinstance(one, dict):
        return str(one)
    value, label = str(one.get("value")), one.get("label")
    return value + _(" ({words})").format(words=label) if label else value


def _names(stated: Any) -> list[str]:
    """Field names as a key states them: one name, or a list."""
    return [stated] if isinstance(stated, str) else list(stated or ())
