"""One table, read once for each form it is written in: as text, and as typed values."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from kaishu.packaging import accept
from kaishu.packaging.coordinates import is_gcj02, to_wgs84
from kaishu.packaging.model import PublishedField
from kaishu.packaging.plan import Doubt, plan
from kaishu.packaging.resources import format_of, is_matched_by_name, paths_of, positions_of
from kaishu.packaging.tables import field_names, read_rows
from kaishu.packaging.values import as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from kaishu.packaging.plan import Plan

T = TypeVar("T")

csv.field_size_limit(2**31 - 1)


@dataclass(frozen=True)
class Table:
    """A table of one resource: `fields` in order; rows can be read any number of times.

    `crs` is what the entry says of its coordinates; `gcj02`: they are GCJ-02 and are given as
    WGS-84.
    """

    folder: Path
    resource: dict[str, Any]
    fields: tuple[PublishedField, ...]
    gcj02: bool = False
    crs: str | None = None

    @property
    def is_geographic(self) -> bool:
        """Whether it comes from features rather than from rows."""
        return format_of(self.resource) == "geojson"

    @property
    def size(self) -> int:
        """The bytes of its files."""
        return sum((self.folder / path).stat().st_size for path in paths_of(self.resource))

    def rows(self) -> Iterator[tuple[list[str], list[Any]]]:
        """Rows without the header: each cell's text as the department wrote it, and its value."""
        if self.is_geographic:
            for values in _feature_rows(self):
                yield [as_text(value) for value in values], values
        else:
            yield from self._plain_first(accept.rows, self._as_frictionless_reads)

    def texts(self) -> Iterator[list[str]]:
        """Rows without the header, as texts alone."""
        if self.is_geographic:
            yield from (texts for texts, _values in self.rows())
        else:
            yield from self._plain_first(
                accept.texts, lambda: (texts for texts, _values in self._as_frictionless_reads())
            )

    def _plain_first(
        self, plain: Callable[[Plan], Iterator[T]], others: Callable[[], Iterator[T]]
    ) -> Iterator[T]:
        """Rows as long as they are plain, then the `others`, which are all of them."""
        made = plan(self.folder, self.resource)
        given = 0
        try:
            for row in plain(made) if made else ():
                yield row
                given += 1
        except (Doubt, UnicodeError, csv.Error):
            # What was given is as Frictionless reads it, which goes on from here.
            made = None
        if made is None:
            yield from islice(others(), given, None)

    def _as_frictionless_reads(self) -> Iterator[tuple[list[str], list[Any]]]:
        names = [field.name for field in self.fields]
        for cells, row in read_rows(self.folder, self.resource):
            values = [row.get(name) for name in names]
            written = [cells.get(name) for name in names]
            yield (
                [
                    text if isinstance(text, str) else as_text(value)
                    for text, value in zip(written, values, strict=True)
                ],
                values,
            )


def table_of(
    folder: Path, resource: dict[str, Any], schema: dict[str, Any] | None, crs: str | None = None
) -> Table:
    """The table of a resource; without a schema its fields are those of the header, as text.

    Columns that the schema's `fieldsMatch` lets the header have beyond its fields follow these.
    `crs` is what the entry says of its coordinates.
    """
    if schema and schema.get("fields"):
        fields = tuple(published_field(field) for field in schema["fields"])
        if is_matched_by_name(schema) and format_of(resource) != "geojson":
            known = {field.name for field in fields}
            more = (name for name in field_names(folder, resource) if name not in known)
            fields += tuple(PublishedField(name, "any") for name in more)
    elif format_of(resource) == "geojson":
        fields = ()
    else:
        fields = tuple(PublishedField(name, "string") for name in field_names(folder, resource))
    if format_of(resource) == "geojson":
        fields = _feature_fields(folder, resource, fields)
    return Table(folder, resource, fields, gcj02=is_gcj02(crs), crs=crs)


def published_field(field: dict[str, Any]) -> PublishedField:
    """数据项 as described in a Table Schema."""
    return PublishedField(
        name=str(field["name"]),
        type=str(field.get("type", "any")),
        title=field.get("title"),
        description=field.get("description"),
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


def _feature_rows(table: Table) -> Iterator[list[Any]]:
    for feature in _features(table.folder, table.resource):
        position = next(positions_of(feature.get("geometry")), None)
        values: dict[str, Any] = {}
        if position is not None:
            longitude, latitude = position[0], position[1]
            if table.gcj02:
                longitude, latitude = to_wgs84(longitude, latitude)
            values = {"longitude": longitude, "latitude": latitude}
        values.update(feature.get("properties") or {})
        yield [values.get(field.name) for field in table.fields]
