"""The portal in numbers: how many datasets, of which openness, with how many fields and rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base.vocabulary import Openness
from kaishu.catalog.model import Theme

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Department
    from kaishu.site.edition import Edition


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


def grouped(
    edition: Edition, groups: Sequence[Department] | Sequence[Theme]
) -> list[tuple[Department | Theme, Figures]]:
    """Each department or theme of `groups` with the figures of its datasets."""
    # By identifier: comparing whole departments with each other takes the most of a build's time.
    members: dict[str, list[Dataset]] = {group.id: [] for group in groups}
    for dataset in edition.catalog.datasets:
        owner = dataset.theme if isinstance(groups[0], Theme) else dataset.department
        members[owner.id].append(dataset)
    return [(group, count(edition, members[group.id])) for group in groups]


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
