"""One door to the tables that departments have: whatever the file, a header and rows of text."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.packaging import engine, header, sheets, sniff
from kaishu.packaging.resources import RECORDS, WORKBOOKS
from kaishu.packaging.values import as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = ("csv", "tsv", "txt")
KINDS = (*TEXTS, *WORKBOOKS, *RECORDS, "geojson", "parquet")

# So deep below an object its records may lie.
_DEPTH = 3

csv.field_size_limit(2**31 - 1)


@dataclass
class Source:
    """A table as found: `titles` of its columns, `rows` of text, and what was found out (`facts`).

    A GeoJSON document is kept whole in `document`; its properties are the table. `sheet` are the
    rows of a workbook or of CSV with what Excel has done to them.
    """

    kind: str
    titles: list[str]
    rows: list[list[str]]
    facts: list[str] = field(default_factory=list)
    document: dict[str, Any] | None = None
    sheet: sheets.Sheet | None = None


def read(path: Path, sheet: str | None = None) -> Source:
    """The table in the file at `path`.

    Raises UsageError, naming place and remedy, where there is no table that can be read.
    """
    if not path.is_file():
        raise UsageError(_("There is no file “{path}”.").format(path=path))
    kind = path.suffix[1:].lower()
    if kind not in KINDS:
        kinds = ", ".join(KINDS)
        raise UsageError(
            _(
                "Files of the kind “{kind}” hold no table that can be read; these do: {kinds}."
            ).format(kind=kind, kinds=kinds)
        )
    if path.stat().st_size == 0:
        raise UsageError(_("The file “{path}” is empty.").format(path=path))
    if kind in TEXTS:
        found = _text(path, kind)
    elif kind in WORKBOOKS:
        found = _workbook(path, sheet, kind)
    elif kind == "parquet":
        found = _parquet(path)
    else:
        found = _json(path, kind)
    found = _even(found)
    if not found.titles:
        raise UsageError(_("The file “{path}” holds no table.").format(path=path))
    return found


def _text(path: Path, kind: str) -> Source:
    encoding = sniff.encoding(path)
    if encoding is None:
        raise UsageError(
            _(
                "The file “{path}” is no text in UTF-8, UTF-16 or GB18030; save it again as UTF-8."
            ).format(path=path)
        )
    delimiter = "\t" if kind == "tsv" else sniff.delimiter(sniff.sample(path, encoding))
    with path.open(encoding=encoding.codec, newline="") as source:
        try:
            rows = list(csv.reader(source, delimiter=delimiter))
        except csv.Error as error:
            raise UsageError(
                _("The file “{path}” cannot be read: {reason}").format(path=path, reason=error)
            ) from error
    shown = {"\t": _("tab")}.get(delimiter, delimiter)
    name = encoding.name.upper() + (_(" with a byte order mark") if encoding.marked else "")
    facts = [
        _("Encoding: {name}").format(name=name),
        _("Delimiter: {delimiter}").format(delimiter=shown),
    ]
    titles, body, found = _below_titles(rows, ())
    return Source(kind, titles, body, facts + found, sheet=sheets.of_texts(path.name, rows))


def _workbook(path: Path, wanted: str | None, kind: str) -> Source:
    sheet = sheets.read(path, wanted)
    titles, body, found = _below_titles(sheet.rows, sheet.merged)
    facts = [_("Sheet: {name}").format(name=sheet.name)]
    return Source(kind, titles, body, facts + found, sheet=sheet)


def _below_titles(
    rows: list[list[str]], merged: tuple[tuple[int, int, int, int], ...]
) -> tuple[list[str], list[list[str]], list[str]]:
    """The header, the rows below it, and what was left out above."""
    found = header.layout(rows, merged)
    facts = []
    above = _words(rows[: found.titles])
    if above:
        facts.append(_("Left out above the header: {words}").format(words=above))
    top, end = found.titles, found.titles + found.header_rows
    if found.header_rows > 1:
        titles = header.joined(rows[top:end], merged, top)
        facts.append(_("A header of {n} rows was joined into one.").format(n=found.header_rows))
    else:
        titles = [cell.strip() for cell in rows[top]] if len(rows) > top else []
    body = [row for row in rows[end:] if any(cell.strip() for cell in row)]
    kept = len(body) - header.foot(body)
    if kept < len(body):
        below = _words(body[kept:])
        facts.append(_("Left out below the table: {words}").format(words=below))
    return titles, body[:kept], facts


def _words(rows: list[list[str]]) -> str:
    return " ".join(cell.strip() for row in rows for cell in row if cell.strip())


def _json(path: Path, kind: str) -> Source:
    encoding = sniff.encoding(path)
    if encoding is None:
        raise UsageError(_("The file “{path}” is no UTF-8 text.").format(path=path))
    text = path.read_text(encoding=encoding.codec)
    try:
        if kind in ("ndjson", "jsonl"):
            value: Any = [json.loads(line) for line in text.splitlines() if line.strip()]
        else:
            value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(
            _("The file “{path}” cannot be read: {reason}").format(path=path, reason=error)
        ) from error
    if isinstance(value, dict) and value.get("type") == "FeatureCollection":
        features = value.get("features")
        records = [
            one.get("properties") or {} for one in features if isinstance(one, dict)
        ] if isinstance(features, list) else []  # fmt: skip
        return _records("geojson", records, value)
    if isinstance(value, dict):
        # Records often lie below a key or two: {"data": {"rows": […]}}.
        lists = list(_lists(value, _DEPTH, dict)) or list(_lists(value, _DEPTH, list))
        value = lists[0] if len(lists) == 1 else None
    if isinstance(value, list) and value and all(isinstance(one, list) for one in value):
        # Rows below a header: [["编号", "名称"], ["001", "甲"]].
        titles, *rows = [[as_text(cell) for cell in row] for row in value]
        return Source(kind, titles, rows)
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise UsageError(
            _("The file “{path}” holds no list of records: [{{…}}, {{…}}].").format(path=path)
        )
    return _records(kind, value)


def _lists(value: dict[str, Any], depth: int, kind: type) -> Iterator[list[Any]]:
    """The lists of records below the keys of an object; records are objects, or lists of cells."""
    for one in value.values():
        if isinstance(one, list) and one and isinstance(one[0], kind):
            yield one
        elif isinstance(one, dict) and depth:
            yield from _lists(one, depth - 1, kind)


def _records(
    kind: str, records: list[dict[str, Any]], document: dict[str, Any] | None = None
) -> Source:
    titles = list(dict.fromkeys(str(key) for record in records for key in record))
    rows = [[as_text(record.get(title)) for title in titles] for record in records]
    return Source(kind, titles, rows, document=document)


def _parquet(path: Path) -> Source:
    try:
        titles, found = engine.parquet(path)
    except engine.Refused as error:
        raise UsageError(
            _("The file “{path}” cannot be read: {reason}").format(path=path, reason=error)
        ) from error
    return Source("parquet", titles, [[as_text(value) for value in row] for row in found])


def _even(found: Source) -> Source:
    """Every row as wide as the header; columns without a name get one, empty ones go."""
    width = max([len(found.titles), *map(len, found.rows)])
    titles = [*found.titles, *[""] * (width - len(found.titles))]
    rows = [[*row, *[""] * (width - len(row))] for row in found.rows]
    kept = [n for n in range(width) if titles[n].strip() or any(row[n].strip() for row in rows)]
    unnamed = [n for n in kept if not titles[n].strip()]
    if unnamed:
        places = ", ".join(str(n + 1) for n in unnamed)
        found.facts.append(
            _("Columns without a name were given one: {places}").format(places=places)
        )
    found.titles = [
        titles[n].replace("\n", "").strip() or _("Column {n}").format(n=n + 1) for n in kept
    ]
    found.rows = [[row[n] for n in kept] for row in rows]
    return found
