"""How good one dataset's data are, in figures that name what is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base import formats
from kaishu.base.i18n import gettext as _
from kaishu.base.i18n import ngettext
from kaishu.base.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Dataset
    from kaishu.packaging.model import Package, PublishedTable

# Formats that a program reads as rows and columns or features.
MACHINE_READABLE = ("csv", "json", "ndjson", "xml", "parquet", "geojson", "xlsx")
FEWEST_FORMATS = 3


@dataclass(frozen=True, slots=True)
class Check:
    """One figure: what was looked at, what was found, and what failed, by name."""

    title: str
    value: str
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not self.failures


def checks(dataset: Dataset, package: Package, problems: Sequence[Problem]) -> list[Check]:
    """The figures of an open dataset; `problems` are those that `kaishu check` found in it."""
    return [
        *_tables(package.tables),
        _formats(package),
        _licence(dataset),
        _contact(dataset),
        _found(problems),
    ]


def _tables(tables: Sequence[PublishedTable]) -> Iterator[Check]:
    if not tables:
        return
    fields = [(table, field) for table in tables for field in table.fields]
    cells = sum(table.row_count * len(table.fields) for table in tables)
    empty = [
        (column["nulls"], table, n)
        for table in tables
        for n, column in enumerate(table.profile.get("columns", ()))
        if column["nulls"]
    ]
    empty.sort(key=lambda one: -one[0])
    filled = cells - sum(count for count, _table, _n in empty)
    if cells:
        yield Check(
            _("Cells filled"),
            _("{share} ({n} of {all})").format(
                # Rounded down: one empty cell is never 100 %.
                share=f"{int(1000 * filled / cells) / 10:g} %",
                n=formats.number(filled),
                all=formats.number(cells),
            ),
            tuple(
                _("{field}: {n} empty").format(
                    field=_name(table, n, several=len(tables) > 1), n=formats.number(count)
                )
                for count, table, n in empty
            ),
        )
    unnamed = [
        _name(table, table.fields.index(field), several=len(tables) > 1)
        for table, field in fields
        if not (field.title and field.description)
    ]
    yield Check(
        _("Fields explained"),
        _("{n} of {all}").format(n=len(fields) - len(unnamed), all=len(fields)),
        tuple(_("{field}: no title or no description").format(field=one) for one in unnamed),
    )


def _name(table: PublishedTable, n: int, *, several: bool) -> str:
    field = table.fields[n]
    name = field.title or field.name
    return f"{table.title or table.resource} · {name}" if several else name


def _formats(package: Package) -> Check:
    kinds = {file.kind for file in package.files if file.resource is not None}
    readable = sorted(kinds & set(MACHINE_READABLE))
    failures = (
        () if len(readable) >= FEWEST_FORMATS else (_("Fewer than three formats for machines."),)
    )
    words = ngettext("{n} format", "{n} formats", len(readable)).format(n=len(readable))
    return Check(_("Formats that machines read"), words, failures)


def _licence(dataset: Dataset) -> Check:
    stated = dataset.licence
    name = (stated.title or stated.name) if stated else None
    return Check(
        _("Licence"), name or _("Not stated"), () if name else (_("No licence is stated."),)
    )


def _contact(dataset: Dataset) -> Check:
    reachable = dataset.contact.phone or dataset.contact.email
    failures = () if reachable else (_("Neither a telephone number nor an e-mail address."),)
    return Check(_("Contact"), _("Stated") if reachable else _("Not stated"), failures)


def _found(problems: Sequence[Problem]) -> Check:
    told = tuple(dict.fromkeys(one.message for one in problems if one.severity != Severity.ERROR))
    words = ngettext("{n} remark", "{n} remarks", len(told)).format(n=len(told))
    return Check(_("Automatic checks"), words if told else _("No remarks"), told)
