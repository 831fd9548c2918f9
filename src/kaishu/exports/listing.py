"""The whole catalogue as one table, with the columns of the national catalogue guide
(发改高技〔2017〕1272号): CSV, and a workbook that also lists every field.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from typing import TYPE_CHECKING

import xlsxwriter

from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness
from kaishu.exports import addresses

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.packaging.model import Package


def entries(
    catalog: Catalog, packages: Mapping[str, Package], updated: Mapping[str, date]
) -> list[list[str]]:
    """One row a dataset, below a header row; every cell is text."""
    header = [
        _("Category"), _("Theme"), _("Catalogue code"), _("Name"), _("Provider"),
        _("Unified social credit code"), _("Abstract"), _("Formats"), _("Sharing"),
        _("Conditions of sharing"), _("Mode of sharing"), _("Open to society"), _("Openness"),
        _("Conditions of opening"), _("Update cycle"), _("Published"), _("Data updated"),
        _("Address"),
    ]  # fmt: skip
    return [header, *(_entry(catalog, one, packages[one.key], updated) for one in catalog.datasets)]


def _entry(
    catalog: Catalog, dataset: Dataset, package: Package, updated: Mapping[str, date]
) -> list[str]:
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
        published, updated[dataset.key].isoformat() if dataset.key in updated else "",
        addresses.of_dataset(catalog.portal, dataset),
    ]  # fmt: skip


def items(catalog: Catalog, packages: Mapping[str, Package]) -> list[list[str]]:
    """One row a field (数据项) of every dataset, below a header row."""
    rows = [
        [
            _("Catalogue code"), _("Name"), _("Provider"), _("Data file"), _("Field"),
            _("Field title"), _("Type"), _("Description"),
        ]
    ]  # fmt: skip
    for dataset in catalog.datasets:
        for table in packages[dataset.key].tables:
            rows.extend(
                [
                    dataset.entry.code or "", dataset.descriptor.title, dataset.department.name,
                    table.resource, field.name, field.title or "", field.type,
                    field.description or "",
                ]
                for field in table.fields
            )  # fmt: skip
    return rows


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as CSV, UTF-8 with a byte order mark, as spreadsheets on Windows need for Chinese.

    A cell that a spreadsheet would take for a formula is given a leading apostrophe.
    """
    output = io.StringIO()
    csv.writer(output, lineterminator="\r\n").writerows(
        [[_safe(cell) for cell in row] for row in rows]
    )
    return b"\xef\xbb\xbf" + output.getvalue().encode()


def as_workbook(sheets: Mapping[str, Sequence[Sequence[str]]], as_of: date) -> bytes:
    """Sheets by name as XLSX; cells are text, never formulas."""
    output = io.BytesIO()
    with xlsxwriter.Workbook(output, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": dt.datetime.combine(as_of, dt.time())})
        bold = book.add_format({"bold": True, "bg_color": "#E8EEF4"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            sheet.freeze_panes(1, 0)
            for number, row in enumerate(rows):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, None if number else bold)
            sheet.set_column(0, len(rows[0]) - 1, 18)
    return output.getvalue()


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
