"""Packaging as units of work: each dataset once, kept by its content, on this machine or a cluster.

A unit that is finished is in the cache at once, so an interrupted build goes on where it stopped,
and a dataset that did not change is never packaged again.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import BuildError
from kaishu.base.i18n import gettext as _
from kaishu.base.parallel import each, in_processes
from kaishu.base.places import place
from kaishu.base.progress import track
from kaishu.publishing import cluster
from kaishu.publishing.cache import Cache, SharedCache, is_linked, link
from kaishu.publishing.unit import unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from kaishu.catalog.dataset import Catalog
    from kaishu.packaging.model import Package
    from kaishu.publishing.unit import Unit

# A place for packages that several machines share: a folder that all mount, or s3://….
SHARED = "KAISHU_CACHE"


@dataclass(frozen=True)
class Made:
    """Every dataset's package by its `<department>/<name>`, how many were there before, and the
    keys of all in the cache.
    """

    packages: dict[str, Package]
    reused: int
    keys: tuple[str, ...]


def package_all(
    catalog: Catalog, output: Path, updated: dict[str, date], *, engine: str, jobs: int
) -> Made:
    """Package every dataset into `output/packages`, doing only what the cache does not hold.

    Raises UsageError where the engine is not installed or its cluster cannot be reached,
    StoreError where the shared cache cannot be used.
    """
    cache = cache_of(output)
    units = [unit_of(one, catalog, updated) for one in catalog.datasets]
    packages: dict[str, Package] = {}
    for unit in units:
        made = cache.find(unit.key)
        if made is not None:
            packages[unit.dataset.key] = made
    shared = SharedCache(place(os.environ[SHARED])) if os.environ.get(SHARED) else None
    if shared is not None:
        packages |= _bring(shared, [one for one in units if one.dataset.key not in packages], cache)
    waiting = [unit for unit in units if unit.dataset.key not in packages]
    if waiting:
        run = _on_cluster if engine == "dask" else _here
        made_now = run(waiting, jobs, cache, shared)
        for made in track(_("Packaging"), made_now, len(waiting)):
            packages[made.key] = made
    _lay_out(units, packages, cache, output / "packages")
    return Made(packages, len(units) - len(waiting), tuple(unit.key for unit in units))


def cache_of(output: Path) -> Cache:
    """The packages that builds into `output` keep."""
    return Cache(output / "cache" / "packages")


def _here(
    units: Sequence[Unit], jobs: int, cache: Cache, shared: SharedCache | None
) -> Iterator[Package]:
    """Packages made on this machine, each as soon as those before it are."""
    keys = {unit.dataset.key: unit.key for unit in units}
    for made in _made_here(units, jobs, cache):
        if shared is not None:
            shared.send(keys[made.key], made, cache.entry(keys[made.key]))
        yield made


def _made_here(units: Sequence[Unit], jobs: int, cache: Cache) -> Iterator[Package]:
    if jobs == 1 or len(units) < 2:
        yield from (unit.do(cache) for unit in units)
        return
    yield from in_processes(lambda unit: unit.do(cache), units, jobs)


def _on_cluster(
    units: Sequence[Unit], jobs: int, cache: Cache, shared: SharedCache | None
) -> Iterator[Package]:
    """Packages made by a cluster's workers, and brought here where they share no folder."""
    if shared is None:
        yield from cluster.package(units, jobs, cache)
        return
    keys = {unit.dataset.key: unit.key for unit in units}
    for made in cluster.package_apart(units, jobs, shared):
        brought = shared.bring(keys[made.key], cache)
        if brought is None:
            raise BuildError(
                _("{url} has lost the package of {key}. Build again.").format(
                    url=shared.place.url, key=made.key
                )
            )
        yield brought


def _bring(shared: SharedCache, units: Sequence[Unit], cache: Cache) -> dict[str, Package]:
    """Those of the packages that the shared cache holds."""
    there = shared.keys() if units else set()
    wanted = [unit for unit in units if unit.key in there]
    brought = each(lambda unit: shared.bring(unit.key, cache), wanted)
    found = list(track(_("Fetching packages"), brought, len(wanted)))
    return {made.key: made for made in found if made is not None}


def _lay_out(
    units: Sequence[Unit], packages: dict[str, Package], cache: Cache, target: Path
) -> None:
    """The packages by `<department>/<name>` below `target`; those that are there stay."""
    for folder in [path for path in target.glob("*/*") if path.is_dir()]:
        if folder.relative_to(target).as_posix() not in packages:
            shutil.rmtree(folder)
    for unit in units:
        made, source = packages[unit.dataset.key], cache.entry(unit.key)
        folder = target / unit.dataset.key
        if not is_linked(made, source, folder):
            shutil.rmtree(folder, ignore_errors=True)
            link(made, source, folder)
