"""Packaging as units of work: each dataset once, kept by its content, on this machine or a cluster.

A unit that is finished is in the cache at once, so an interrupted build goes on where it stopped,
and a dataset that did not change is never packaged again.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import shutil
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import kaishu
from kaishu.base import i18n
from kaishu.base.errors import UsageError
from kaishu.base.files import canonical_json, sha256, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.packaging.model import Package
from kaishu.packaging.package import package
from kaishu.publishing.trees import link

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from kaishu.base.i18n import Language
    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.model import Portal

# Where a cluster's scheduler listens; without one, a cluster is made on this machine.
CLUSTER = "KAISHU_DASK"
RECORD = "package.json"
# The code that decides a package's bytes.
_CODE = ("base", "catalog", "packaging")
_KEPT_DAYS = 14
# Datasets small enough that asking for each alone would cost more than packaging it.
_BATCH, _BATCH_BYTES = 50, 16 * 1024 * 1024
_RETRIES = 3
_PATIENCE = "20s"


@dataclass(frozen=True)
class Unit:
    """One dataset to be packaged into `folder`, which is called by the unit's content."""

    dataset: Dataset
    portal: Portal
    updated: date | None
    folder: Path

    def done(self) -> Package | None:
        """What was packaged before; None where there is nothing, or not all of it."""
        try:
            made = Package.from_dict(json.loads((self.folder / RECORD).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None
        whole = all(
            (self.folder / file.path).is_file()
            and (self.folder / file.path).stat().st_size == file.bytes
            for file in made.files
        )
        return made if whole else None

    def do(self) -> Package:
        """Package it; it is in its place whole or not at all."""
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.folder.parent, prefix=".part-") as scratch:
            made = package(
                self.dataset, Path(scratch) / "made", portal=self.portal, updated=self.updated
            )
            write_atomically(Path(scratch) / "made" / RECORD, canonical_json(made.as_dict()))
            shutil.rmtree(self.folder, ignore_errors=True)
            (Path(scratch) / "made").rename(self.folder)
        return made


@dataclass(frozen=True)
class Made:
    """Every dataset's package by key, how many were there before, and where each one's files lie.

    The name of that folder is a hash of all that the package was made from.
    """

    packages: dict[str, Package]
    reused: int
    folders: dict[str, Path]


def package_all(
    catalog: Catalog,
    output: Path,
    updated: Mapping[str, date],
    *,
    engine: str,
    jobs: int,
    contents: Mapping[str, str] | None = None,
) -> Made:
    """Package every dataset into `output/packages`, doing only what the cache does not hold.

    `contents` is a hash of each dataset's folder where it is known, by key.
    Raises UsageError where the engine is not installed or its cluster cannot be reached.
    """
    cache = output / "cache" / "packages"
    units = units_of(catalog, output, updated, contents)
    before = {unit.dataset.key: unit.done() for unit in units}
    waiting = [unit for unit in units if before[unit.dataset.key] is None]
    run = _dask if engine == "dask" else _local
    fresh = {one.key: one for one in run(waiting, jobs)}
    packages = {key: made if made is not None else fresh[key] for key, made in before.items()}
    folders = {unit.dataset.key: unit.folder for unit in units}
    _lay_out(output, packages, folders)
    _prune(cache, {folder.name for folder in folders.values()})
    return Made(packages, len(units) - len(waiting), folders)


def units_of(
    catalog: Catalog,
    output: Path,
    updated: Mapping[str, date],
    contents: Mapping[str, str] | None = None,
) -> list[Unit]:
    """The units of work of every dataset in `catalog`."""
    cache, portal = output / "cache" / "packages", catalog.portal
    return [
        Unit(one, portal, day, cache / key_of(one, portal, day, (contents or {}).get(one.key)))
        for one in catalog.datasets
        for day in [updated.get(one.key)]
    ]


def key_of(dataset: Dataset, portal: Portal, day: date | None, content: str | None = None) -> str:
    """A hash of all that decides the bytes of a dataset's package.

    `content` is a hash of its folder, where it is known already.
    """
    parts: dict[str, Any] = {
        "content": content or content_of(dataset.folder),
        "open": dataset.is_open,
        "key": dataset.key,
        "department": dataset.department.name,
        "url": portal.url,
        "title": portal.title,
        "licence": dataset.licence.model_dump() if dataset.licence else None,
        "updated": day.isoformat() if day else None,
        "language": i18n.current(),
        "code": _code(),
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def content_of(folder: Path) -> str:
    """A hash of all files in a dataset's folder."""
    text = "".join(
        f"{path.relative_to(folder).as_posix()} {sha256(path)}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    )
    return hashlib.sha256(text.encode()).hexdigest()


def lay_out(made: Package, source: Path, target: Path) -> None:
    """The package's files in the folder `target` and no others, without a second copy of any."""
    shutil.rmtree(target, ignore_errors=True)
    for file in made.files:
        destination = target / file.path
        destination.parent.mkdir(parents=True, exist_ok=True)
        link(source / file.path, destination)


def _lay_out(output: Path, packages: Mapping[str, Package], folders: Mapping[str, Path]) -> None:
    """`output/packages`: every dataset's package at its address; what did not change is left."""
    target, record = output / "packages", output / "cache" / "packages.json"
    try:
        before = json.loads(record.read_bytes())
    except (OSError, ValueError):
        before = {}
    # Until all is laid out nothing is known of what lies there.
    record.unlink(missing_ok=True)
    _remove_gone(target, set(packages))
    now = {key: folder.name for key, folder in folders.items()}
    for key, name in now.items():
        if before.get(key) != name or not (target / key).is_dir():
            lay_out(packages[key], folders[key], target / key)
    write_atomically(record, json.dumps(now).encode())


def _local(units: Sequence[Unit], jobs: int) -> Iterable[Package]:
    if jobs == 1 or len(units) < 2:
        return [unit.do() for unit in units]
    with ProcessPoolExecutor(jobs, initializer=i18n.activate, initargs=(i18n.current(),)) as pool:
        return list(pool.map(Unit.do, units))


def _dask(units: Sequence[Unit], jobs: int) -> Iterable[Package]:
    """The same units on a Dask cluster whose workers share the output's folder."""
    try:
        distributed: Any = importlib.import_module("distributed")
    except ImportError:
        raise UsageError(_("The engine dask is not installed; install kaishu[dask].")) from None
    address = os.environ.get(CLUSTER)
    batches = _batches(units)
    try:
        cluster = None if address else distributed.LocalCluster(
            n_workers=jobs, threads_per_worker=1, dashboard_address=None
        )  # fmt: skip
        client = distributed.Client(address or cluster, timeout=_PATIENCE)
    except OSError as error:
        raise UsageError(
            _("The Dask cluster {address} cannot be reached: {reason}").format(
                address=address or "", reason=error
            )
        ) from error
    try:
        futures = client.map(
            _batch_done, batches, language=i18n.current(), retries=_RETRIES, pure=False
        )
        return [made for batch in client.gather(futures) for made in batch]
    finally:
        client.close()
        if cluster is not None:
            cluster.close()


def _batch_done(batch: list[Unit], language: Language) -> list[Package]:
    """Do a batch; a unit that a lost worker had finished is found in the cache."""
    i18n.activate(language)
    return [unit.done() or unit.do() for unit in batch]


def _batches(units: Sequence[Unit]) -> list[list[Unit]]:
    """Units in batches of limited number and size, so that asking costs little beside the work."""
    batches: list[list[Unit]] = []
    size = 0
    for unit in units:
        data = sum(
            p.stat().st_size for p in (unit.dataset.folder / "data").glob("*") if p.is_file()
        )
        full = not batches or size + data > _BATCH_BYTES or len(batches[-1]) >= _BATCH
        if full:
            batches.append([])
            size = 0
        batches[-1].append(unit)
        size += data
    return batches


@lru_cache(maxsize=1)
def _code() -> str:
    """A hash of the code that packages, so that an upgrade packages anew."""
    root = Path(kaishu.__file__).parent
    files = sorted(path for name in _CODE for path in (root / name).rglob("*.py"))
    text = "".join(f"{path.relative_to(root)} {sha256(path)}\n" for path in files)
    return hashlib.sha256(f"{kaishu.__version__}\n{text}".encode()).hexdigest()


def _prune(cache: Path, used: set[str]) -> None:
    """Entries of builds long ago go; those of the last weeks stay for a return to them."""
    oldest = time.time() - _KEPT_DAYS * 86_400
    for entry in cache.iterdir() if cache.is_dir() else ():
        if entry.name not in used and entry.stat().st_mtime < oldest:
            shutil.rmtree(entry, ignore_errors=True)


def _remove_gone(target: Path, keys: set[str]) -> None:
    for folder in [path for path in target.glob("*/*") if path.is_dir()]:
        if folder.relative_to(target).as_posix() not in keys:
            shutil.rmtree(folder)
