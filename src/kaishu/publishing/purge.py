"""Data published by mistake, removed from every release, version and cache, and from history.

What the dataset holds now stays: it is corrected or withdrawn first. The incident is recorded.
"""

from __future__ import annotations

import contextlib
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from kaishu.base import clock
from kaishu.base.errors import NotFound, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.catalog.incidents import FOLDER
from kaishu.catalog.load import load
from kaishu.gate.ahead import COPIES
from kaishu.gate.settings import CLOSED
from kaishu.history.clone import refresh
from kaishu.history.rewrite import Repository
from kaishu.publishing import copies
from kaishu.publishing import release as releases
from kaishu.publishing.build import build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# What builds keep beside the releases (copies of one lie among it), made again by the next one.
_KEPT = ("cache", "packages", "reports", "preview", copies.NEXT, copies.SPARE)


@dataclass(frozen=True)
class Purged:
    """What was removed: contents by path, releases; `left` is what something else still needs."""

    files: tuple[str, ...]
    releases: int
    commits: int
    left: tuple[str, ...]
    release: str


def purge(
    root: Path,
    output: Path,
    bare: Path,
    branch: str,
    key: str,
    *,
    by: str,
    reason: str,
    reference: str | None = None,
    beside: Sequence[Path] = (),
) -> Purged:
    """Purge the past of the dataset `key`, published from the clone `root` of `bare`.

    `beside` are the folders that the desk keeps: its repository, which borrows objects of `bare`
    and is made again, and the drafts.

    Raises NotFound for an unknown dataset, UsageError where it has no past, HistoryError and
    BuildError where git or the build refuses.
    """
    with _closed(bare):
        refresh(root, bare, branch)
        dataset = load(root).by_key.get(key)
        if dataset is None:
            raise NotFound(_("The catalogue has no dataset {dataset_key}.").format(dataset_key=key))
        repository = Repository(bare, branch)
        # Where it was before it moved is its past as well.
        folders = [f"datasets/{one}" for one in (key, *dataset.entry.aliases)]
        past = repository.past(*folders)
        if not past.blobs:
            raise UsageError(_("There is nothing to purge: the dataset holds all it ever held."))
        count = len(list((output / "releases").glob("*")))
        day = clock.today()
        record = {
            "date": day.isoformat(), "dataset": key, "reason": reason, "by": by,
            **({"reference": reference} if reference else {}),
            "files": [{"path": path, "sha256": past.sha256[one]} for one, path in past.blobs.items()],
            "commits": past.commits, "releases": count,
        }  # fmt: skip
        name = _free(root, f"{FOLDER}/{day}-{re.sub('[^a-z0-9]+', '-', key)}")
        text = yaml.safe_dump(record, allow_unicode=True, sort_keys=False)
        message = _("Purged: {dataset_key}").format(dataset_key=key)
        repository.take_out(folders, {name: text.encode()}, message, by)
        repository.forget()
        refresh(root, bare, branch)
        own = Repository(root / ".git", branch)
        own.keep_branch()
        own.forget()
        left = repository.still_there(past.blobs)
        # What the gate fetched from stores is fetched again where it is still named.
        for one in (bare / COPIES, *beside):
            shutil.rmtree(one, ignore_errors=True)
    with releases.locked(output):
        for kept in _KEPT:
            shutil.rmtree(output / kept, ignore_errors=True)
    built = build(root, output)
    with releases.locked(output):
        for one in (output / "releases").glob("*"):
            if one.name != built.release.id:
                shutil.rmtree(one)
    return Purged(
        tuple(past.blobs.values()),
        count,
        past.commits,
        tuple(past.blobs[one] for one in left),
        built.release.id,
    )


@contextlib.contextmanager
def _closed(bare: Path) -> Iterator[None]:
    """No push is taken meanwhile."""
    mark = bare / CLOSED
    mark.parent.mkdir(exist_ok=True)
    mark.touch()
    try:
        yield
    finally:
        mark.unlink(missing_ok=True)


def _free(root: Path, name: str) -> str:
    number = 1
    while (root / (path := f"{name}.yaml" if number == 1 else f"{name}-{number}.yaml")).exists():
        number += 1
    return path
