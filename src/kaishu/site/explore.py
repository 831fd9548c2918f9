"""What a reader can do with a dataset's tables on its own page: chart, map, SQL; loaded on demand.

Each part needs a library in the browser (`site.libraries`); without it the part is left out.
Small files are fetched when the part comes into view, larger ones when the reader asks.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from kaishu.site import plots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from kaishu.packaging.model import Package, PublishedFile, PublishedTable
    from kaishu.site.edition import Edition
    from kaishu.site.plots import Plot

CHARTS, MAPS, SQL = "echarts", "leaflet", "sql.js"
UNASKED = 1024 * 1024
# What a browser on a phone can still hold.
CHARTED = 20 * UNASKED
QUERIED = 64 * UNASKED
# SQLite's affinity for each Table Schema type; other types stay text, so codes keep their noughts.
AFFINITY = {"integer": "INTEGER", "year": "INTEGER", "number": "REAL", "boolean": "BOOLEAN"}
WASM = {"script-src": ("'wasm-unsafe-eval'",), "worker-src": ("'self'",)}


@dataclass(frozen=True, slots=True)
class Charted:
    """A chart on the page: its table, the file it reads, and whether it waits for a click."""

    table: PublishedTable
    plot: Plot
    file: PublishedFile

    @property
    def asks(self) -> bool:
        """Whether the file is large enough to ask before fetching it."""
        return self.file.bytes > UNASKED

    @property
    def labels(self) -> str:
        """The titles of all columns, as JSON."""
        names = [field.title or field.name for field in self.table.fields]
        return json.dumps(names, ensure_ascii=False)

    @property
    def columns(self) -> str:
        """Which columns are drawn, as JSON."""
        plot = self.plot
        return json.dumps(
            {"kind": plot.kind, "x": plot.x, "series": plot.series, "measures": plot.measures}
        )


@dataclass(frozen=True, slots=True)
class Mapped:
    """A map on the page: the GeoJSON file that it shows, and the words for its fields."""

    file: PublishedFile
    title: str
    labels: str

    @property
    def asks(self) -> bool:
        """Whether the file is large enough to ask before fetching it."""
        return self.file.bytes > UNASKED


@dataclass(frozen=True, slots=True)
class Queried:
    """The SQL console: its tables as JSON, what they and the engine weigh, and examples."""

    tables: str
    bytes: int
    engine: int
    examples: tuple[str, ...]


def charted(edition: Edition, package: Package) -> list[Charted]:
    """A chart for each table that suits one."""
    if CHARTS not in edition.libraries.names:
        return []
    found: list[Charted] = []
    for table, file in _tables(package, CHARTED):
        plot = plots.plot(table, _schema(package, table))
        if plot is not None:
            found.append(Charted(table, plot, file))
    return found


def mapped(edition: Edition, package: Package) -> list[Mapped]:
    """A map for each GeoJSON file."""
    if MAPS not in edition.libraries.names:
        return []
    tables = {table.resource: table for table in package.tables}
    found: list[Mapped] = []
    for file in package.files:
        if file.format == "geojson" and file.resource and file.bytes <= CHARTED:
            table = tables.get(file.resource)
            labels = {one.name: one.title or one.name for one in table.fields} if table else {}
            title = (table.title if table else None) or file.resource
            found.append(Mapped(file, title, json.dumps(labels, ensure_ascii=False)))
    return found


def queried(edition: Edition, package: Package) -> Queried | None:
    """The console over all tables that fit; None where there is none, or no engine."""
    fitting = _tables(package, QUERIED)
    while sum(file.bytes for _table, file in fitting) > QUERIED:
        fitting.pop()
    if SQL not in edition.libraries.names or not fitting:
        return None
    tables = [
        {
            "name": table.resource,
            "path": file.path,
            "columns": [
                [name, AFFINITY.get(one.type, "TEXT")]
                for name, one in zip(_distinct(table), table.fields, strict=True)
            ],
        }
        for table, file in fitting
    ]
    return Queried(
        json.dumps(tables, ensure_ascii=False),
        sum(file.bytes for _table, file in fitting),
        edition.libraries.bytes_of(SQL),
        _examples(fitting[0][0]),
    )


def sources(edition: Edition, maps: list[Mapped], console: Queried | None) -> Mapping[str, Any]:
    """What the page's Content-Security-Policy allows beyond the portal's: no more than is used."""
    allowed: dict[str, tuple[str, ...]] = dict(WASM) if console else {}
    layers = edition.catalog.portal.map.layers
    if maps and layers:
        hosts = (urlsplit(tiles) for tiles in layers)
        allowed["img-src"] = tuple(dict.fromkeys(f"{one.scheme}://{one.netloc}" for one in hosts))
    return allowed


def _tables(package: Package, limit: int) -> list[tuple[PublishedTable, PublishedFile]]:
    files = {file.resource: file for file in package.files if file.format == "csv"}
    return [
        (table, files[table.resource])
        for table in package.tables
        if table.resource in files and table.fields and files[table.resource].bytes <= limit
    ]


def _schema(package: Package, table: PublishedTable) -> Mapping[str, Any]:
    resources = package.descriptor["resources"]
    schema: Mapping[str, Any] = next(
        (one.get("schema") or {} for one in resources if one["name"] == table.resource), {}
    )
    return schema


def _distinct(table: PublishedTable) -> list[str]:
    """The fields' names as SQL tells them apart, which takes capitals for small letters."""
    seen: Counter[str] = Counter()
    found = []
    for field in table.fields:
        seen[field.name.casefold()] += 1
        n = seen[field.name.casefold()]
        found.append(field.name if n == 1 else f"{field.name}_{n}")
    return found


def _examples(table: PublishedTable) -> tuple[str, ...]:
    """Queries to begin with: the first rows, counts by kind, the range of a number."""
    source = f"FROM {quoted(table.resource)}"
    examples = [f"SELECT *\n{source}\nLIMIT 20"]
    columns = (table.profile or {}).get("columns", [])
    for one in columns:
        if one["type"] == "string" and not one["more"] and 1 < one["distinct"] < table.row_count:
            kind = quoted(one["name"])
            head = f"SELECT {kind}, count(*) AS n"
            examples.append(f"{head}\n{source}\nGROUP BY {kind}\nORDER BY n DESC")
            break
    for one in reversed(columns):
        if one["type"] in ("integer", "number"):
            column = quoted(one["name"])
            examples.append(f"SELECT min({column}), avg({column}), max({column})\n{source}")
            break
    return tuple(examples)


def quoted(name: str) -> str:
    """An SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
