"""A catalogue in memory: the portal and its datasets, as read from one folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from kaishu.base.vocabulary import Openness

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.base.problems import Problem
    from kaishu.base.strict_yaml import Document
    from kaishu.catalog.model import Contact, Department, Descriptor, Entry, Licence, Portal, Theme


@dataclass(frozen=True)
class Dataset:
    """One dataset: its descriptor, where it lies, and whom it belongs to.

    `folder` is absolute; `file` is the descriptor's path relative to the portal's root; `raw` is
    the descriptor as written (plain Data Package keys kept); `lines` finds a key's line;
    `embargoed`: its day of publication (`publish_on`) is still to come.
    """

    department: Department
    theme: Theme
    descriptor: Descriptor
    raw: dict[str, Any]
    folder: Path
    file: str
    lines: Document = field(repr=False)
    default_licence: Licence | None = None
    embargoed: bool = False

    @property
    def key(self) -> str:
        """`<department>/<name>`: the dataset's address below `/datasets/`."""
        return f"{self.department.id}/{self.descriptor.name}"

    @property
    def entry(self) -> Entry:
        """The government catalogue's entry."""
        return self.descriptor.catalogue

    @property
    def openness(self) -> Openness:
        """开放属性."""
        return self.entry.openness.type

    @property
    def is_open(self) -> bool:
        """Whether its data may be published now: it has data, and their day has come."""
        return self.has_data and not self.embargoed

    @property
    def has_data(self) -> bool:
        """Whether data belong beside its entry: unconditionally open and not withdrawn."""
        return self.openness is Openness.UNCONDITIONAL and self.entry.withdrawn is None

    @property
    def contact(self) -> Contact:
        """The entry's contact, or its department's."""
        return self.entry.contact or self.department.contact

    @property
    def licence(self) -> Licence | None:
        """The first licence stated, or the portal's default."""
        return self.descriptor.licenses[0] if self.descriptor.licenses else self.default_licence


@dataclass(frozen=True)
class Unusable:
    """A dataset whose descriptor is not right; `raw` is what was read, so that its data files can
    be looked at in the same run.
    """

    key: str
    folder: Path
    raw: dict[str, Any]


@dataclass(frozen=True)
class Catalog:
    """All that one folder publishes; `problems` are those found while reading."""

    root: Path
    portal: Portal
    datasets: tuple[Dataset, ...]
    problems: tuple[Problem, ...] = ()
    unusable: tuple[Unusable, ...] = ()

    @cached_property
    def by_key(self) -> dict[str, Dataset]:
        """Datasets by `<department>/<name>`."""
        return {dataset.key: dataset for dataset in self.datasets}

    @cached_property
    def by_department(self) -> dict[str, list[Dataset]]:
        """The datasets of each department that has any, by its id."""
        found: dict[str, list[Dataset]] = {}
        for dataset in self.datasets:
            found.setdefault(dataset.department.id, []).append(dataset)
        return found

    @cached_property
    def opened_for(self) -> dict[str, Dataset]:
        """The dataset that was opened because of a case, by the case's number."""
        return {number: dataset for dataset in self.datasets for number in dataset.entry.opened_for}

    @property
    def register(self) -> Dataset | None:
        """The public register of cases, where it is published as a dataset."""
        return self.by_key.get(f"{self.portal.operator.department}/register")
