"""Folders of public files that share what they have in common, by hard links.

No file is ever written into where it lies: another release may hold the same one. A file that
changes is taken away, and another takes its name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def bring(
    tree: Path,
    before: Mapping[str, str],
    after: Mapping[str, str],
    source: Callable[[str], Path],
) -> None:
    """Make `tree`, which holds the files of the manifest `before`, hold those of `after`.

    `source` tells where a file of `after` lies, on the same file system where there is a choice.
    What takes time is what differs.
    """
    gone = [path for path in before if path not in after]
    for path in gone:
        (tree / path).unlink(missing_ok=True)
    _remove_empty(tree, gone)
    for path, content in after.items():
        if before.get(path) != content:
            if path in before:
                (tree / path).unlink(missing_ok=True)
            share(source(path), tree / path)


def share_folder(source: Path, target: Path) -> None:
    """All files below `source` below `target` too."""
    for path in source.rglob("*"):
        if path.is_file():
            share(path, target / path.relative_to(source))


def share(source: Path, target: Path) -> None:
    """One file at a second place, without a second copy where the disk allows."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        target.parent.mkdir(parents=True, exist_ok=True)
        share(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _remove_empty(tree: Path, gone: list[str]) -> None:
    """Folders that lost their last file."""
    folders = {parent for path in gone for parent in Path(path).parents if parent != Path()}
    for folder in sorted(folders, key=lambda one: -len(one.parts)):
        with contextlib.suppress(OSError):  # not empty: it stays
            (tree / folder).rmdir()
