"""Data files that lie in a store by their hash: fetched, verified, kept on this machine.

A file that is fetched stands at its `path` as if it had been committed, and is a link to this
machine's own copy, so that it is fetched once for all datasets and versions that name it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import problems
from kaishu.base.errors import StoreError, UsageError
from kaishu.base.files import PART, remove_abandoned, sha256, write_atomically
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.base.places import Folder, place
from kaishu.base.progress import track
from kaishu.catalog.content import Stored, stored
from kaishu.catalog.load import MISSING_FILE, path_problems
from kaishu.packaging.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.model import ContentStore, Portal

KEPT_DAYS = 14

UNKNOWN_HASH = problems.error(
    "unknown-hash",
    N_("The hash “{hash}” is not of a form known here."),
    N_("Write hash: sha256: and 64 hexadecimal digits; kaishu store put writes it."),
)
CONTENT_CHANGED = problems.error(
    "content-changed",
    N_("The file's content is not that of its hash: it is sha256:{found}."),
    N_(
        "If the new content is right, put it in with kaishu store put, or correct the hash; else "
        "restore the file, or remove it to have it fetched from the store."
    ),
)
NOT_IN_STORE = problems.error(
    "not-in-store",
    N_("The content of “{path}” is neither here nor in a store of the portal ({stores})."),
    N_("Put it in with kaishu store put where the file is."),
)
STORE_FAILED = problems.error(
    "store-failed",
    N_("The content of “{path}” cannot be taken from the store “{store}”: {reason}"),
    N_(
        "See that the store can be reached from here, and that the environment has the "
        "credentials for it; content that has changed is put in again with kaishu store put."
    ),
)


def fetch(datasets: Sequence[Dataset], portal: Portal, copies: Path) -> Iterator[problems.Problem]:
    """Bring what `datasets` have in the portal's stores to its place, and verify every hash.

    `copies` is the folder of this machine's own copies, by hash. Yields a problem for each content
    that is absent, that has changed or cannot be had.
    """
    wanted = [
        (dataset, one)
        for dataset in datasets
        if dataset.has_data
        for one in stored(dataset.raw)
        if all(found.code == MISSING_FILE.id for found in path_problems(dataset.folder, one.path))
    ]
    for dataset in datasets:
        if dataset.has_data:
            yield from _unknown(dataset)
    kept = Store(Folder(str(copies), copies))
    for dataset, one in track(_("Fetching data"), wanted, len(wanted)):
        where: dict[str, Any] = {
            "dataset": dataset.key,
            "resource": one.name,
            "file": dataset.file,
            "line": dataset.lines.line(("resources", one.number, "hash")),
        }
        target = dataset.folder / one.path
        if target.is_file():
            found = sha256(target)
            if found == one.digest:
                continue
            # A copy of another version goes; what somebody has worked on stays.
            if not kept.has(found):
                yield CONTENT_CHANGED.at(**where, found=found)
                continue
        yield from _bring(one, portal, kept, copies, target, where)


def is_here(dataset: Dataset) -> bool:
    """Whether all that the dataset has in a store stands at its place."""
    return all((dataset.folder / one.path).is_file() for one in stored(dataset.raw))


def open_store(one: ContentStore) -> Store:
    """The store that catalog.yaml declares. Raises UsageError where it cannot be had here."""
    return Store(place(one.url, endpoint=one.endpoint))


def copy_of(digest: str, copies: Path) -> Path:
    """Where this machine's own copy of a content lies, or would lie."""
    return copies / Store.name(digest)


def hide(copies: Path) -> None:
    """Git never takes the copies for files of the portal."""
    if not (copies / ".gitignore").exists():
        write_atomically(copies / ".gitignore", b"*\n")


def prune(copies: Path) -> None:
    """Remove copies that no file has been linked to for 14 days, and what was never fetched whole."""
    oldest = time.time() - KEPT_DAYS * 86_400
    for folder in (copies / "sha256").glob("*"):
        remove_abandoned(folder)
    for path in (copies / "sha256").glob("*/*"):
        found = path.stat()
        if path.is_file() and found.st_nlink == 1 and max(found.st_mtime, found.st_ctime) < oldest:
            path.unlink()


def link(copy: Path, target: Path) -> None:
    """Put this machine's copy at `target`, in one step, without a second one where possible."""
    target.parent.mkdir(parents=True, exist_ok=True)
    remove_abandoned(target.parent)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=PART) as scratch:
        part = Path(scratch) / "content"
        try:
            os.link(copy, part)
        except OSError:
            shutil.copyfile(copy, part)
        part.replace(target)


def _bring(
    one: Stored, portal: Portal, kept: Store, copies: Path, target: Path, where: dict[str, Any]
) -> Iterator[problems.Problem]:
    copy = copy_of(one.digest, copies)
    # A copy is linked to files that people may edit, so it is never believed unseen.
    if copy.is_file() and sha256(copy) == one.digest:
        link(copy, target)
        return
    failed: list[problems.Problem] = []
    for declared in portal.stores:
        try:
            if open_store(declared).get(one.digest, copy):
                hide(copies)
                copy.chmod(0o444)
                link(copy, target)
                return
        except (StoreError, UsageError) as error:
            failed.append(
                STORE_FAILED.at(**where, path=one.path, store=declared.id, reason=str(error))
            )
    if failed:
        yield from failed
    elif portal.stores:
        names = ", ".join(declared.id for declared in portal.stores)
        yield NOT_IN_STORE.at(**where, path=one.path, stores=names)


def _unknown(dataset: Dataset) -> Iterator[problems.Problem]:
    known = {one.number for one in stored(dataset.raw)}
    for number, resource in enumerate(dataset.descriptor.resources):
        if resource.hash is not None and isinstance(resource.path, str) and number not in known:
            yield UNKNOWN_HASH.at(
                dataset=dataset.key,
                resource=resource.name,
                file=dataset.file,
                line=dataset.lines.line(("resources", number, "hash")),
                hash=resource.hash,
            )
