"""What git tells of a portal's folder: its commit, and when each dataset's files last changed.

Outside git, or where the folder is not tracked, the history is empty. A shallow clone is
detected: its oldest commit seems to have changed everything, so it is asked nothing.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import HistoryError
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

# What git tells a hook of the repository that it runs in.
OF_A_HOOK = (
    "GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_PREFIX", "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH",
)  # fmt: skip
_RECORD = "\x01"


@dataclass(frozen=True, slots=True)
class Change:
    """The commit that last touched something; `time` is the committer's, in Shanghai."""

    commit: str
    time: datetime


class History:
    """The history of one folder. `commit` is None outside git or before a first commit."""

    def __init__(self, root: Path, commit: str | None, *, shallow: bool) -> None:
        self.root = root
        self.commit = commit
        self.shallow = shallow

    @classmethod
    def open(cls, root: Path) -> History:
        """The history of `root`. Raises HistoryError where git is missing or refuses."""
        inside = _git(root, "rev-parse", "--is-inside-work-tree", allowed=(0, 128))
        if inside.returncode:
            if "not a git repository" in inside.stderr:
                return cls(root, None, shallow=False)
            raise HistoryError(_said(inside.stderr))
        tracked = _git(root, "ls-files", "--", "catalog.yaml").stdout
        head = _git(root, "rev-parse", "--verify", "--quiet", "HEAD", allowed=(0, 1))
        if not tracked or head.returncode:
            return cls(root, None, shallow=False)
        shallow = _git(root, "rev-parse", "--is-shallow-repository").stdout.strip() == "true"
        return cls(root, head.stdout.strip(), shallow=shallow)

    @cached_property
    def committed(self) -> datetime | None:
        """When `commit` was made, in Shanghai."""
        if self.commit is None:
            return None
        return _time(_git(self.root, "show", "-s", "--format=%cI", self.commit).stdout.strip())

    @cached_property
    def place(self) -> tuple[Path, str]:
        """The repository's own directory, and the folder's path in it, ending in a slash or empty.

        Raises HistoryError outside git.
        """
        asked = _git(self.root, "rev-parse", "--absolute-git-dir", "--show-prefix").stdout
        directory, prefix = asked.split("\n")[:2]
        return Path(directory), prefix

    @cached_property
    def has_uncommitted_changes(self) -> bool:
        """Whether the folder differs from `commit`; untracked files count, ignored ones do not."""
        if self.commit is None:
            return False
        return bool(_git(self.root, "status", "--porcelain", "--", ".").stdout.strip())

    def tracks(self, path: Path) -> bool:
        """Whether git holds this file, committed or about to be."""
        if self.commit is None:
            return False
        return bool(_git(self.root, "ls-files", "--", str(path.absolute())).stdout.strip())

    def written(self, path: str, words: str) -> Change | None:
        """The newest change that wrote `words` into the file at `path`, or took them out.

        None where nothing did, for a shallow clone and outside git.
        """
        if self.commit is None or self.shallow:
            return None
        said = _git(self.root, "log", "-1", "--format=%H %cI", f"-S{words}", "--", path).stdout
        commit, _space, time = said.strip().partition(" ")
        return Change(commit, _time(time)) if commit else None

    def tree(self, commit: str, folder: str) -> str | None:
        """The object of a folder as it was in a commit: equal where all its files are equal."""
        _directory, prefix = self.place
        said = _git(
            self.root, "rev-parse", "--verify", "--quiet", f"{commit}:{prefix}{folder}",
            allowed=(0, 1, 128),
        )  # fmt: skip
        return said.stdout.strip() or None

    def parting(self, rev: str) -> str | None:
        """The commit where this history parted from `rev`; None where git knows no such commit."""
        if self.commit is None or rev.startswith("-"):
            return None
        found = _git(self.root, "merge-base", rev, "HEAD", allowed=(0, 1, 128))
        return found.stdout.strip() or None

    def differing(self, commit: str) -> list[str]:
        """Paths that differ from `commit`, relative to the folder.

        What is not committed counts, untracked files that are not ignored included.
        """
        tracked = _git(
            self.root, "diff", "--name-only", "--no-renames", "--relative", "-z", commit, "--"
        )
        new = _git(self.root, "ls-files", "--others", "--exclude-standard", "-z")
        paths = f"{tracked.stdout}\0{new.stdout}".split("\0")
        return sorted({path for path in paths if path})

    def all_changes(
        self, *folders: str, owner: Callable[[str], str | None]
    ) -> dict[str, tuple[Change, ...]]:
        """Every change of each thing below `folders`, the newest first, in one pass over the log.

        `owner` maps a path relative to the root to the name of the thing that it belongs to, or
        None where it belongs to none. Empty for a shallow clone and outside git.
        """
        if self.commit is None or self.shallow:
            return {}
        changes: dict[str, list[Change]] = {}
        for change, paths in self._log(folders):
            for name in {owner(path) for path in paths} - {None}:
                changes.setdefault(str(name), []).append(change)
        return {name: tuple(found) for name, found in changes.items()}

    def _log(self, folders: Sequence[str]) -> Iterator[tuple[Change, list[str]]]:
        output = _git(
            self.root, "log", f"--format={_RECORD}%H %cI", "--name-only", "--no-renames",
            "--relative", "-z", "--", *folders,
        ).stdout  # fmt: skip
        for record in output.split(_RECORD)[1:]:
            head, _nul, rest = record.partition("\0")
            commit, _space, time = head.strip().partition(" ")
            paths = [path.lstrip("\n") for path in rest.split("\0")]
            yield Change(commit, _time(time)), [path for path in paths if path]


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def _said(words: str) -> str:
    return _("Git could not be asked: {words}").format(words=words.strip())


def _git(
    root: Path, *arguments: str, allowed: tuple[int, ...] = (0,)
) -> subprocess.CompletedProcess[str]:
    # A hook's environment speaks of the repository that was pushed to, not of this folder.
    own = {key: value for key, value in os.environ.items() if key not in OF_A_HOOK}
    environment = {**own, "LC_ALL": "C.UTF-8", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-c", "core.quotePath=false", "-C", str(root), *arguments]
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, errors="replace"
        )
    except OSError as error:
        raise HistoryError(_said(str(error))) from error
    if done.returncode not in allowed:
        raise HistoryError(_said(done.stderr))
    return done
