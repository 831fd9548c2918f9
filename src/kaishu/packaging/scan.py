"""One look through a dataset's own words: every cell and text, for privacy and for quality."""

from __future__ import annotations

import csv
import io
import json
from itertools import chain
from typing import TYPE_CHECKING, Any

from kaishu.base import problems, strict_yaml
from kaishu.base.errors import UsageError
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.base.progress import through
from kaishu.packaging import privacy, quality, sheets, sniff, sources
from kaishu.packaging.resources import (
    WORKBOOKS,
    delimiter_of,
    encoding_of,
    format_of,
    is_matched_by_name,
    is_table,
    is_text_table,
    paths_of,
    positions_of,
    sheet_of,
)
from kaishu.packaging.standard import Checker
from kaishu.packaging.values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Dataset

NOTES = (".md", ".txt")
_TOGETHER = 100_000
UNSEARCHED = problems.warning(
    "unsearched-file",
    N_("The file is no table and no text; it cannot be searched for personal data and secrets."),
    N_("Have somebody read it before it is opened; publish the tables in it as CSV."),
)


def scan(dataset: Dataset) -> Iterator[Problem]:
    """Problems of what the dataset's files say; files that cannot be read are found elsewhere."""
    yield from _texts(dataset)
    if not dataset.has_data:
        return
    for resource in dataset.raw.get("resources", []):
        path = next(iter(paths_of(resource)), None)
        schema = _schema(dataset.folder, resource)
        fields = [one for one in schema.get("fields") or () if isinstance(one, dict)]
        place: dict[str, Any] = {
            "dataset": dataset.key,
            "resource": resource.get("name"),
            "file": f"datasets/{dataset.key}/{path}",
        }
        rows = _rows(dataset.folder, resource, fields)
        if rows is None:
            yield from _text(dataset.folder, resource, place)
            continue
        if is_matched_by_name(schema):
            fields, rows = _by_header(fields, rows)
        found = privacy.Scanner(fields)
        counted = quality.Counter(fields, schema.get("missingValues"))
        checked = Checker(schema)
        for some in together(rows):
            found.rows(some)
            counted.count([cells for _number, cells in some])
            for number, cells in some:
                checked.row(number, cells)
        yield from found.problems(**place)
        yield from counted.problems(resource, **place)
        yield from checked.problems(**place)


def _by_header(
    fields: list[dict[str, Any]], rows: Iterator[tuple[int, Sequence[str]]]
) -> tuple[list[dict[str, Any]], Iterator[tuple[int, Sequence[str]]]]:
    """The fields in the order of the header, with one for each column that has none; and the rows."""
    first = next(rows, None)
    if first is None:
        return fields, rows
    known = {str(one.get("name")): one for one in fields}
    found = [known.get(name, {"name": name}) for name in first[1]]
    return found, chain([first], rows)


def together(
    rows: Iterable[tuple[int, Sequence[str]]],
) -> Iterator[list[tuple[int, Sequence[str]]]]:
    """The rows, some at a time: as many as hold about so many characters as memory hardly notices."""
    some, size = [], 0
    for number, cells in rows:
        some.append((number, cells))
        size += len(cells) + sum(map(len, cells))
        if size >= _TOGETHER:
            yield some
            some, size = [], 0
    if some:
        yield some


def _texts(dataset: Dataset) -> Iterator[Problem]:
    """The descriptor's own texts, and notes beside it."""
    place: dict[str, Any] = {"dataset": dataset.key, "file": dataset.file}
    for key in ("title", "description"):
        text = dataset.raw.get(key)
        if isinstance(text, str):
            line = dataset.lines.line((key,))
            yield from privacy.scan_text(text, **place, line=line, field=key)
    for path, text in _words(dataset.raw.get("resources"), ("resources",)):
        line, name = dataset.lines.line(path), str(path[-1])
        yield from privacy.scan_text(text, **place, line=line, field=name)
    for note in sorted(dataset.folder.glob("*")):
        if note.suffix.lower() in NOTES and note.is_file() and not note.is_symlink():
            text = note.read_text(encoding="utf-8", errors="replace")
            file = f"datasets/{dataset.key}/{note.name}"
            yield from privacy.scan_text(text, dataset=dataset.key, file=file)


