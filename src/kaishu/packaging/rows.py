"""One table, read once for each form it is written in: as text, and as typed values."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.packaging.check import (
    encoding_of,
    format_of,
    is_text_table,
    paths_of,
    positions_of,
)
from kaishu.packaging.model import PublishedField
from kaishu.packaging.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Table:
    """A table of one resource: `fields` in order; rows can be read any number of times."""

    folder: Path
    resource: dict[str, Any]
    fields: tuple[PublishedField, ...]

    def texts(self) -> Iterator[list[str]]:
        """Rows as the department wrote them, cell by cell, without the header."""
        if is_text_table(self.resource) and len(paths_of(self.resource)) == 1:
            rows = _csv_rows(self.folder, self.resource)
            next(rows, None)
            yield from rows
        else:
            for values in self.values():
                yield [as_text(value) for value in values]

    def values(self) -> Iterator[list[Any]]:
        """Rows of typed values, in the order of `fields`."""
        if format_of(self.resource) == "geojson":
            yield from _feature_rows(self.folder, self.resource, self.fields)
            return
        names = [field.name for field in self.fields]
        for row in read_rows(self.folder, self.resource):
            yield [row.get(name) for name in names]


def table_of(folder: Path, resource: dict[str, Any], schema: dict[str, Any] | None) -> Table:
    """The table of a resource; without a schema its fields are those of the header, as text."""
    if schema and schema.get("fields"):
        fields = tuple(published_field(field) for field in schema["fields"])
    elif format_of(resource) == "geojson":
        fields = ()
    else:
        header = next(_csv_rows(folder, resource), []) if is_text_table(resource) else []
        fields = tuple(PublishedField(name, "string") for name in header)
    if format_of(resource) == "geojson":
        fields = _feature_fields(folder, resource, fields)
    return Table(folder, resource, fields)


def published_field(field: dict[str, Any]) -> PublishedField:
    """数据项 as described in a Table Schema."""
    return PublishedField(
        name=str(field["name"]),
        type=str(field.get("type", "any")),
        title=field.get("title"),
        description=field.get("description"),
    )


def as_text(value: Any) -> str:
    """A typed value as a cell of text; an empty cell for none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _csv_rows(folder: Path, resource: dict[str, Any]) -> Iterator[list[str]]:
    dialect = resource.get("dialect") or {}
    dialect = {**dialect, **(dialect.get("csv") or {})} if isinstance(dialect, dict) else {}
    delimiter = dialect.get("delimiter") or ("\t" if format_of(resource) == "tsv" else ",")
    encoding = encoding_of(resource)
    with (folder / paths_of(resource)[0]).open(encoding=encoding, newline="") as source:
        yield from csv.reader(
            source, delimiter=delimiter, quotechar=dialect.get("quoteChar") or '"'
        )


def _features(folder: Path, resource: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for path in paths_of(resource):
        found.extend(json.loads((folder / path).read_bytes())["features"])
    return found


def _feature_fields(
    folder: Path, resource: dict[str, Any], described: Iterable[PublishedField]
) -> tuple[PublishedField, ...]:
    features = _features(folder, resource)
    fields = {field.name: field for field in described}
    for feature in features:
        for name in feature.get("properties") or {}:
            fields.setdefault(name, PublishedField(name, "any"))
    # Points are also useful as a plain table; other geometries are not.
    if all((one.get("geometry") or {}).get("type") == "Point" for one in features):
        fields.setdefault("longitude", PublishedField("longitude", "number"))
        fields.setdefault("latitude", PublishedField("latitude", "number"))
    return tuple(fields.values())


def _feature_rows(
    folder: Path, resource: dict[str, Any], fields: tuple[PublishedField, ...]
) -> Iterator[list[Any]]:
    for feature in _features(folder, resource):
        position = next(positions_of(feature.get("geometry")), [None, None])
        values = {"longitude": position[0], "latitude": position[1]}
        values.update(feature.get("properties") or {})
        yield [values.get(field.name) for field in fields]
