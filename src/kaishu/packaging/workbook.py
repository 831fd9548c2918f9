"""Workbooks (XLSX, ECMA-376) written row by row at the speed of joining strings.

General writers build an object a cell; a department's table has millions of them. Cells are inline
strings, numbers, booleans or dates; text is never a formula.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from decimal import Decimal
from typing import IO, TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from kaishu.packaging.values import acts_as_formula, as_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
CELL_CHARACTERS = 32_767
# Beyond this many digits a spreadsheet loses the last ones, so such numbers stay text.
SHEET_DIGITS = 15
_EXPONENT = 300
_EXACT = 10**SHEET_DIGITS
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# Most texts need no look but this one.
_PLAIN = re.compile(
    "[^=+@＝＋－＠&<>_\\-\\s\x00-\x1f\ufffe\uffff\ud800-\udfff]"
    "[^&<>_\x00-\x1f\ufffe\uffff\ud800-\udfff]{0," + f"{CELL_CHARACTERS - 1}}}"
).fullmatch
_FEW_DIGITS = re.compile("[0-9.-]*").fullmatch
_EPOCH = dt.date(1899, 12, 30).toordinal()
_FIRST_DAY = dt.date(1900, 3, 1)  # before it, Excel's calendar has a day that never was
_HEADER, _DATE, _DATETIME, _TIME, _QUOTED = 1, 2, 3, 4, 5
_BUFFERED = 2000
_TRUE, _FALSE = '<c t="b"><v>1</v></c>', '<c t="b"><v>0</v></c>'
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


class _TooLong(Exception):
    """A text that no cell holds."""


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
            f'<c s="{_HEADER}" t="inlineStr"><is><t xml:space="preserve">{_string(name[:CELL_CHARACTERS])}</t></is></c>'
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


def row_of(values: Sequence[Any]) -> tuple[str, int]:
    """A row as it stands in a sheet, wherever it stands; and how many of its texts were cut."""
    try:
        return _row(values), 0
    except _TooLong:
        values, cut = _shortened(values)
        return _row(values), cut


def rows_of(rows: Sequence[Sequence[Any]]) -> tuple[str, int]:
    """Rows as wide as each other, as `row_of` gives one; column by column, which takes less time."""
    try:
        written = zip(*map(_column, zip(*rows, strict=True)), strict=True)
        lines = "</row><row>".join(map("".join, written))
    except _TooLong:
        single = [row_of(row) for row in rows]
        return "".join(line for line, _cut in single), sum(cut for _line, cut in single)
    return (f"<row>{lines}</row>" if lines else "<row></row>" * len(rows)), 0


def _column(values: Sequence[Any]) -> list[str]:
    """The cells of a column: most are of one type."""
    kinds = set(map(type, values))
    if kinds == {bool}:
        return [_TRUE if value else _FALSE for value in values]
    if kinds == {int} and min(values) > -_EXACT and max(values) < _EXACT:
        return [f"<c><v>{value}</v></c>" for value in values]
    if kinds == {str}:
        known = _known.get
        return [known(value) or _new_text(value) for value in values]
    if kinds == {Decimal}:
        texts = list(map(str, values))
        if max(map(len, texts)) <= SHEET_DIGITS and _FEW_DIGITS("".join(texts)):
            return [f"<c><v>{text}</v></c>" for text in texts]
    if len(kinds) == 1:
        return list(map(_CELLS.get(kinds.pop(), _other), values))
    return [_CELLS.get(type(value), _other)(value) for value in values]


def _link(id_: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{id_}" Type="{kind}" Target="{target}"/>'


def _links(inner: str) -> str:
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{inner}</Relationships>'


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="{part}" ContentType="{_KIND}.{kind}+xml"/>'


# Columns of few different words are most of what departments have.
_known: dict[str, str] = {}
_known_days: dict[dt.date, str] = {}
_KNOWN_WORDS, _KNOWN_LENGTH = 20_000, 40


def _row(values: Iterable[Any]) -> str:
    # Cells that say no place of their own stand side by side (ECMA-376, 18.3.1.4).
    cells = [_CELLS.get(type(value), _other)(value) for value in values]
    return "<row>" + "".join(cells) + "</row>"


def _none(_value: None) -> str:
    return "<c/>"


def _text(value: str) -> str:
    return _known.get(value) or _new_text(value)


def _boolean(value: bool) -> str:
    return _TRUE if value else _FALSE


def _integer(value: int) -> str:
    return f"<c><v>{value}</v></c>" if -_EXACT < value < _EXACT else _new_text(str(value))


def _number(value: Decimal | float) -> str:
    # A short text has few digits; only a long one is looked at closely.
    text = str(value)
    if text[-1].isdigit() and ((len(text) <= SHEET_DIGITS and "E" not in text) or _fits(value)):
        return f"<c><v>{text}</v></c>"
    return _other(value)


def _date(value: dt.date) -> str:
    return _known_days.get(value) or _new_day(value)


def _datetime(value: dt.datetime) -> str:
    # A spreadsheet's times have no zone; one that is stated is kept as text.
    if value.tzinfo is not None or value.date() < _FIRST_DAY:
        return _other(value)
    return f'<c s="{_DATETIME}"><v>{value.toordinal() - _EPOCH + _fraction(value)!r}</v></c>'


def _time(value: dt.time) -> str:
    return (
        _other(value)
        if value.tzinfo is not None
        else f'<c s="{_TIME}"><v>{_fraction(value)!r}</v></c>'
    )


def _other(value: Any) -> str:
    return _new_text(as_text(value))


_CELLS: dict[type, Callable[[Any], str]] = {
    type(None): _none, str: _text, bool: _boolean, int: _integer, Decimal: _number,
    float: _number, dt.date: _date, dt.datetime: _datetime, dt.time: _time,
}  # fmt: skip


def _new_day(day: dt.date) -> str:
    if day < _FIRST_DAY:
        return _new_text(day.isoformat())
    cell = f'<c s="{_DATE}"><v>{day.toordinal() - _EPOCH}</v></c>'
    if len(_known_days) < _KNOWN_WORDS:
        _known_days[day] = cell
    return cell


def _new_text(text: str) -> str:
    style, shown = "", text
    if not _PLAIN(text):
        style = f' s="{_QUOTED}"' if acts_as_formula(text) else ""
        shown = _string(text)
    # Blanks within a line are kept anyway, and saying so makes most of a text's cell.
    kept = "" if text == text.strip() and "\n" not in text else ' xml:space="preserve"'
    cell = f'<c{style} t="inlineStr"><is><t{kept}>{shown}</t></is></c>'
    if len(text) <= _KNOWN_LENGTH and len(_known) < _KNOWN_WORDS:
        _known[text] = cell
    return cell


def _string(text: str) -> str:
    """The text of a cell. Raises _TooLong where no cell holds it."""
    if len(text) > CELL_CHARACTERS:
        raise _TooLong
    # `_x0041_` would be read as the character of that number (ECMA-376, ST_Xstring).
    text = _ESCAPE.sub("_x005F_", _ILLEGAL.sub("\ufffd", text))
    # A bare CR would be read as LF (XML 1.0, section 2.11).
    return escape(text, {"\r": "&#13;"})


def _shortened(values: Iterable[Any]) -> tuple[list[Any], int]:
    """The values with texts cut to what a cell holds, and how many were cut."""
    found, cut = [], 0
    for value in values:
        text = as_text(value)
        too_long = len(text) > CELL_CHARACTERS
        found.append(text[:CELL_CHARACTERS] if too_long else value)
        cut += too_long
    return found, cut


def _fraction(moment: dt.time | dt.datetime) -> float:
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return (seconds + moment.microsecond / 1_000_000) / 86_400


def _fits(value: Decimal | float) -> bool:
    number = value if isinstance(value, Decimal) else Decimal(str(value))
    return (
        number.is_finite()
        and abs(number.adjusted()) <= _EXPONENT
        and len(number.normalize().as_tuple().digits) <= SHEET_DIGITS
    )
