"""The whole catalogue as one table, with the columns of the national catalogue guide
(发改高技〔2017〕1272号): CSV, and a workbook that also lists every field.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness
from kaishu.exports import addresses
from kaishu.exports.framed import Frame
from kaishu.packaging.sheet_rows import row_of
from kaishu.packaging.workbook import SHEET_ROWS, Workbook

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from pathlib import Path

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal
    from kaishu.packaging.model import Package

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Rows:
    """What one dataset adds to the workbook: its entry, and `item_count` rows of its fields."""

    entry: str
    items: str
    item_count: int


def entry_header() -> list[str]:
    """The columns of the entries."""
    return [
        _("Category"), _("Theme"), _("Catalogue code"), _("Name"), _("Provider"),
        _("Unified social credit code"), _("Abstract"), _("Formats"), _("Sharing"),
        _("Conditions of sharing"), _("Mode of sharing"), _("Open to society"), _("Openness"),
        _("Conditions of opening"), _("Update cycle"), _("Published"), _("Data updated"),
        _("Address"),
    ]  # fmt: skip


def entry(portal: Portal, dataset: Dataset, package: Package, updated: date | None) -> list[str]:
    """A dataset's row among the entries; every cell is text."""
    descriptor, entry = dataset.descriptor, dataset.entry
    formats = sorted({file.kind for file in package.files}) if dataset.is_open else []
    # The guide knows only yes and no; the three classes stand beside it.
    open_to_society = _("No") if dataset.openness is Openness.CLOSED else _("Yes")
    published = descriptor.created.date().isoformat() if descriptor.created else ""
    return [
        entry.category.label, dataset.theme.name, entry.code or "", descriptor.title,
        dataset.department.name, dataset.department.uscc or "", descriptor.description or "",
        " ".join(formats), entry.sharing.type.label, entry.sharing.conditions or "",
        " ".join(mode.label for mode in entry.sharing.mode), open_to_society,
        dataset.openness.label, entry.openness.conditions or "", entry.update_cycle.label,
        published, updated.isoformat() if updated else "",
        addresses.of_dataset(portal, dataset),
    ]  # fmt: skip


def item_header() -> list[str]:
    """The columns of the fields."""
    return [
        _("Catalogue code"), _("Name"), _("Provider"), _("Data file"), _("Field"),
        _("Field title"), _("Type"), _("Description"),
    ]  # fmt: skip


def items(dataset: Dataset, package: Package) -> list[list[str]]:
    """One row a field (数据项) of a dataset."""
    return [
        [
            dataset.entry.code or "", dataset.descriptor.title, dataset.department.name,
            table.resource, field.name, field.title or "", field.type, field.description or "",
        ]
        for table in package.tables
        for field in table.fields
    ]  # fmt: skip


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as CSV, UTF-8 with a byte order mark, as spreadsheets on Windows need for Chinese."""
    return BYTE_ORDER_MARK + csv_lines(rows)


def frame() -> Frame:
    """What stands around the lines of the entries."""
    return Frame(as_csv([entry_header()]))


def csv_lines(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as lines of CSV, UTF-8.

    A cell that a spreadsheet would take for a formula is given a leading apostrophe.
    """
    output = io.StringIO()
    csv.writer(output, lineterminator="\r\n").writerows(
        [[_safe(cell) for cell in row] for row in rows]
    )
    return output.getvalue().encode()


def sheet_lines(rows: Sequence[Sequence[str]]) -> str:
    """Rows as they stand in a sheet; cells are text, never formulas."""
    return "".join(row_of(row)[0] for row in rows)


def write_workbook(target: Path, parts: Iterable[Rows], as_of: date) -> None:
    """The workbook of the catalogue: a sheet of its entries, and its fields on as many as it takes."""
    book = Workbook(target, as_of)
    given = list(parts)
    sheet = book.sheet(_("Catalogue entries"), entry_header(), [_WIDTH] * len(entry_header()))
    for one in given:
        sheet.add(one.entry, 1)
    number, name = 1, _("Fields")
    sheet = book.sheet(name, item_header(), [_WIDTH] * len(item_header()))
    for one in given:
        if sheet.rows + one.item_count > SHEET_ROWS:
            number += 1
            sheet = book.sheet(f"{name} {number}", item_header(), [_WIDTH] * len(item_header()))
        sheet.add(one.items, one.item_count)
    book.close()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
