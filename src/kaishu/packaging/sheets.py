"""Workbooks that departments have: XLSX, XLS, ODS read as text, with what Excel has done to them."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
import zlib
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import python_calamine

from kaishu.base import problems
from kaishu.base.errors import UsageError
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.packaging.header import Layout, layout
from kaishu.packaging.old_workbook import MAGIC, OldWorkbook
from kaishu.packaging.resources import sheet_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A workbook that unpacks to more than this is a bomb, or belongs in a database.
UNPACKED = 1024 * 1024 * 1024
_EXACT = 10**15
_DAY = len("2026-01-05")
_ROUNDED = re.compile(r"[1-9](\.\d+)?E\+1[1-9]\Z", re.I)
_WORKSHEET = re.compile(r"xl/worksheets/[^/]+\.xml\Z")
_WITHOUT_VALUE = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>")
_ERROR = re.compile(rb"<c\s[^>]*\bt=\"e\"")
# A cell that holds something, by its place.
_PLACE = re.compile(rb"<c\s[^>]*?\br=\"([A-Z]{1,3})([0-9]{1,7})\"[^>]*(?<!/)>(?!</c>)")
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError)
# So many cells hold a full sheet of a table; a lone cell in the last corner makes a thousand times more.
CELLS = 30_000_000
LISTED = 5

TITLE_ROWS = problems.error(
    "title-rows",
    N_("{n} rows stand above the header of the sheet “{sheet}”."),
    N_("Remove them, or convert the file with kaishu add; the title belongs in the descriptor."),
)
MERGED_HEADER = problems.error(
    "merged-header",
    N_("Cells of the header of the sheet “{sheet}” are merged, over {n} rows."),
    N_("Give every column one name in one row, or convert the file with kaishu add."),
)
DESTROYED = problems.warning(
    "digits-lost",
    N_("In the column “{field}”, {n} long numbers have lost their last digits (rows {rows})."),
    N_("Excel keeps 15 digits of a number. Export such codes again as text from their source."),
)
UNCOMPUTED = problems.warning(
    "formulas-without-values",
    N_("{n} formulas of the workbook hold no value; their cells are empty."),
    N_("Open it in a spreadsheet, which computes them, and save it again."),
)
FAILED = problems.warning(
    "error-cells",
    N_("{n} cells of the workbook hold an error, such as #N/A; they are taken as empty."),
    N_("Correct their formulas in a spreadsheet, or clear the cells, and save it again."),
)
NOT_A_WORKBOOK = problems.error(
    "not-a-workbook",
    N_("The file is no workbook that can be read: {reason}."),
    N_("Open it in a spreadsheet, check it, and save it again as XLSX."),
)


@dataclass(frozen=True)
class Sheet:
    """One sheet as text.

    `lost` are cells (row and column from 0) whose digits Excel has dropped; `uncomputed` is how
    many formulas of the workbook (XLSX) hold no value, `failed` how many cells hold an error.
    """

    name: str
    rows: list[list[str]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    lost: frozenset[tuple[int, int]] = field(default_factory=frozenset)
    uncomputed: int = 0
    failed: int = 0

    @property
    def layout(self) -> Layout:
        """Where its table begins."""
        return layout(self.rows, self.merged)


def read(path: Path, wanted: str | int | None = None) -> Sheet:
    """The sheet called `wanted` or of that number from 1, else the first that holds anything.

    Formulas give their values. Raises UsageError where there is no such sheet, or where the file
    cannot be read or unpacks to too much.
    """
    survey = _guarded(path)
    try:
        old = _old(path)
        book = old or python_calamine.load_workbook(str(path))
        names = book.sheet_names
        if isinstance(wanted, int):
            wanted = names[wanted - 1] if 0 < wanted <= len(names) else str(wanted)
        if wanted is not None and wanted not in names:
            listed = ", ".join(names)
            raise UsageError(
                _("There is no sheet “{sheet}”; the sheets are: {names}.").format(
                    sheet=wanted, names=listed
                )
            )
        found = Sheet("", [])
        for name in [wanted] if wanted is not None else names:
            found = _sheet(name, *(old.values(name) if old else _values(book, name)))
            if found.rows:
                break
        failed = old.failed if old else survey.failed
        return replace(found, uncomputed=survey.uncomputed, failed=failed)
    except (python_calamine.CalamineError, *_BROKEN) as error:
        raise UsageError(_("The workbook cannot be read: {reason}").format(reason=error)) from error
    except BaseException as panic:
        # The reader is written in Rust and panics at some damaged files, by a class without a home.
        if type(panic).__name__ != "PanicException":
            raise
        raise UsageError(_("The workbook cannot be read: {reason}").format(reason=panic)) from panic


def of_texts(name: str, rows: list[list[str]]) -> Sheet:
    """The rows of a text file, which may have been through Excel as well."""
    lost = {
        (number, column)
        for number, cells in enumerate(rows)
        for column, text in enumerate(cells)
        if _ROUNDED.match(text.strip())
    }
    return Sheet(name, rows, lost=frozenset(lost))


def check(path: Path, described: dict[str, Any], **place: Any) -> Iterator[problems.Problem]:
    """What is wrong with a workbook that a dataset publishes from: titles, merging, lost digits."""
    try:
        sheet = read(path, sheet_of(described))
    except UsageError as error:
        yield NOT_A_WORKBOOK.at(**place, reason=error)
        return
    found = sheet.layout
    if found.titles:
        yield TITLE_ROWS.at(**place, row=1, n=found.titles, sheet=sheet.name)
    if found.header_rows > 1:
        yield MERGED_HEADER.at(**place, row=found.titles + 1, n=found.header_rows, sheet=sheet.name)
    header = sheet.rows[found.titles] if len(sheet.rows) > found.titles else []
    yield from losses(sheet, header, **place)


def losses(sheet: Sheet, header: list[str], **place: Any) -> Iterator[problems.Problem]:
    """A warning for each column in which Excel has dropped digits, one of cells without values.

    Rows count from 1.
    """
    if sheet.uncomputed:
        yield UNCOMPUTED.at(**place, n=sheet.uncomputed)
    if sheet.failed:
        yield FAILED.at(**place, n=sheet.failed)
    columns: dict[int, list[int]] = {}
    for row, column in sorted(sheet.lost):
        columns.setdefault(column, []).append(row + 1)
    for column, rows in columns.items():
        name = header[column] if column < len(header) else str(column + 1)
        shown = ", ".join(map(str, rows[:LISTED])) + ("…" if len(rows) > LISTED else "")
        yield DESTROYED.at(**{**place, "row": rows[0], "field": name}, n=len(rows), rows=shown)


def _old(path: Path) -> OldWorkbook | None:
    with path.open("rb") as source:
        return OldWorkbook(path) if source.read(len(MAGIC)) == MAGIC else None


def _values(book: Any, name: str) -> tuple[list[list[Any]], tuple[tuple[int, int, int, int], ...]]:
    sheet = book.get_sheet_by_name(name)
    merged = tuple(
        (top, left, bottom, right)
        for (top, left), (bottom, right) in (sheet.merged_cell_ranges or ())
    )
    return sheet.to_python(skip_empty_area=False), merged


def _sheet(
    name: str, found: list[list[Any]], merged: tuple[tuple[int, int, int, int], ...]
) -> Sheet:
    lost: set[tuple[int, int]] = set()
    rows: list[list[str]] = []
    timed = {n for cells in found for n, cell in enumerate(cells) if _has_time(cell)}
    for number, cells in enumerate(found):
        texts = []
        for column, value in enumerate(cells):
            text, dropped = _text(value)
            if column in timed and isinstance(value, dt.date) and len(text) == _DAY:
                # Midnight is a time where the column's others have one.
                text += " 00:00:00"
            if dropped:
                lost.add((number, column))
            texts.append(text)
        rows.append(texts)
    while rows and not any(rows[-1]):
        rows.pop()
    width = max((n + 1 for row in rows for n, cell in enumerate(row) if cell), default=0)
    return Sheet(name, [row[:width] for row in rows], merged, frozenset(lost))


def _has_time(value: Any) -> bool:
    return isinstance(value, dt.datetime) and value.time() != dt.time()


def _text(value: Any) -> tuple[str, bool]:
    """A cell's text, and whether digits were lost in it."""
    if isinstance(value, str):
        return value, _ROUNDED.match(value.strip()) is not None
    if isinstance(value, bool):
        return ("true" if value else "false"), False
    if isinstance(value, (int, float)):
        if abs(value) >= _EXACT:
            # What a spreadsheet shows of it: fifteen digits, then noughts.
            return format(Decimal(f"{value:.15g}"), "f"), True
        if float(value).is_integer():
            return str(int(value)), False
        # As many digits as a spreadsheet keeps and shows: 16.8, not 16.799999999999997.
        return format(Decimal(f"{value:.15g}"), "f"), False
    if isinstance(value, dt.datetime):
        whole = value.time() == dt.time()
        return (value.date().isoformat() if whole else value.isoformat(sep=" ")), False
    if isinstance(value, dt.timedelta):
        return str(value), False
    return value.isoformat() if hasattr(value, "isoformat") else str(value), False


