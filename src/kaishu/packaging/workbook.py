"""Workbooks (XLSX, ECMA-376) written row by row at the speed of joining strings.

General writers build an object a cell; a department's table has millions of them.
"""

from __future__ import annotations

import datetime as dt
import zipfile
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from kaishu.packaging.sheet_rows import CELL_CHARACTERS, row_of, string_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
_HEADER = 1
_BUFFERED = 2000
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_CORE = (
    f'<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties"'
    ' xmlns:dcterms="http://purl.org/dc/terms/"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
    '<dcterms:created xsi:type="dcterms:W3CDTF">{day}T00:00:00Z</dcterms:created>'
    "</cp:coreProperties>"
)
_TYPES = (
    f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/docProps/core.xml"'
    ' ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
    "{types}</Types>"
)
_STYLES = (
    f'<styleSheet {_MAIN}>'
    '<numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd hh:mm:ss"/>'
    '<numFmt numFmtId="166" formatCode="hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
    '<fgColor rgb="FFE6EEF5"/></patternFill></fill></fills>'
    '<borders count="2"><border/><border><bottom style="thin"/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="6"><xf/>'
    '<xf fontId="1" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="166" applyNumberFormat="1"/><xf quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)  # fmt: skip


class Workbook:
    """One workbook, sheet after sheet. `created` is written into it and dates its parts."""

    def __init__(self, target: Path, created: dt.date) -> None:
        self._archive = zipfile.ZipFile(target, "w")
        self._created = created
        self._names: list[str] = []
        self._open: _Sheet | None = None

    def sheet(self, name: str, header: Sequence[str], widths: Sequence[int]) -> _Sheet:
        """Begin the next sheet; the one before it is finished."""
        self._finish()
        self._names.append(name)
        part = self._part(f"xl/worksheets/sheet{len(self._names)}.xml")
        self._open = _Sheet(part, header, widths)
        return self._open

    def close(self) -> None:
        """Finish the workbook."""
        self._finish()
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, self._names, strict=True)
        )
        links = "".join(
            _link(f"rId{n}", f"{_OFFICE}/worksheet", f"worksheets/sheet{n}.xml") for n in numbers
        )
        links += _link("rId0", f"{_OFFICE}/styles", "styles.xml")
        types = "".join(_override(f"/xl/worksheets/sheet{n}.xml", "worksheet") for n in numbers)
        types += _override("/xl/workbook.xml", "sheet.main") + _override("/xl/styles.xml", "styles")
        tops = _link("rId1", f"{_OFFICE}/officeDocument", "xl/workbook.xml")
        tops += _link(
            "rId2", f"{_PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"
        )
        book = f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'
        parts = {
            "xl/workbook.xml": book,
            "xl/_rels/workbook.xml.rels": _links(links),
            "_rels/.rels": _links(tops),
            "docProps/core.xml": _CORE.format(day=self._created.isoformat()),
            "[Content_Types].xml": _TYPES.format(types=types),
            "xl/styles.xml": _STYLES,
        }
        for name, text in parts.items():
            with self._part(name) as part:
                part.write((_HEAD + text).encode())
        self._archive.close()

    def _finish(self) -> None:
        if self._open is not None:
            self._open.finish()
            self._open = None

    def _part(self, name: str) -> IO[bytes]:
        day = self._created
        # The archive's own dates begin in 1980; no time of this machine may reach the bytes.
        info = zipfile.ZipInfo(name, (max(day.year, 1980), day.month, day.day, 0, 0, 0))
        info.compress_type, info.create_system = zipfile.ZIP_DEFLATED, 3
        info.external_attr = 0o644 << 16
        info._compresslevel = 1  # type: ignore[attr-defined]
        return self._archive.open(info, "w", force_zip64=True)


class _Sheet:
    """One sheet being written: a header row, then values."""

    def __init__(self, part: IO[bytes], header: Sequence[str], widths: Sequence[int]) -> None:
        self._part = part
        self.rows = 1
        self._waiting = 0
        columns = "".join(
            f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>'
            for n, width in enumerate(widths, start=1)
        )
        cells = "".join(
            f'<c s="{_HEADER}" t="inlineStr"><is><t xml:space="preserve">{string_of(name[:CELL_CHARACTERS])}</t></is></c>'
            for name in header
        )
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
        widths_ = f"<cols>{columns}</cols>" if columns else ""
        self._lines = [f"{_HEAD}<worksheet {_MAIN}>{views}{widths_}<sheetData><row>{cells}</row>"]

    @property
    def room(self) -> int:
        """How many further rows fit."""
        return SHEET_ROWS - self.rows

    def write(self, values: Sequence[Any]) -> int:
        """Add one row; None leaves its cell empty. How many texts had to be cut."""
        line, cut = row_of(values)
        self.add(line, 1)
        return cut

    def add(self, lines: str, rows: int) -> None:
        """Add `rows` rows that `row_of` or `rows_of` wrote."""
        self.rows += rows
        self._lines.append(lines)
        self._waiting += rows
        if self._waiting > _BUFFERED:
            self._flush()

    def finish(self) -> None:
        """Close the sheet's part."""
        self._lines.append("</sheetData></worksheet>")
        self._flush()
        self._part.close()

    def _flush(self) -> None:
        self._part.write("".join(self._lines).encode())
        self._lines.clear()
        self._waiting = 0


def _link(id_: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"/>'


def _links(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{_KIND}.{kind}+xml"/>'
