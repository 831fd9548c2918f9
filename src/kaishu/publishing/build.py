"""From a portal's folder to a public release: check, package, render, switch.

Whatever goes wrong, what was published before stays as it was.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import kaishu
from kaishu.base.errors import InvalidFiles
from kaishu.base.files import canonical_json, sha256, write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.catalog import opinions, register
from kaishu.catalog.public import public
from kaishu.catalog.upkeep import last_updates
from kaishu.exports import write as exports
from kaishu.history.git import History
from kaishu.packaging.check import check_portal
from kaishu.packaging.report import as_json
from kaishu.packaging.versions import pasts
from kaishu.publishing import cache, search, work
from kaishu.publishing import release as releases
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site import libraries
from kaishu.site.build import build as build_site
from kaishu.site.edition import Edition
from kaishu.supervision import feeds
from kaishu.supervision.obligations import obligations
from kaishu.supervision.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kaishu.base.problems import Problem
    from kaishu.catalog.public import Held, Public

MADE_HERE = ("site", "releases", "packages", "reports", "cache")
SOURCES = ("catalog.yaml", "mkdocs.yml", "datasets", "governance", "site_src", "docs/guides")


@dataclass(frozen=True)
class Built:
    """A finished build. `unchanged`: everything was as before, and nothing was made anew.

    `reused` of the `datasets` were packaged before and taken as they were; `held` wait for the
    operator's approval.
    """

    release: releases.Release
    problems: tuple[Problem, ...]
    datasets: int
    reused: int
    unchanged: bool
    held: tuple[Held, ...] = ()


def build(
    root: Path,
    output: Path,
    *,
    as_of: date | None = None,
    engine: str = "local",
    jobs: int = 1,
    clean: bool = False,
    say: Callable[[str], None] = lambda _words: None,
) -> Built:
    """Build the portal in `root` into `output` and make it public.

    `as_of` is the day that the pages speak of (default: the commit's, outside git today's);
    `engine` is one of `work.ENGINES`.
    Raises InvalidFiles with the problems where there are errors, BuildError where the build
    cannot finish; then the public release is untouched.
    """
    root, output = root.resolve(), output.resolve()
    with releases.locked(output):
        if clean:
            _clean(output)
        history = History.open(root)
        day = as_of or _day(history)
        inputs = fingerprint(root, history, day, libraries.brought(output))
        before = releases.current(output)
        if before is not None and before.inputs == inputs:
            count = _count(before)
            return Built(before, (), count, count, unchanged=True)
        say(_("Checking"))
        catalog, problems = check_portal(root, day=day)
        write_atomically(output / "reports" / "check.json", as_json(problems, catalog))
        if catalog is None or has_errors(problems):
            raise InvalidFiles(_("The portal has errors; nothing was published."), problems)
        shown = public(catalog, history, output / "cache" / "versions", day)
        release, reused = _publish(shown, problems, history, day, output, inputs, engine, jobs, say)
        count = len(shown.catalog.datasets)
        return Built(release, tuple(problems), count, reused, unchanged=False, held=shown.held)


def _publish(
    shown: Public,
    problems: list[Problem],
    history: History,
    day: date,
    output: Path,
    inputs: str,
    engine: str,
    jobs: int,
    say: Callable[[str], None],
) -> tuple[releases.Release, int]:
    catalog = shown.catalog
    regulation = library.load(catalog.portal.regulation, catalog.root)
    calendar = WorkingCalendar.load(catalog.root)
    updated = shown.dates(last_updates(catalog, history))
    held = {one.dataset.key for one in shown.held}
    earlier = {one.dataset.key: one.shown for one in shown.held if one.shown}
    past = pasts(catalog, history, output / "cache" / "pasts", day, earlier)
    say(_("Packaging {n} datasets").format(n=len(catalog.datasets)))
    made = work.package_all(catalog, output, updated, engine=engine, jobs=jobs)
    packages = made.packages
    edition = Edition(
        catalog=catalog,
        regulation=regulation,
        calendar=calendar,
        packages=packages,
        updated=updated,
        as_of=day,
        commit=_version(history),
        shallow=history.shallow,
        problems=[one for one in problems if one.dataset not in held],
        register=register.read(catalog.root)[0],
        opinions=opinions.read(catalog.root, catalog.portal)[0],
        libraries=libraries.brought(output),
        pasts=past,
    )
    index = search.begin(edition, output)
    staging = Path(tempfile.mkdtemp(dir=output, prefix=".staging-"))
    try:
        staging.chmod(0o755)
        say(_("Rendering"))
        build_site(edition, staging)
        exports.write(catalog, packages, updated, day, staging, pasts=past)
        record = Record.take(catalog, history, regulation, calendar, day)
        for path, content in feeds.files(record, obligations(record)).items():
            write_atomically(staging / path, content)
        for key, one in packages.items():
            cache.link(one, output / "packages" / key, staging / "datasets" / key)
        say(_("Publishing"))
        release = search.go_public(staging, output, inputs, index)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    releases.prune(output)
    kept = work.cache_of(output)
    kept.used(release.id, made.keys)
    kept.prune([path.name for path in (output / "releases").iterdir()])
    return release, made.reused


def fingerprint(root: Path, history: History, day: date, brought: libraries.Brought) -> str:
    """A hash of all that a build reads: the portal's files, the engine's own, commit and day."""
    parts: dict[str, str] = {
        "commit": _version(history) or "",
        "shallow": str(history.shallow),
        "as-of": day.isoformat(),
        "version": kaishu.__version__,
        **brought.hashes,
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


def _clean(output: Path) -> None:
    for name in MADE_HERE:
        path = output / name
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