@dataclass(frozen=True, slots=True)
class _Survey:
    """What a workbook (XLSX) holds: its furthest row and column, and the cells without values.

    `uncomputed` are formulas that no spreadsheet has computed, `failed` cells that are errors.
    """

    rows: int = 0
    columns: int = 0
    uncomputed: int = 0
    failed: int = 0


def _guarded(path: Path) -> _Survey:
    """A look at a workbook before it is opened: UsageError where that would take too much."""
    if not zipfile.is_zipfile(path):
        return _Survey()
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(one.file_size for one in archive.infolist())
            if unpacked > UNPACKED:
                raise UsageError(_("The workbook unpacks to {n} MB.").format(n=unpacked // 1024**2))
            found = _survey(archive)
    except _BROKEN as error:
        raise UsageError(_("The workbook cannot be read: {reason}").format(reason=error)) from error
    if found.rows * found.columns > CELLS:
        raise UsageError(
            _(
                "A sheet reaches over {rows} rows and {columns} columns; delete what lies far from "
                "its table."
            ).format(rows=found.rows, columns=found.columns)
        )
    return found


def _survey(archive: zipfile.ZipFile) -> _Survey:
    """One pass through the sheets, each unpacked once."""
    rows = columns = uncomputed = failed = 0
    for name in archive.namelist():
        if not _WORKSHEET.match(name):
            continue
        part = archive.read(name)
        places = set(_PLACE.findall(part))
        rows = max([rows, *(int(row) for _column, row in places)])
        columns = max([columns, *(_number(one) for one in {one for one, _row in places})])
        uncomputed += len(_WITHOUT_VALUE.findall(part))
        failed += len(_ERROR.findall(part))
    return _Survey(rows, columns, uncomputed, failed)


def _number(letters: bytes) -> int:
    """A column's number from 1: `AA` is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
