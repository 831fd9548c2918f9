"""From a portal's folder to a public release: check, package, render, switch.

Whatever goes wrong, what was published before stays as it was.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import kaishu
from kaishu.base import i18n
from kaishu.base.errors import InvalidFiles
from kaishu.base.files import canonical_json, sha256, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.catalog import opinions, register
from kaishu.exports import write as exports
from kaishu.history.git import History
from kaishu.packaging.check import check_portal
from kaishu.packaging.package import package
from kaishu.packaging.report import as_json
from kaishu.publishing import release as releases
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site.build import build as build_site
from kaishu.site.edition import Edition
from kaishu.supervision import feeds
from kaishu.supervision.obligations import obligations
from kaishu.supervision.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.packaging.model import Package

MADE_HERE = ("site", "releases", "packages", "reports", "cache")
SOURCES = ("catalog.yaml", "mkdocs.yml", "datasets", "governance", "site_src", "docs/guides")


@dataclass(frozen=True)
class Built:
    """A finished build. `unchanged`: everything was as before, and nothing was made anew."""

    release: releases.Release
    problems: tuple[Problem, ...]
    datasets: int
    unchanged: bool


def build(
    root: Path,
    output: Path,
    *,
    as_of: date | None = None,
    jobs: int = 1,
    clean: bool = False,
    say: Callable[[str], None] = lambda _words: None,
) -> Built:
    """Build the portal in `root` into `output` and make it public.

    `as_of` is the day that the pages speak of (default: the commit's, outside git today's).
    Raises InvalidFiles with the problems where there are errors, BuildError where the build
    cannot finish; then the public release is untouched.
    """
    root = root.resolve()
    with releases.locked(output):
        if clean:
            _clean(output)
        history = History.open(root)
        day = as_of or _day(history)
        inputs = fingerprint(root, history, day)
        before = releases.current(output)
        if before is not None and before.inputs == inputs:
            return Built(before, (), _count(before), unchanged=True)
        say(_("Checking"))
        catalog, problems = check_portal(root, day=day)
        write_atomically(output / "reports" / "check.json", as_json(problems, catalog))
        if catalog is None or has_errors(problems):
            raise InvalidFiles(_("The portal has errors; nothing was published."), problems)
        release = _publish(catalog, problems, history, day, output, inputs, jobs, say)
        return Built(release, tuple(problems), len(catalog.datasets), unchanged=False)


def _publish(
    catalog: Catalog,
    problems: list[Problem],
    history: History,
    day: date,
    output: Path,
    inputs: str,
    jobs: int,
    say: Callable[[str], None],
) -> releases.Release:
    regulation = library.load(catalog.portal.regulation, catalog.root)
    calendar = WorkingCalendar.load(catalog.root)
    updated = _updated(catalog, history)
    say(_("Packaging {n} datasets").format(n=len(catalog.datasets)))
    packages = _package(catalog, output / "packages", updated, jobs)
    edition = Edition(
        catalog=catalog,
        regulation=regulation,
        calendar=calendar,
        packages=packages,
        updated=updated,
        as_of=day,
        commit=_version(history),
        shallow=history.shallow,
        problems=problems,
        register=register.read(catalog.root)[0],
        opinions=opinions.read(catalog.root, catalog.portal)[0],
    )
    staging = Path(tempfile.mkdtemp(dir=output, prefix=".staging-"))
    try:
        staging.chmod(0o755)
        say(_("Rendering"))
        build_site(edition, staging)
        exports.write(catalog, packages, updated, day, staging)
        record = Record.take(catalog, history, regulation, calendar, day)
        for path, content in feeds.files(record, obligations(record)).items():
            write_atomically(staging / path, content)
        for key, made in packages.items():
            _copy(made, output / "packages" / key, staging / "datasets" / key)
        release = releases.make(staging, output, inputs)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    say(_("Publishing"))
    releases.switch(output, release)
    releases.prune(output)
    return release


def _package(
    catalog: Catalog, target: Path, updated: dict[str, date], jobs: int
) -> dict[str, Package]:
    _remove_gone(target, {dataset.key for dataset in catalog.datasets})
    work = [(dataset, target / dataset.key) for dataset in catalog.datasets]

    def call(item: tuple[Dataset, Path]) -> Package:
        dataset, folder = item
        when = updated.get(dataset.key)
        return package(dataset, folder, portal=catalog.portal, updated=when)

    if jobs == 1:
        made: Iterable[Package] = map(call, work)
        return {one.key: one for one in made}
    with ProcessPoolExecutor(jobs, initializer=i18n.activate, initargs=(i18n.current(),)) as pool:
        waiting = [
            pool.submit(
                package, dataset, folder, portal=catalog.portal,
                updated=updated.get(dataset.key),
            )
            for dataset, folder in work
        ]  # fmt: skip
        return {one.key: one for one in (job.result() for job in waiting)}


def _copy(made: Package, source: Path, target: Path) -> None:
    for file in made.files:
        destination = target / file.path
        destination.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source / file.path, destination)
        except OSError:
            shutil.copyfile(source / file.path, destination)


def _updated(catalog: Catalog, history: History) -> dict[str, date]:
    """When each dataset's data last changed: by git where it tells, else as its entry states."""

    def owner(path: str) -> str | None:
        parts = path.split("/")
        return "/".join(parts[1:3]) if len(parts) > 4 and parts[3] == "data" else None

    changes = history.last_changes("datasets", owner)
    days = {}
    for dataset in catalog.datasets:
        change = changes.get(dataset.key)
        day = change.time.date() if change else dataset.entry.modified
        if day is not None:
            days[dataset.key] = day
    return days


def fingerprint(root: Path, history: History, day: date) -> str:
    """A hash of all that a build reads: the portal's files, the engine's own, commit and day."""
    parts: dict[str, str] = {
        "commit": _version(history) or "",
        "shallow": str(history.shallow),
        "as-of": day.isoformat(),
        "version": kaishu.__version__,
    }
    for base, names in ((root, SOURCES), (Path(kaishu.__file__).parent, (".",))):
        for name in names:
            for path in sorted(_files(base / name)):
                parts[f"{base.name}/{path.relative_to(base).as_posix()}"] = sha256(path)
    return hashlib.sha256(canonical_json(parts)).hexdigest()


def _files(path: Path) -> Iterable[Path]:
    if path.is_file():
        return [path]
    return (one for one in path.rglob("*") if one.is_file() and "__pycache__" not in one.parts)


def _version(history: History) -> str | None:
    if history.commit is None:
        return None
    return f"{history.commit}+" if history.has_uncommitted_changes else history.commit


def _day(history: History) -> date:
    from kaishu.base.clock import today

    return history.committed.date() if history.committed else today()


def _count(release: releases.Release) -> int:
    return sum(path.endswith("/datapackage.json") for path in release.manifest)


def _remove_gone(target: Path, keys: set[str]) -> None:
    if not target.is_dir():
        return
    for folder in [path for path in target.glob("*/*") if path.is_dir()]:
        if folder.relative_to(target).as_posix() not in keys:
            shutil.rmtree(folder)


def _clean(output: Path) -> None:
    for name in MADE_HERE:
        path = output / name
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
