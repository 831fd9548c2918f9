"""What changed goes first: its own pages and files are public before the whole is looked at again.

A change of a few datasets' content is checked, packaged and rendered by itself, and published as
the public release with these datasets' folders replaced. Lists, figures and the catalogue's files
follow with the whole (`whole`), whose bytes are those of a build from nothing. Whatever could
touch another dataset (a new one, one that is gone, a former address, a setting) waits for the whole.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.problems import has_errors
from kaishu.catalog import reviews
from kaishu.catalog.content import Content
from kaishu.catalog.load import load
from kaishu.catalog.rules import UNKNOWN_DATASET
from kaishu.catalog.upkeep import last_updates
from kaishu.exports import feeds
from kaishu.packaging.check import check_some
from kaishu.packaging.versions import pasts
from kaishu.publishing import release as releases
from kaishu.publishing.release import Linked
from kaishu.publishing.state import State
from kaishu.publishing.unit import unit_of
from kaishu.publishing.work import cache_of
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site.edition import Edition
from kaishu.site.rendering import write_datasets
from kaishu.site.shell import Link

if TYPE_CHECKING:
    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog
    from kaishu.publishing.build import Order

# More than these are no faster by themselves than with the whole.
MOST = 20


@dataclass(frozen=True)
class Early:
    """What went first: its release, the keys of what `changed`, an edition of these datasets and of
    those that they name, and what the last whole build left behind.
    """

    release: releases.Release
    changed: frozenset[str]
    edition: Edition
    state: State


def publish(order: Order, public: releases.Release) -> Early | None:
    """Publish what changed since the release `public`; None where it has to wait for the whole."""
    state = State.read(order.state)
    if state is None or state.release != public.id or state.around != order.around:
        return None
    now = order.inputs.datasets
    changed = frozenset(key for key, content in now.items() if state.contents.get(key) != content)
    if not 0 < len(changed) <= MOST or now.keys() != state.contents.keys():
        return None
    catalog, found = check_some(order.root, changed, order.day)
    named = {name for one in catalog.datasets for name in one.entry.related}
    wrong = has_errors(one for one in found if one.code != UNKNOWN_DATASET.id)
    if wrong or not named <= now.keys() or not _alone(catalog, changed, state):
        return None
    if not _approved(catalog):
        return None
    if named - changed:
        catalog = load(order.root, order.day, only=changed | named)
    return _release(order, public, catalog, changed, found, state)


def _alone(catalog: Catalog, changed: frozenset[str], state: State) -> bool:
    """Whether these datasets are whole, and nothing of theirs is another's or leads elsewhere."""
    return {one.key for one in catalog.datasets} == changed and all(
        state.ids.get(one.descriptor.id or "", one.key) == one.key
        and state.codes.get(one.entry.code or "", one.key) == one.key
        and not one.entry.aliases
        and one.entry.withdrawn is None
        for one in catalog.datasets
    )


def _approved(catalog: Catalog) -> bool:
    """Whether the policy lets exactly these contents become public."""
    policy = catalog.portal.review_policy
    return policy == "none" or all(
        reviews.is_approved(policy, Content.of(one), reviews.of_dataset(catalog.root, one)[0])
        for one in catalog.datasets
    )


def _release(
    order: Order,
    public: releases.Release,
    catalog: Catalog,
    changed: frozenset[str],
    found: list[Problem],
    state: State,
) -> Early | None:
    updated = last_updates(catalog, order.history, only=changed)
    past = pasts(
        catalog, order.history, order.output / "cache" / "pasts", order.day, {}, only=changed
    )
    cache = cache_of(order.output)
    units = {one.key: unit_of(one, catalog, updated) for one in catalog.datasets}
    packages = {key: cache.find(unit.key) or unit.do(cache) for key, unit in units.items()}
    edition = Edition(
        catalog=catalog,
        regulation=library.load(catalog.portal.regulation, catalog.root),
        calendar=WorkingCalendar.load(catalog.root),
        packages=packages,
        updated=updated,
        as_of=order.day,
        commit=order.history.commit,
        shallow=order.history.shallow,
        problems=found,
        libraries=order.libraries,
        pasts=past,
    )
    staging = Path(tempfile.mkdtemp(dir=order.output, prefix=".staging-"))
    try:
        narrative = tuple(Link(path, title) for path, title in state.narrative)
        compiled = order.output / "cache" / "templates" / order.around
        if not compiled.is_dir():
            shutil.rmtree(compiled.parent, ignore_errors=True)
        write_datasets(edition, narrative, sorted(changed), staging, compiled)
        for key in changed:
            dataset = catalog.by_key[key]
            feed = feeds.of_dataset(catalog.portal, dataset, updated, order.day, past.get(key))
            (staging / "datasets" / key / "feed.xml").write_bytes(feed)
        linked = {
            f"datasets/{key}/{file.path}": Linked(
                cache.entry(units[key].key) / file.path, file.sha256
            )
            for key in changed
            for file in packages[key].files
        }
        folders = [f"datasets/{key}" for key in sorted(changed)]
        release = releases.replace(public, order.output, folders, staging, linked)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    if release is None:
        return None
    releases.switch(order.output, release)
    return Early(release, changed, edition, state)
