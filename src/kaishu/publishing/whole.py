"""The whole portal checked, packaged, rendered and made public; what did not change is reused."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import InvalidFiles
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.base.kept import Kept
from kaishu.base.problems import has_errors
from kaishu.catalog import opinions, register
from kaishu.catalog.public import public
from kaishu.catalog.upkeep import last_updates
from kaishu.exports import write as exports
from kaishu.packaging import stored
from kaishu.packaging.check import check_portal
from kaishu.packaging.report import as_json
from kaishu.packaging.store import COPIES
from kaishu.packaging.versions import pasts
from kaishu.publishing import release as releases
from kaishu.publishing import search, unchanged, work
from kaishu.publishing.build import Built, Order
from kaishu.publishing.following import kept_in, records_of
from kaishu.publishing.release import Linked
from kaishu.publishing.state import State
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site.build import build as build_site
from kaishu.site.edition import Edition
from kaishu.site.listings import listed
from kaishu.supervision import feeds
from kaishu.supervision.obligations import obligations
from kaishu.supervision.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from kaishu.base.problems import Problem
    from kaishu.catalog.public import Public
    from kaishu.site.shell import Link


def publish(order: Order, followed: Callable[[], object] | None = None) -> Built:
    """Make the release of `order` and switch to it.

    Where an index is being made already, `followed` waits for it; nothing is published before.

    Raises InvalidFiles with the problems where there are errors, BuildError where the build
    cannot finish; then the public release is untouched.
    """
    order.say(_("Checking"))
    kept = Kept(order.output / "cache" / "checks", order.inputs.engine)
    catalog, problems = check_portal(
        order.root, day=order.day, check=unchanged.checker(order, kept)
    )
    kept.save()
    write_atomically(order.output / "reports" / "check.json", as_json(problems, catalog))
    if catalog is None or has_errors(problems):
        raise InvalidFiles(_("The portal has errors; nothing was published."), problems)
    shown = public(catalog, order.history, order.output / "cache" / "versions", order.day)
    # An earlier version that is public instead may have its data in a store.
    earlier = [one for one in shown.catalog.datasets if catalog.by_key[one.key] is not one]
    missing = list(stored.fetch(earlier, catalog.portal, order.root / COPIES))
    if missing:
        raise InvalidFiles(_("The portal has errors; nothing was published."), missing)
    release, reused = _release(order, shown, problems, followed)
    return Built(release, tuple(problems), release.datasets, reused, False, shown.held)


def _release(
    order: Order, shown: Public, problems: list[Problem], followed: Callable[[], object] | None
) -> tuple[releases.Release, int]:
    catalog = shown.catalog
    regulation = library.load(catalog.portal.regulation, catalog.root)
    calendar = WorkingCalendar.load(catalog.root)
    updated = shown.dates(last_updates(catalog, order.history))
    held = {one.dataset.key for one in shown.held}
    output = order.output
    earlier = {one.dataset.key: one.shown for one in shown.held if one.shown}
    past = pasts(catalog, order.history, output / "cache" / "pasts", order.day, earlier)
    order.say(_("Packaging {n} datasets").format(n=len(catalog.datasets)))
    made = work.package_all(catalog, output, updated, engine=order.engine, jobs=order.jobs)
    keys = {one.key: key for one, key in zip(catalog.datasets, made.keys, strict=True)}
    cache = work.cache_of(output)
    packages = made.packages
    edition = Edition(
        catalog=catalog,
        regulation=regulation,
        calendar=calendar,
        packages=packages,
        updated=updated,
        as_of=order.day,
        commit=order.history.commit,
        shallow=order.history.shallow,
        problems=[one for one in problems if one.dataset not in held],
        register=register.read(catalog.root)[0],
        opinions=opinions.read(catalog.root, catalog.portal)[0],
        libraries=order.libraries,
        pasts=past,
    )
    kept_records = kept_in(output, order.inputs.engine)
    records = records_of(edition, listed(catalog.datasets), keys, kept_records)

    def begin_index() -> search.Index:
        return search.begin(catalog.portal, (one for _name, one in records.values()), output)

    index = begin_index() if followed is None else None
    pages = unchanged.pages(order, edition, keys)
    same = unchanged.as_before(State.read(order.state), output, pages)
    staging = Path(tempfile.mkdtemp(dir=output, prefix=".staging-"))
    kept = Kept(output / "cache" / "exports", order.inputs.engine)
    try:
        staging.chmod(0o755)
        order.say(_("Rendering"))
        narrative = build_site(edition, staging, same, jobs=order.jobs)
        exports.write(
            catalog, packages, updated, order.day, staging, pasts=past, contents=keys, kept=kept
        )
        kept.save()
        record = Record.take(catalog, order.history, regulation, calendar, order.day)
        for path, content in feeds.files(record, obligations(record)).items():
            write_atomically(staging / path, content)
        linked = {
            f"datasets/{key}/{file.path}": Linked(cache.entry(keys[key]) / file.path, file.sha256)
            for key, one in packages.items()
            for file in one.files
        } | {unchanged.page_of(key): one for key, one in same.items()}
        order.say(_("Publishing"))
        if followed is not None:
            followed()
        kept_records.save()
        index = index or begin_index()
        release = search.go_public(
            staging, output, order.fingerprint, index, linked=linked, datasets=len(packages)
        )
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    names = {key: name for key, (name, _record) in records.items()}
    _remember(order, release, shown, narrative, names, pages)
    releases.prune(output)
    search.prune(output)
    cache.used(release.id, made.keys)
    stored.prune(catalog.root / COPIES)
    cache.prune([path.name for path in (output / "releases").iterdir()])
    releases.prepare(output)
    releases.reserve(output)
    return release, made.reused


def _remember(
    order: Order,
    release: releases.Release,
    shown: Public,
    narrative: Sequence[Link],
    records: dict[str, str],
    pages: dict[str, str],
) -> None:
    """Tell the next build what this one was."""
    order.state.unlink(missing_ok=True)
    datasets = shown.catalog.datasets
    State(
        release=release.id,
        around=order.around,
        contents=order.inputs.datasets,
        ids={one.descriptor.id: one.key for one in datasets if one.descriptor.id},
        codes={one.entry.code: one.key for one in datasets if one.entry.code},
        narrative=[(one.path, one.title) for one in narrative],
        records=records,
        pages=pages,
    ).keep(order.state)
