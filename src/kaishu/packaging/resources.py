"""What a resource's description says of its file: paths, format, encoding; positions of features."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


WORKBOOKS = ("xlsx", "xls", "ods")
RECORDS = ("json", "ndjson", "jsonl")
_TABLES = ("csv", "tsv", *WORKBOOKS, "parquet")


def paths_of(resource: dict[str, Any]) -> list[str]:
    """The paths of a resource as described: none, one or several."""
    path = resource.get("path")
    if path is None:
        return []
    return [str(one) for one in path] if isinstance(path, list) else [str(path)]


def format_of(resource: dict[str, Any]) -> str:
    """The format stated, else the suffix of the (first) path, lower case; empty where unknown."""
    stated = resource.get("format")
    paths = paths_of(resource)
    return str(stated).lower() if stated else Path(paths[0]).suffix[1:].lower() if paths else ""


def is_table(resource: dict[str, Any]) -> bool:
    """Whether the resource is a table; JSON is one where the description says so."""
    described = bool(resource.get("schema")) or resource.get("type") == "table"
    kind = format_of(resource)
    return kind in _TABLES or (kind in RECORDS and described)


def is_matched_by_name(schema: Mapping[str, Any]) -> bool:
    """Whether a header may have other columns than the schema's fields, or in another order."""
    return schema.get("fieldsMatch") in ("equal", "subset", "superset", "partial")


def is_text_table(resource: dict[str, Any]) -> bool:
    """Whether the resource is a table in a text file."""
    return format_of(resource) in ("csv", "tsv")


def delimiter_of(resource: dict[str, Any]) -> str:
    """The delimiter of a text table: as stated, else that of its format."""
    stated = _dialect(resource).get("delimiter")
    return str(stated) if stated else "\t" if format_of(resource) == "tsv" else ","


def quote_of(resource: dict[str, Any]) -> str:
    """The quote character of a text table."""
    return str(_dialect(resource).get("quoteChar") or '"')


def sheet_of(resource: dict[str, Any]) -> str | int:
    """The sheet that a workbook's table is on: its name, or its number from 1; the first if unsaid.

    The standard's `sheetName` and `sheetNumber` (Table Dialect), or Frictionless's own `excel`, `ods`.
    """
    stated = resource.get("dialect")
    dialect = stated if isinstance(stated, dict) else {}
    inner = [dialect.get("ods" if format_of(resource) == "ods" else "excel")]
    named = [one.get("sheet") for one in inner if isinstance(one, dict)]
    for one in (*named, dialect.get("sheetName"), dialect.get("sheetNumber")):
        if isinstance(one, (str, int)) and one:
            return one
    return 1


def _dialect(resource: dict[str, Any]) -> dict[str, Any]:
    """The dialect with what it says under `csv`, as Data Package v1 and v2 write it."""
    stated = resource.get("dialect")
    dialect = stated if isinstance(stated, dict) else {}
    inner = dialect.get("csv")
    return {**dialect, **(inner if isinstance(inner, dict) else {})}


def encoding_of(resource: dict[str, Any]) -> str:
    """The declared encoding, else the standard's default, UTF-8."""
    return str(resource.get("encoding") or "utf-8")


def positions_of(geometry: Any) -> Iterator[list[float]]:
    """Every position [longitude, latitude, …] of a GeoJSON geometry (RFC 7946, section 3.1)."""
    waiting = [geometry]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            waiting += [one.get("coordinates"), *(one.get("geometries") or [])]
        elif isinstance(one, list) and len(one) > 1 and isinstance(one[0], (int, float)):
            yield one
        elif isinstance(one, list):
            waiting += one
