"""Packaging on a Dask cluster: the same units in batches, whose workers share a folder, or nothing.

Workers that share no folder take what they need from the shared cache, and put there what they
made. A lost worker's units are done by another.
"""

from __future__ import annotations

import contextlib
import importlib
import math
import os
import secrets
import tempfile
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import i18n
from kaishu.base.errors import BuildError, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.base.parallel import each
from kaishu.base.progress import track
from kaishu.catalog.content import stored
from kaishu.packaging.store import Store
from kaishu.packaging.stored import open_store
from kaishu.publishing.cache import Cache, SharedCache
from kaishu.publishing.unit import code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kaishu.base.i18n import Language
    from kaishu.packaging.model import Package
    from kaishu.publishing.unit import Unit

# Where a cluster's scheduler listens; without one, a cluster is made on this machine.
CLUSTER = "KAISHU_DASK"
# Datasets small enough that asking for each alone would cost more than packaging it.
_BATCH, _BATCH_BYTES = 50, 16 * 1024 * 1024
# So many batches for each worker at least, that none waits long for the last of another.
_ROUNDS = 4
_RETRIES = 3
_PATIENCE = 20  # seconds
# A process has one connection to the table engine, whatever the threads of a worker.
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class Together:
    """Workers that see the portal's folder and the cache, which holds the file `token`."""

    cache: Cache
    token: str

    def do(self, units: Sequence[Unit]) -> list[Package]:
        """Do the units; one that a lost worker had finished is found in the cache."""
        if not (self.cache.folder / self.token).is_file():
            raise _unseen(self.cache.folder)
        for unit in units:
            if not unit.dataset.folder.is_dir():
                raise _unseen(unit.dataset.folder)
        return [self.cache.find(unit.key) or unit.do(self.cache) for unit in units]


@dataclass(frozen=True)
class Apart:
    """Workers that see nothing of this machine's, but the shared cache and stores on S3."""

    shared: SharedCache

    def do(self, units: Sequence[Unit]) -> list[Package]:
        """Do the units; one that a lost worker had finished is found in the shared cache."""
        return [self.shared.find(unit.key) or self._do(unit) for unit in units]

    def _do(self, unit: Unit) -> Package:
        stores = [Store(self.shared.place), *_stores(unit)]
        with tempfile.TemporaryDirectory(prefix="kaishu-") as scratch:
            folder = Path(scratch) / "dataset"
            folder.mkdir()
            for path, digest in unit.inputs.items():
                if not any(store.get(digest, folder / path) for store in stores):
                    raise BuildError(
                        _("{url} has lost a file of {key}. Build again.").format(
                            url=self.shared.place.url, key=unit.dataset.key
                        )
                    )
            cache = Cache(Path(scratch) / "cache")
            made = replace(unit, dataset=replace(unit.dataset, folder=folder)).do(cache)
            self.shared.send(unit.key, made, cache.entry(unit.key))
        return made

    def send(self, units: Sequence[Unit]) -> None:
        """Put what the units need where workers find it, and is not in a store of the portal's."""
        inputs = Store(self.shared.place)
        there = inputs.digests()
        for unit in units:
            named = {one.digest for one in stored(unit.dataset.raw)} & set(unit.inputs.values())
            there |= {one for one in named if any(store.has(one) for store in _stores(unit))}
        files = {
            digest: unit.dataset.folder / path
            for unit in units
            for path, digest in unit.inputs.items()
            if digest not in there
        }
        sent = each(lambda one: inputs.put(one[1], one[0], there), files.items())
        for _one in track(_("Sending data"), sent, len(files)):
            pass


@dataclass(frozen=True)
class Batch:
    """Units that one worker does together, `where` its files are."""

    units: tuple[Unit, ...]
    where: Together | Apart
    language: Language
    code: str

    def do(self) -> list[Package]:
        """Do the units, as the machine that asks for them would."""
        i18n.activate(self.language)
        if code() != self.code:
            raise BuildError(
                _("A worker runs another version of Kaishu. Install the same on all of them.")
            )
        with _ONE_AT_A_TIME:
            return self.where.do(self.units)


def package(units: Sequence[Unit], jobs: int, cache: Cache) -> Iterator[Package]:
    """Packages of the units in `cache`, a folder that the workers share."""
    with together(cache) as where, client_of(jobs) as (client, workers):
        yield from run(client, workers, units, where)


def package_apart(units: Sequence[Unit], jobs: int, shared: SharedCache) -> Iterator[Package]:
    """Packages of the units in `shared`, which is all that the workers share."""
    where = Apart(shared)
    where.send(units)
    with client_of(jobs) as (client, workers):
        yield from run(client, workers, units, where)


def batches(units: Sequence[Unit], workers: int) -> list[list[Unit]]:
    """Units in batches of limited number and size, so that asking costs little beside the work,
    and every one of `workers` has some.
    """
    most = max(1, min(_BATCH, math.ceil(len(units) / (workers * _ROUNDS))))
    found: list[list[Unit]] = []
    size = 0
    for unit in units:
        if not found or size + unit.size > _BATCH_BYTES or len(found[-1]) >= most:
            found.append([])
            size = 0
        found[-1].append(unit)
        size += unit.size
    return found


def run(
    client: Any, workers: int, units: Sequence[Unit], where: Together | Apart
) -> Iterator[Package]:
    """Packages as they are done by the cluster of `client`, which does `workers` units at once."""
    work = [Batch(tuple(some), where, i18n.current(), code()) for some in batches(units, workers)]
    futures = client.map(Batch.do, work, retries=_RETRIES, pure=False)
    done: Iterable[Any] = importlib.import_module("distributed").as_completed(futures)
    for future in done:
        yield from future.result()


@contextlib.contextmanager
def together(cache: Cache) -> Iterator[Together]:
    """Within, the cache holds a file by which a worker knows that its folder is ours."""
    cache.folder.mkdir(parents=True, exist_ok=True)
    token = f".seen-by-workers-{secrets.token_hex(8)}"
    (cache.folder / token).touch()
    try:
        yield Together(cache, token)
    finally:
        (cache.folder / token).unlink()


@contextlib.contextmanager
def client_of(jobs: int) -> Iterator[tuple[Any, int]]:
    """A client of the cluster, and how many units its workers can do at once."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise UsageError(_("The engine dask is not installed; install kaishu[dask].")) from None
    address = os.environ.get(CLUSTER)
    with contextlib.ExitStack() as stack:
        try:
            cluster = address or stack.enter_context(
                distributed.LocalCluster(
                    n_workers=jobs, threads_per_worker=1, dashboard_address=None
                )
            )
            client = stack.enter_context(distributed.Client(cluster, timeout=f"{_PATIENCE}s"))
            client.wait_for_workers(1, timeout=_PATIENCE)
        except OSError as error:
            raise UsageError(
                _("The Dask cluster {address} cannot be reached, or has no workers: {reason}")
                .format(address=address or "", reason=error)
            ) from error  # fmt: skip
        yield client, max(1, sum(client.nthreads().values()))


def _unseen(folder: Path) -> BuildError:
    return BuildError(
        _(
            "A worker does not see the folder {folder}. Mount the portal's folder and the "
            "output's at the same paths on every worker, or name a place that all reach, "
            "such as KAISHU_CACHE=s3://bucket/prefix."
        ).format(folder=folder)
    )


def _stores(unit: Unit) -> list[Store]:
    """The portal's stores that every machine reaches."""
    return [open_store(one) for one in unit.portal.stores if one.url.startswith("s3://")]
