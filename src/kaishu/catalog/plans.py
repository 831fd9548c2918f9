"""Annual opening plans: `governance/plans/<year>.yaml` (朔州 第二十四条).

year: 2027
items:
  - {title: 公交站点, department: jtj, dataset: jtj/bus-stops, by: 2027-03-31}
  - {title: 停车场, department: jtj, quarter: 4}
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.catalog.governance import named, read_file
from kaishu.catalog.model import DatasetKey, Id, Strict, Text
from kaishu.catalog.upkeep import quarter_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.base.strict_yaml import Document
    from kaishu.catalog.dataset import Catalog

FOLDER = "governance/plans"

FILE_NAME = problems.error(
    "plan-file-name",
    N_("An opening plan's file is called by its year: {year}.yaml."),
    N_("Rename the file, or correct the year that stands in it."),
)
WHEN = problems.error(
    "plan-item-without-day",
    N_("“{title}” has to be opened by a day of {year}: either quarter or by."),
    N_("Write quarter: 1 to 4, or by: YYYY-MM-DD of the plan's year; not both."),
)

_YEAR_FILE = re.compile(r"\d{4}\.yaml\Z")


class PlanItem(Strict):
    """One thing to be opened; `dataset` is its address, once that is known."""

    title: Text = Field(title=N_("Title"))
    department: Id = Field(title=N_("Department"))
    dataset: DatasetKey | None = Field(None, title=N_("Dataset"))
    quarter: Annotated[int, Field(ge=1, le=4, strict=True)] | None = Field(
        None, title=N_("Quarter")
    )
    by: dt.date | None = Field(None, title=N_("To be opened by"))


class PlanFile(Strict):
    """governance/plans/<year>.yaml."""

    year: Annotated[int, Field(ge=2000, le=9998, strict=True)] = Field(title=N_("Year"))
    items: tuple[PlanItem, ...] = Field(min_length=1, title=N_("Items"))


@dataclass(frozen=True, slots=True)
class Plan:
    """One year's plan and the file that it stands in (relative to the root)."""

    file: str
    said: PlanFile

    def due(self, item: PlanItem) -> dt.date:
        """The day by which an item is to be open: as stated, or its quarter's last."""
        return item.by or quarter_end(dt.date(self.said.year, 3 * (item.quarter or 4), 1))


def read(catalog: Catalog) -> tuple[tuple[Plan, ...], list[problems.Problem]]:
    """The plans of the portal, by year, and every problem of their files."""
    plans: list[Plan] = []
    found: list[problems.Problem] = []
    for path in sorted((catalog.root / FOLDER).glob("*.y*ml")):
        file = f"{FOLDER}/{path.name}"
        said, document = read_file(path, PlanFile, file=file, found=found)
        if said is None:
            continue
        found += (wrong := list(_check(said, document, file, catalog)))
        if not problems.has_errors(wrong):
            plans.append(Plan(file, said))
    return tuple(plans), found


def _check(
    said: PlanFile, document: Document, file: str, catalog: Catalog
) -> Iterator[problems.Problem]:
    name = file.rpartition("/")[2]
    if not _YEAR_FILE.match(name) or name != f"{said.year}.yaml":
        yield FILE_NAME.at(file=file, line=document.line(("year",)), year=said.year)
    for i, item in enumerate(said.items):
        one_of_both = (item.by is None) != (item.quarter is None)
        if not one_of_both or (item.by is not None and item.by.year != said.year):
            line = document.line(("items", i))
            yield WHEN.at(file=file, line=line, title=item.title, year=said.year)
    departments = [(("items", i, "department"), one.department) for i, one in enumerate(said.items)]
    # A dataset that is only planned is in no catalogue yet, so its absence is no problem.
    yield from named(catalog, document, file, departments=departments)
