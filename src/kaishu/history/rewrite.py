"""A folder's past taken out of a repository's whole history; what it holds now stays.

Every commit since is written anew, so its name changes: whoever has a clone has to clone again.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kaishu.base.errors import HistoryError
from kaishu.base.i18n import gettext as _
from kaishu.history.git import OF_A_HOOK

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


@dataclass(frozen=True)
class Past:
    """Contents that a folder had and has no more: object → path, with their SHA-256."""

    blobs: dict[str, str]
    sha256: dict[str, str]
    commits: int


class Repository:
    """A repository whose history is written anew; `directory` is its own folder (`.git`)."""

    def __init__(self, directory: Path, branch: str) -> None:
        self.directory, self.branch = directory, branch

    def past(self, *folders: str) -> Past:
        """What `folders` had in any commit of any branch, and have no more on the portal's."""
        listed = self._git("rev-list", "--objects", "--all", "--", *folders).decode().splitlines()
        below = tuple(f"{one}/" for one in folders)
        now = self._git("ls-tree", "-r", "-z", f"refs/heads/{self.branch}").decode()
        present = {line.split(" ")[2].partition("\t")[0] for line in now.split("\0") if line}
        named = dict(line.split(" ", 1) for line in listed if " " in line)
        blobs = {
            one: path
            for one, path in named.items()
            if one not in present
            and path.startswith(below)
            and self._git("cat-file", "-t", one).strip() == b"blob"
        }
        sums = {
            one: hashlib.sha256(self._git("cat-file", "blob", one)).hexdigest() for one in blobs
        }
        return Past(blobs, sums, sum(" " not in line for line in listed))

    def take_out(
        self, folders: Sequence[str], files: Mapping[str, bytes], message: str, by: str
    ) -> None:
        """Write all history anew without `folders`, then commit what they hold now, and `files`.

        Raises HistoryError where git refuses; then no branch was moved.
        """
        ref = f"refs/heads/{self.branch}"
        tree = self._git("rev-parse", f"{ref}^{{tree}}").decode().strip()
        self._without(folders)
        with tempfile.TemporaryDirectory(prefix="kaishu-index-") as scratch:
            index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
            self._git("read-tree", tree, more=index)
            for path, content in files.items():
                blob = self._git("hash-object", "-w", "--stdin", given=content).decode().strip()
                self._git(
                    "update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", more=index
                )
            made = self._git("write-tree", more=index).decode().strip()
        who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
               for what, value in (("NAME", by), ("EMAIL", "purge@kaishu.invalid"))}  # fmt: skip
        commit = self._git("commit-tree", made, "-p", ref, given=message.encode(), more=who)
        self._git("update-ref", ref, commit.decode().strip())

    def forget(self) -> None:
        """Remove every object that no branch or tag leads to."""
        for name in ("FETCH_HEAD", "ORIG_HEAD"):
            (self.directory / name).unlink(missing_ok=True)
        self._git("reflog", "expire", "--expire=now", "--expire-unreachable=now", "--all")
        self._git("gc", "--quiet", "--prune=now")

    def keep_branch(self) -> None:
        """Remove every reference but the portal's branch: a clone's own are what it was told once."""
        kept = f"refs/heads/{self.branch}"
        for ref in self._git("for-each-ref", "--format=%(refname)").decode().splitlines():
            if ref != kept:
                self._git("update-ref", "--no-deref", "-d", ref)

    def still_there(self, blobs: Iterable[str]) -> list[str]:
        """Those of the objects that the repository still has."""
        given = "".join(f"{one}\n" for one in blobs).encode()
        said = self._git("cat-file", "--batch-check", given=given).decode().splitlines()
        return [line.split(" ")[0] for line in said if not line.endswith("missing")]

    def _without(self, folders: Sequence[str]) -> None:
        """Every branch and tag written anew without the paths below `folders`."""
        command = ["git", "-C", str(self.directory)]
        with tempfile.TemporaryFile() as kept:
            # Contents stay where they are: the stream names them, so it is short.
            options = ("--all", "--no-data", "--signed-tags=strip", "--reencode=no",
                       "--tag-of-filtered-object=rewrite", "--fake-missing-tagger")  # fmt: skip
            with tempfile.TemporaryFile() as stream:
                self._run([*command, "fast-export", *options], stdout=stream)
                stream.seek(0)
                filter_paths(stream, kept, folders)
            kept.seek(0)
            self._run([*command, "fast-import", "--quiet", "--force", "--done"], stdin=kept)

    def _run(
        self, command: list[str], stdin: IO[bytes] | None = None, stdout: IO[bytes] | None = None
    ) -> None:
        done = subprocess.run(
            command, env=_environment(), stdin=stdin, stdout=stdout, stderr=subprocess.PIPE,
            check=False,
        )  # fmt: skip
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip()
            raise HistoryError(_("Git could not be asked: {words}").format(words=words))

    def _git(
        self, *arguments: str, given: bytes = b"", more: dict[str, str] | None = None
    ) -> bytes:
        done = subprocess.run(
            ["git", "-C", str(self.directory), *arguments],
            env={**_environment(), **(more or {})}, input=given, capture_output=True, check=False,
        )  # fmt: skip
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip()
            raise HistoryError(_("Git could not be asked: {words}").format(words=words))
        return done.stdout


def filter_paths(stream: IO[bytes], target: IO[bytes], folders: Sequence[str]) -> None:
    """Copy a stream of `git fast-export` without what it says of paths below `folders`."""
    starts = tuple(start.encode() for one in folders for start in (f"{one}/", f'"{one}/'))
    for line in stream:
        if line.startswith(b"data "):
            target.write(line)
            target.write(stream.read(int(line[5:])))
        elif line.startswith((b"M ", b"D ")):
            path = line.split(b" ", 3)[3] if line.startswith(b"M ") else line[2:]
            if not path.startswith(starts):
                target.write(line)
        else:
            target.write(line)
    target.write(b"done\n")


def _environment() -> dict[str, str]:
    own = {key: value for key, value in os.environ.items() if key not in OF_A_HOOK}
    return {**own, "LC_ALL": "C.UTF-8"}
