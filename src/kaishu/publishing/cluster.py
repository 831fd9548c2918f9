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
from kaishu.packaging.store import Store
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
class Batch:
    """Units that one worker does together, and where: in `cache`, whose folder holds the file
    `token`, or by way of `shared`.
    """

    units: tuple[Unit, ...]
    language: Language
    code: str
    cache: Cache | None = None
    token: str = ""
    shared: SharedCache | None = None

    def do(self) -> list[Package]:
        """Do the units; one that a lost worker had finished is found where it was put."""
        i18n.activate(self.language)
        if code() != self.code:
            raise BuildError(
                _("A worker runs another version of Kaishu. Install the same on all of them.")
            )
        if self.shared is not None:
            with _ONE_AT_A_TIME:
                return [_do_apart(unit, self.shared) for unit in self.units]
        if self.cache is None or not (self.cache.folder / self.token).is_file():
            raise BuildError(
                _(
                    "A worker does not see the folder {folder}. Mount the portal's folder and the "
                    "output's at the same paths on every worker, or name a place that all reach, "
                    "such as KAISHU_CACHE=s3://bucket/prefix."
                ).format(folder=self.cache.folder if self.cache else "")
            )
        with _ONE_AT_A_TIME:
            return [self.cache.find(unit.key) or unit.do(self.cache) for unit in self.units]


def package(units: Sequence[Unit], jobs: int, cache: Cache) -> Iterator[Package]:
    """Packages of the units in `cache`, a folder that the workers share."""
    with client_of(jobs) as (client, workers):
        yield from run(client, workers, units, cache=cache)


def package_shared(units: Sequence[Unit], jobs: int, shared: SharedCache) -> Iterator[Package]:
    """Packages of the units in `shared`, which is all that the workers share."""
    inputs = Store(shared.place)
    there = inputs.digests()
    files = {
        digest: unit.dataset.folder / path
        for unit in units
        for path, digest in unit.inputs.items()
        if digest not in there
    }
    sent = each(lambda one: inputs.put(one[1], one[0], there), files.items())
    for _one in track(_("Sending data"), sent, len(files)):
        pass
    with client_of(jobs) as (client, workers):
        yield from run(client, workers, units, shared=shared)


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
    client: Any, workers: int, units: Sequence[Unit], *,
    cache: Cache | None = None, shared: SharedCache | None = None,
) -> Iterator[Package]:  # fmt: skip
    """Packages as they are done by the cluster of `client`, which does `workers` units at once."""
    with _token(cache) as token:
        common = (i18n.current(), code(), cache, token, shared)
        work = [Batch(tuple(some), *common) for some in batches(units, workers)]
        futures = client.map(Batch.do, work, retries=_RETRIES, pure=False)
        done: Iterable[Any] = importlib.import_module("distributed").as_completed(futures)
        for future in done:
            yield from future.result()


@contextlib.contextmanager
def _token(cache: Cache | None) -> Iterator[str]:
    """A file in the cache by which a worker knows that its folder is ours."""
    if cache is None:
        yield ""
        return
    cache.folder.mkdir(parents=True, exist_ok=True)
    token = f".seen-by-workers-{secrets.token_hex(8)}"
    (cache.folder / token).touch()
    try:
        yield token
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


def _do_apart(unit: Unit, shared: SharedCache) -> Package:
    """Do a unit with nothing of the portal's at hand but what the shared cache holds."""
    before = shared.find(unit.key)
    if before is not None:
        return before
    inputs = Store(shared.place)
    with tempfile.TemporaryDirectory(prefix="kaishu-") as scratch:
        folder = Path(scratch) / "dataset"
        folder.mkdir()
        for path, digest in unit.inputs.items():
            if not inputs.get(digest, folder / path):
                raise BuildError(
                    _("{url} has lost a file of {key}. Build again.").format(
                        url=shared.place.url, key=unit.dataset.key
                    )
                )
        cache = Cache(Path(scratch) / "cache")
        made = replace(unit, dataset=replace(unit.dataset, folder=folder)).do(cache)
        shared.send(unit.key, made, cache.entry(unit.key))
    return made
