"""The search index follows pages that went first, while the whole is still being looked at.

It is made in a process of its own, of what the last whole build kept of all other datasets, and
public as soon as it is there. Where that cannot be, the whole's own index follows with the whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from kaishu.base import i18n
from kaishu.base.kept import Kept
from kaishu.publishing import search
from kaishu.site.search.records import Record, record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import Portal
    from kaishu.publishing.build import Order
    from kaishu.publishing.first import Early
    from kaishu.publishing.release import Release
    from kaishu.site.edition import Edition

# Pagefind's and its feeder's: where there are no more, the whole would take theirs.
_CORES = 3


def records_of(
    edition: Edition, datasets: Iterable[Dataset], contents: Mapping[str, str], kept: Kept
) -> dict[str, tuple[str, Record]]:
    """What search holds of each of `datasets`, by key, and the name under which it is `kept`.

    `contents` are hashes of what their packages were made from.
    """
    found = {}
    for one in datasets:
        updated = edition.updated.get(one.key)
        parts = contents[one.key], one.theme.id, one.theme.name, updated
        name = hashlib.sha256(repr(parts).encode()).hexdigest()
        package = edition.packages[one.key]
        values = kept.get(name)
        own = Record(*values) if values else record(one, package, updated)
        if values is None:
            kept.put(name, own.kept())
        found[one.key] = name, own
    return found


def kept_in(output: Path, engine: str) -> Kept:
    """The records that builds into `output` keep; `engine` is a hash of what made them."""
    return Kept(output / "cache" / "records", engine)


@contextlib.contextmanager
def following(order: Order, early: Early | None) -> Iterator[Callable[[], object] | None]:
    """Within, the index of `early` is made; what is given waits until it is public, or cannot be."""
    if early is None:
        yield None
        return
    edition = early.edition
    own = [
        record(one, edition.packages[one.key], edition.updated.get(one.key))
        for one in edition.catalog.datasets
        if one.key in early.changed
    ]
    others = [name for key, name in early.state.records.items() if key not in early.changed]
    language = i18n.current()
    with ProcessPoolExecutor(1, initializer=i18n.activate, initargs=(language,)) as pool:
        made = pool.submit(
            _follow, order.output, edition.catalog.portal, early.release,
            order.inputs.engine, others, own,
        )  # fmt: skip
        # What went wrong goes wrong again with the whole, which tells of it.
        yield made.exception


def has_room() -> bool:
    """Whether the whole can be looked at beside an index in the making, and not slow it down."""
    return (os.cpu_count() or 1) > _CORES


def _follow(
    output: Path, portal: Portal, release: Release, engine: str, names: list[str], own: list[Record]
) -> None:
    kept = kept_in(output, engine)
    found = [kept.get(name) for name in names]
    if all(found):
        index = search.begin(portal, [*own, *(Record(*one) for one in found)], output)
        search.follow(release, output, search.UNFINISHED, index)
