"""A part of a portal in a folder of its own: some of its datasets, and all that they depend on.

Whoever looks at what changed reads no more than that, however many datasets there are.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from kaishu.base.errors import NotFound
from kaishu.base.i18n import gettext as _
from kaishu.catalog import reviews
from kaishu.history import versions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from kaishu.history.git import History

# What every dataset is read with.
COMMON = ("catalog.yaml", "governance")
# Found missing only because the other datasets are not there.
ELSEWHERE = ("unknown-dataset", "governance-unknown-dataset")


def changed_keys(history: History, rev: str) -> tuple[list[str], bool]:
    """Datasets that differ from the commit where this history parted from `rev`, and whether what
    all of them depend on does.

    What is not committed yet counts. Raises NotFound where git knows no such commit.
    """
    base = history.parting(rev)
    if base is None:
        raise NotFound(_("Git knows no commit “{rev}” here.").format(rev=rev))
    keys, common = set(), False
    for path in history.differing(base):
        parts = path.split("/")
        if parts[0] == "datasets" and len(parts) > 3:
            keys.add("/".join(parts[1:3]))
        elif parts[0] in COMMON and not path.startswith(f"{reviews.FOLDER}/"):
            common = True
    return sorted(keys), common


def of_folder(root: Path, keys: Iterable[str], target: Path, more: Collection[str] = ()) -> None:
    """Put the datasets `keys` of the portal in `root`, and `more` of its top folders, in `target`."""
    for name in (*COMMON, *more):
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, copy_function=_put, symlinks=True)
        elif source.is_file():
            target.mkdir(parents=True, exist_ok=True)
            _put(source, target / name)
    for key in keys:
        if (root / "datasets" / key).is_dir():
            shutil.copytree(
                root / "datasets" / key,
                target / "datasets" / key,
                copy_function=_put,
                symlinks=True,
            )


def of_commit(history: History, rev: str, keys: Iterable[str], target: Path) -> None:
    """Write the datasets `keys` as they were where this history parted from `rev`."""
    base = history.parting(rev) or rev
    for folder in (*COMMON, *(f"datasets/{key}" for key in keys)):
        versions.write_out(history, base, folder, target)


def _put(source: str | Path, target: str | Path) -> None:
    """A second name for the file where the disk allows, else a copy."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copyfile(source, target, follow_symlinks=False)
