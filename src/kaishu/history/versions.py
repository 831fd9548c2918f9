"""A folder as it was: its earlier versions, and their files written out beside the work tree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kaishu.history.push import Bare

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.history.git import Change, History


def changes(history: History, folder: str) -> tuple[Change, ...]:
    """The commits that changed something below `folder`, the newest first.

    Empty outside git and in a shallow clone.
    """
    return history.all_changes(folder, owner=lambda _path: folder).get(folder, ())


def write_out(history: History, commit: str, folder: str, target: Path) -> bool:
    """Write the files that `folder` had in `commit` to `target`/`folder`; False where it had none.

    Links and submodules are left out. Raises HistoryError where git refuses.
    """
    directory, prefix = history.place
    below = f"{prefix}{folder}"
    bare = Bare(directory)
    found = [replace(one, path=one.path.removeprefix(prefix)) for one in bare.tree(commit, below)]
    bare.write_files(found, target)
    return bool(found)
