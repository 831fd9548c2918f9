"""What a whole build need not make again: findings of files that are as they were, and pages too.

Both are called by a hash of all that they are made of, so a build of the same gives the same.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from kaishu.base import i18n
from kaishu.base.errors import BuildError
from kaishu.base.problems import Problem, Severity
from kaishu.catalog.content import stored
from kaishu.packaging.check import check_dataset
from kaishu.publishing import release as releases
from kaishu.publishing.release import Linked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from kaishu.base.kept import Kept
    from kaishu.catalog.dataset import Dataset
    from kaishu.publishing.build import Order
    from kaishu.publishing.state import State
    from kaishu.site.edition import Edition


def checker(order: Order, kept: Kept) -> Callable[[Dataset], list[Problem]]:
    """`check_dataset`, which remembers in `kept` what it found in files of the same content."""

    def check(dataset: Dataset) -> list[Problem]:
        content = order.inputs.datasets.get(dataset.key)
        own = dataset.folder == order.root / "datasets" / dataset.key
        # What lies in a store may be there at one time and not at another.
        if content is None or not own or any(True for _one in stored(dataset.raw)):
            return check_dataset(dataset)
        name = _hash(content, dataset.key, i18n.current())
        found = kept.take(name, lambda: [one.as_dict() for one in check_dataset(dataset)])
        return [_problem(one) for one in found]

    return check


def _problem(values: Mapping[str, Any]) -> Problem:
    return Problem(**{**values, "severity": Severity(values["severity"])})


def pages(order: Order, edition: Edition, packages: Mapping[str, str]) -> dict[str, str]:
    """A hash of all that the page of each dataset is made of, by key.

    `packages` names each one's package by all that it was made from.
    """
    catalog = edition.catalog
    common = order.around, order.day, edition.shallow, catalog.register and catalog.register.key
    found = {}
    for one in catalog.datasets:
        entry = one.entry
        others = (*entry.related, entry.withdrawn.successor if entry.withdrawn else None)
        there = (catalog.by_key[key] for key in others if key in catalog.by_key)
        named = [(other.key, other.descriptor.title, other.openness) for other in there]
        found[one.key] = _hash(
            common,
            packages[one.key],
            edition.updated.get(one.key),
            edition.pasts.get(one.key),
            edition.found.get(one.key),
            named,
        )
    return found


def as_before(state: State | None, output: Path, names: Mapping[str, str]) -> dict[str, Linked]:
    """The datasets' pages that the last whole release has already, by key.

    `names` are what `pages` says now. Empty where that release is not there.
    """
    if state is None:
        return {}
    try:
        before = releases.load(output / "releases" / state.release)
        manifest = before.manifest
    except BuildError:
        return {}
    found = {}
    for key, name in names.items():
        path = page_of(key)
        if state.pages.get(key) == name and path in manifest:
            found[key] = Linked(before.site / path, manifest[path])
    return found


def page_of(key: str) -> str:
    """The path of a dataset's page below the site's root."""
    return f"datasets/{key}/index.html"


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()
