"""The published clone of a repository: brought to a commit, with nothing of anyone's left in it."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from kaishu.base.errors import HistoryError
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.history.git import OF_A_HOOK

if TYPE_CHECKING:
    from pathlib import Path

# Made beside the clone's files: the public site and the cases.
_KEPT = ("build", "var")
_AS_THEY_ARE = b"* -text !eol -ident -filter !working-tree-encoding\n"


def refresh(folder: Path, repository: Path, branch: str) -> None:
    """Make `folder` a clone of `repository` at the tip of `branch`.

    What git ignores stays, and so do `build/` and `var/`, which hold the public site and the cases.

    Raises HistoryError where git refuses, or other files lie there.
    """
    if not (folder / ".git").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        if any(one.name not in _KEPT for one in folder.iterdir()):
            raise HistoryError(
                _("“{path}” holds other files and is no clone of the repository.").format(
                    path=folder
                )
            )
        _git(folder, "init", "-q", "-b", branch)
        _git(folder, "remote", "add", "origin", str(repository))
        _git(folder, "fetch", "-q", "origin")
    # Files are as they were judged, whatever attributes a push may have brought.
    (folder / ".git/info").mkdir(exist_ok=True)
    write_atomically(folder / ".git/info/attributes", _AS_THEY_ARE)
    _git(folder, "fetch", "-q", str(repository), f"refs/heads/{branch}")
    _git(folder, "reset", "-q", "--hard", "FETCH_HEAD")
    kept = [word for name in _KEPT for word in ("-e", f"/{name}")]
    _git(folder, "clean", "-q", "-f", "-d", *kept)


def _git(folder: Path, *arguments: str) -> None:
    environment = {key: value for key, value in os.environ.items() if key not in OF_A_HOOK}
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env={**environment, "LC_ALL": "C.UTF-8"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise HistoryError(_("Git could not be asked: {words}").format(words=done.stderr.strip()))
