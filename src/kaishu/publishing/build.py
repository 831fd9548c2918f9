"""From a portal's folder to a public release: check, package, render, switch.

Whatever goes wrong, what was published before stays as it was. What a build needs takes half a
second to load: where nothing changed it is not loaded at all, and where the commit or the day is
another one, it is loaded while the files are looked at.
"""

from __future__ import annotations

import hashlib
import importlib
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.base import i18n
from kaishu.history.git import History
from kaishu.publishing import copies, inputs
from kaishu.publishing import release as releases
from kaishu.site import libraries

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from kaishu.base.problems import Problem
    from kaishu.catalog.public import Held
    from kaishu.publishing.inputs import Inputs
    from kaishu.site.libraries import Brought

# Where packaging runs: on this machine, or on a Dask cluster.
ENGINES = ("local", "dask")
CHANGE = "kaishu.publishing.change"
MADE_HERE = ("site", "releases", "packages", "reports", "cache", copies.NEXT, copies.SPARE)


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


@dataclass(frozen=True)
class Order:
    """What is to be built: the portal in `root` as of `day`, from `inputs`, into `output`.

    `fingerprint` names all that the bytes are a function of, first the commit and the day; `around`
    names all of it but these two and the datasets' own files; `engine` is one of ENGINES; `say`
    tells the reader what is being done.
    """

    root: Path
    output: Path
    day: date
    history: History
    inputs: Inputs
    libraries: Brought
    around: str
    fingerprint: str
    engine: str
    jobs: int
    say: Callable[[str], None]

    @property
    def state(self) -> Path:
        """Where the last whole build left what it was."""
        return self.output / "cache" / "state"


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
    `engine` is one of ENGINES.
    Raises InvalidFiles with the problems where there are errors, BuildError where the build
    cannot finish; then the public release is untouched.
    """
    root, output = root.resolve(), output.resolve()
    with releases.locked(output):
        # Nobody else builds now: what a build that was killed left behind is nobody's.
        for left in (*output.glob(".staging-*"), *output.glob(".switch-*")):
            shutil.rmtree(left, ignore_errors=True)
        if clean:
            _clean(output)
        reading = inputs.Reading(root, output / "cache" / "inputs.index")
        history = History.open(root)
        day = as_of or _day(history)
        brought = libraries.brought(output)
        before = releases.current(output)
        moment = _hash(history.commit, day)
        if before is None or not before.inputs.startswith(moment):
            importlib.import_module(CHANGE)
        read = reading.result()
        around = _hash(read.common, brought.hashes, history.shallow, i18n.current())
        fingerprint = f"{moment}-{_hash(around, read.all)}"
        if before is not None and before.inputs == fingerprint:
            return Built(before, (), before.datasets, before.datasets, unchanged=True)
        order = Order(
            root, output, day, history, read, brought, around, fingerprint, engine, jobs, say
        )
        made: Built = importlib.import_module(CHANGE).publish(order, before)
        return made


def _hash(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()


def _day(history: History) -> date:
    from kaishu.base.clock import today

    return history.committed.date() if history.committed else today()


def _clean(output: Path) -> None:
    for name in MADE_HERE:
        path = output / name
        if path.is_symlink():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
