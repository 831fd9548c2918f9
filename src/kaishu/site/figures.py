"""The portal in numbers: how many datasets, of which openness, with how many fields and rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from kaishu.base.vocabulary import Openness
from kaishu.supervision.scorecard import ENTRIES_WITH_DATA, IN_CYCLE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Department, Theme
    from kaishu.site.edition import Edition
    from kaishu.supervision.measures import Measure

Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of some datasets. Withdrawn datasets are counted apart and in nothing else."""

    datasets: int
    unconditional: int
    on_request: int
    closed: int
    withdrawn: int
    fields: int
    rows: int
    files: int


def count(edition: Edition, datasets: Iterable[Dataset]) -> Figures:
    """The figures of `datasets`."""
    given = list(datasets)
    current = [one for one in given if one.entry.withdrawn is None]
    by_openness = Counter(one.openness for one in current)
    tables = [table for one in current for table in edition.packages[one.key].tables]
    return Figures(
        datasets=len(current),
        unconditional=by_openness[Openness.UNCONDITIONAL],
        on_request=by_openness[Openness.ON_REQUEST],
        closed=by_openness[Openness.CLOSED],
        withdrawn=len(given) - len(current),
        fields=sum(len(table.fields) for table in tables),
        rows=sum(table.row_count for table in tables),
        files=sum(len(edition.packages[one.key].files) for one in current if one.is_open),
    )


def by_department(edition: Edition) -> list[tuple[Department, list[Dataset]]]:
    """Each department, in the catalogue's order, with its datasets."""
    own = edition.catalog.by_department
    return [(one, own.get(one.id, [])) for one in edition.catalog.portal.departments]


def by_theme(edition: Edition) -> list[tuple[Theme, list[Dataset]]]:
    """Each theme, in the catalogue's order, with its datasets."""
    own: dict[str, list[Dataset]] = {}
    for dataset in edition.catalog.datasets:
        own.setdefault(dataset.theme.id, []).append(dataset)
    return [(one, own.get(one.id, [])) for one in edition.catalog.portal.themes]


def counted(
    edition: Edition, groups: Iterable[tuple[Group, list[Dataset]]]
) -> list[tuple[Group, Figures]]:
    """Each of `groups` with the figures of its datasets."""
    return [(group, count(edition, own)) for group, own in groups]


def standing(edition: Edition, datasets: Iterable[Dataset]) -> list[Measure]:
    """Coverage and timeliness of `datasets`: how many have data to take, how many are up to date."""
    facts = edition.facts_of(datasets)
    made = (one.measure(facts) for one in (ENTRIES_WITH_DATA, IN_CYCLE))
    return [one for one in made if one.figure is not None]


def formats(edition: Edition) -> list[tuple[str, int, int]]:
    """Each format's name, number of files and bytes, most files first."""
    files: Counter[str] = Counter()
    sizes: Counter[str] = Counter()
    for dataset in edition.catalog.datasets:
        if dataset.is_open:
            for file in edition.packages[dataset.key].files:
                if file.path != "datapackage.json":
                    files[file.kind] += 1
                    sizes[file.kind] += file.bytes
    return [
        (name, n, sizes[name]) for name, n in sorted(files.items(), key=lambda i: (-i[1], i[0]))
    ]