def _words(
    value: object, path: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Every title, description and category below `value`, with its path."""
    pairs: Sequence[tuple[str | int, object]] = (
        list(value.items()) if isinstance(value, dict)
        else list(enumerate(value)) if isinstance(value, list) else ()
    )  # fmt: skip
    for key, one in pairs:
        if isinstance(one, str) and key in ("title", "description", "label"):
            yield (*path, key), one
        elif key != "data":
            yield from _words(one, (*path, key))


def _schema(folder: Path, resource: dict[str, Any]) -> dict[str, Any]:
    schema = resource.get("schema")
    if isinstance(schema, str):
        schema = strict_yaml.read(folder / schema, file=schema).value
    return schema if isinstance(schema, dict) and isinstance(schema.get("fields"), list) else {}


def _rows(
    folder: Path, resource: dict[str, Any], fields: list[dict[str, Any]]
) -> Iterator[tuple[int, Sequence[str]]] | None:
    """Rows of text, the header as row 1; None where the resource is no table."""
    if is_text_table(resource):
        return _csv_rows(folder, resource)
    if format_of(resource) in WORKBOOKS:
        return _sheet_rows(folder, resource)
    if format_of(resource) == "geojson":
        return _feature_rows(folder, resource, fields)
    return _record_rows(folder, resource, fields) if is_table(resource) else None


def _text(folder: Path, resource: dict[str, Any], place: dict[str, Any]) -> Iterator[Problem]:
    """What a file that is no table holds, line by line; a warning where it is no text either."""
    for path in paths_of(resource):
        file = folder / path
        if not file.is_file():
            continue
        encoding = sniff.encoding(file)
        if encoding is None:
            yield UNSEARCHED.at(**place)
            continue
        found = privacy.Scanner([])
        with file.open(encoding=encoding.codec, errors="replace") as lines:
            for number, line in enumerate(lines, start=1):
                found.row(number, [line])
        yield from found.problems(**place)


def _csv_rows(folder: Path, resource: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    for path in paths_of(resource):
        try:
            # Bytes that do not fit are found, with their place, by the check of encodings.
            with (
                (folder / path).open("rb") as binary,
                io.TextIOWrapper(
                    binary, encoding_of(resource), newline="", errors="replace"
                ) as source,
            ):
                lines = through(
                    _("Looking through {file} (MB)").format(file=path),
                    source,
                    binary.tell,
                    (folder / path).stat().st_size,
                )
                yield from enumerate(
                    csv.reader(lines, delimiter=delimiter_of(resource)[:1]), start=1
                )
        except (OSError, LookupError, csv.Error):
            continue


def _sheet_rows(folder: Path, resource: dict[str, Any]) -> Iterator[tuple[int, list[str]]]:
    for path in paths_of(resource):
        try:
            yield from enumerate(sheets.read(folder / path, sheet_of(resource)).rows, start=1)
        except UsageError:
            continue


def _record_rows(
    folder: Path, resource: dict[str, Any], fields: list[dict[str, Any]]
) -> Iterator[tuple[int, list[str]]]:
    """The rows of JSON and Parquet, in the order of the fields; without fields, as they stand."""
    names = [str(one.get("name")) for one in fields]
    number = 1
    for path in paths_of(resource):
        try:
            source = sources.read(folder / path)
        except UsageError:
            continue
        if number == 1:
            names = names or source.titles
            yield number, names
        for cells in source.rows:
            number += 1
            record = dict(zip(source.titles, cells, strict=True))
            yield number, [record.get(name, "") for name in names]


def _feature_rows(
    folder: Path, resource: dict[str, Any], fields: list[dict[str, Any]]
) -> Iterator[tuple[int, list[str]]]:
    """The features' properties, in the order of the fields, then of their first appearance."""
    names = [str(one.get("name")) for one in fields]
    number = 1
    yield number, names
    for path in paths_of(resource):
        try:
            features = json.loads((folder / path).read_bytes())["features"]
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            continue
        for feature in features if isinstance(features, list) else ():
            number += 1
            properties = feature.get("properties") if isinstance(feature, dict) else None
            if isinstance(properties, dict):
                position = next(positions_of(feature.get("geometry")), None)
                if position is not None:
                    # Coordinates that the schema describes are those of the geometry.
                    properties = {"longitude": position[0], "latitude": position[1], **properties}
                for name in feature["properties"]:
                    if name not in names:
                        names.append(name)
                        fields.append({"name": name})
                yield number, [as_text(properties.get(name)) for name in names]
