"""One table into every useful format, its profile and its first rows, in a single pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.base import formats
from kaishu.base.i18n import gettext
from kaishu.base.i18n import gettext as _
from kaishu.base.progress import through
from kaishu.packaging import columnar, coordinates
from kaishu.packaging.geojson import OTHER_SYSTEM, GeoJsonSink
from kaishu.packaging.parquet import ParquetSink, ParquetWritten
from kaishu.packaging.profile import Profile
from kaishu.packaging.sheet_rows import CELL_CHARACTERS
from kaishu.packaging.sinks import (
    DOCUMENT_CELLS,
    CsvSink,
    ExcelCsvSink,
    JsonSink,
    NdjsonSink,
    Records,
)
from kaishu.packaging.xlsx import CUT, SPLIT, XlsxSink, row_limit
from kaishu.packaging.xml import XmlSink

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from kaishu.packaging.rows import Table
    from kaishu.packaging.sinks import Sink

PREVIEW_ROWS = 100


@dataclass(frozen=True, slots=True)
class Written:
    """What one pass made: files by format, the table's profile and first rows as text.

    `types` are Parquet's column types by field; `notes` tell of formats that were left out, or
    split over sheets.
    """

    files: tuple[tuple[str, Path], ...]
    profile: dict[str, Any]
    first: tuple[tuple[str, ...], ...]
    types: dict[str, str]
    notes: tuple[tuple[str, str], ...]


def _parquet(table: Table, target: Path) -> ParquetSink | ParquetWritten:
    """The file of a large table is written at once, where its texts are plain."""
    types = columnar.write(table.folder, table.resource, table.fields, target)
    return ParquetSink(target, table.fields) if types is None else ParquetWritten(target, types)


def write(table: Table, folder: Path, name: str, created: date) -> Written:
    """Write `table` into `folder`, each file called `name` and its format's suffix."""
    fields = table.fields
    parquet = _parquet(table, folder / f"{name}.parquet")
    xlsx = XlsxSink(folder / f"{name}.xlsx", fields, created)
    records = Records(fields)
    sinks: list[Sink] = [
        CsvSink(folder / f"{name}.csv", fields),
        xlsx,
        JsonSink(folder / f"{name}.json", records),
        XmlSink(folder / f"{name}.xml", fields),
        parquet,
        NdjsonSink(folder / f"{name}.ndjson", records),
        ExcelCsvSink(folder / f"{name}.excel.csv", fields),
    ]
    places = None if table.is_geographic else coordinates.columns(fields)
    convertible = coordinates.is_convertible(table.crs)
    if places is not None and convertible:
        path = folder / f"{name}.geojson"
        sinks.append(GeoJsonSink(path, fields, places, gcj02=table.gcj02))
    profile, first = Profile(fields), list[tuple[str, ...]]()
    csv = sinks[0].path
    read = through(
        _("Writing {name} (MB)").format(name=name),
        table.rows(),
        lambda: csv.stat().st_size,
        table.size,
    )
    for texts, values in read:
        if len(first) < PREVIEW_ROWS:
            first.append(tuple(texts))
        profile.row(values)
        for sink in sinks:
            sink.row(texts, values)
    for sink in sinks:
        sink.close()
    limits = {"n": formats.number(DOCUMENT_CELLS), "rows": formats.number(row_limit())}
    notes = [
        (sink.format, gettext(sink.left_out).format(**limits))
        for sink in sinks
        if sink.left_out is not None
    ]
    if places is not None and not convertible:
        notes.append((GeoJsonSink.format, gettext(OTHER_SYSTEM).format(crs=table.crs)))
    if xlsx.left_out is None and xlsx.sheets > 1:
        rows = formats.number(profile.rows)
        notes.append((xlsx.format, gettext(SPLIT).format(rows=rows, sheets=xlsx.sheets)))
    if xlsx.left_out is None and xlsx.cut:
        held, cut = formats.number(CELL_CHARACTERS), formats.number(xlsx.cut)
        notes.append((xlsx.format, gettext(CUT).format(cells=cut, n=held)))
    return Written(
        files=tuple((sink.format, sink.path) for sink in sinks if sink.left_out is None),
        profile=profile.as_dict(),
        first=tuple(first),
        types=parquet.types,
        notes=tuple(notes),
    )
