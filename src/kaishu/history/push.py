"""What a push brings to a bare repository, asked of git while its objects are in quarantine."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import HistoryError
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

NOTHING = "0" * 40
LINK, SUBMODULE = "120000", "160000"
_EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@dataclass(frozen=True, slots=True)
class RefUpdate:
    """One line of a push: `ref` moves from `old` to `new`; all zeros stand for no commit."""

    old: str
    new: str
    ref: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a tree: `mode` as git writes it, `blob` its object."""

    path: str
    mode: str
    blob: str


@dataclass(frozen=True, slots=True)
class Change:
    """One path that a commit changes; `entry` is None where it goes."""

    commit: str
    path: str
    entry: Entry | None


class Bare:
    """A bare repository. The environment of a hook is kept, so that quarantined objects are seen."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def tip(self, ref: str) -> str | None:
        """The commit that `ref` points to, or None."""
        done = self._run(
            "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}", allowed=(0, 1, 128)
        )
        return done.stdout.decode().strip() or None

    def is_ancestor(self, old: str, new: str) -> bool:
        """Whether `new` contains `old`; a history that was rewritten does not."""
        done = self._run("merge-base", "--is-ancestor", old, new, allowed=(0, 1))
        return done.returncode == 0

    def parting(self, one: str, other: str) -> str | None:
        """The commit where two histories parted, or None where they have nothing in common."""
        done = self._run("merge-base", one, other, allowed=(0, 1))
        return done.stdout.decode().strip() or None

    def new_commits(self, new: str, *old: str) -> list[str]:
        """Commits that `new` has and none of `old` has, the oldest first."""
        excluded = [f"^{one}" for one in old if one != NOTHING]
        found = self._run("rev-list", "--reverse", "--topo-order", new, *excluded).stdout
        return found.decode().split()

    def committed(self, commits: Sequence[str]) -> dict[str, datetime]:
        """When each commit says it was made, in Shanghai."""
        if not commits:
            return {}
        given = "".join(f"{one}\n" for one in commits).encode()
        said = self._run("rev-list", "--no-walk=unsorted", "--timestamp", "--stdin", given=given)
        lines = (line.split(" ") for line in said.stdout.decode().splitlines())
        return {one: datetime.fromtimestamp(int(seconds), SHANGHAI) for seconds, one in lines}

    def changes(self, commit: str) -> Iterator[Change]:
        """What a commit itself changes; of a merge, what differs from every parent."""
        output = self._run(
            "diff-tree", "--root", "-r", "-c", "--no-renames", "--no-commit-id", "--raw", "-z", commit
        ).stdout.decode("utf-8", "surrogateescape")  # fmt: skip
        fields = iter(output.split("\0"))
        for head in fields:
            if not head.startswith(":"):
                continue
            parts = head.lstrip(":").split(" ")
            # One mode and one object for each parent, then those of the result, then the status.
            parents = (len(parts) - 3) // 2
            mode, blob = parts[parents], parts[2 * parents + 1]
            path = next(fields)
            gone = mode == "000000"
            yield Change(commit, path, None if gone else Entry(path, mode, blob))

    def signer(self, commit: str, allowed: Path) -> str | None:
        """Who signed a commit, by an ssh key in the file `allowed`; None where nobody of it did."""
        found = self._run(
            "-c", f"gpg.ssh.allowedSignersFile={allowed}",
            "show", "-s", "--format=%G?%x00%GS", commit,
        ).stdout.decode()  # fmt: skip
        verdict, _nul, principal = found.strip().partition("\0")
        if verdict != "G" or not principal:
            return None
        return principal if principal in self._valid_today(commit, allowed) else None

    def _valid_today(self, commit: str, allowed: Path) -> set[str]:
        """Whose key a signature is by now. Git asks for the time that the commit itself names, so
        a key that has expired would still sign what is dated back.
        """
        raw = self._run("cat-file", "commit", commit).stdout.decode("utf-8", "replace")
        _head, _mark, rest = raw.partition("\ngpgsig ")
        lines = rest.splitlines()
        signature = lines[:1]
        for line in lines[1:]:
            if not line.startswith(" "):
                break
            signature.append(line[1:])
        with tempfile.NamedTemporaryFile("w", suffix=".sig") as kept:
            kept.write("\n".join(signature) + "\n")
            kept.flush()
            try:
                done = subprocess.run(
                    ["ssh-keygen", "-Y", "find-principals", "-s", kept.name, "-f", str(allowed)],
                    capture_output=True, text=True, check=False,
                )  # fmt: skip
            except OSError as error:
                raise HistoryError(_said(str(error))) from error
        named = done.stdout.splitlines() if done.returncode == 0 else []
        return {name for line in named for name in (line, *line.split(","))}

    def difference(self, old: str, new: str) -> Iterator[Change]:
        """Paths that differ between the trees of two commits; `old` may be nothing."""
        before = _EMPTY_TREE if old == NOTHING else old
        output = self._run(
            "diff-tree", "-r", "--no-renames", "--raw", "-z", before, new
        ).stdout.decode("utf-8", "surrogateescape")
        fields = iter(output.split("\0"))
        for head in fields:
            if head.startswith(":"):
                _before, mode, _old, blob, _status = head[1:].split(" ")
                path = next(fields)
                yield Change(new, path, None if mode == "000000" else Entry(path, mode, blob))

    def tree(self, commit: str, below: str = "") -> list[Entry]:
        """Every file of a commit, or of a folder in it."""
        paths = ["--", below] if below else []
        output = self._run("ls-tree", "-r", "-z", "--full-tree", commit, *paths).stdout
        found = []
        for line in output.decode("utf-8", "surrogateescape").split("\0"):
            if line:
                facts, _tab, path = line.partition("\t")
                mode, _kind, blob = facts.split(" ")
                found.append(Entry(path, mode, blob))
        return found

    def sizes(self, blobs: Iterable[str]) -> dict[str, int]:
        """The size of each object in bytes; an object that is missing is left out."""
        asked = "".join(f"{blob}\n" for blob in blobs)
        answer = self._run(
            "cat-file", "--batch-check=%(objectname) %(objectsize)", given=asked.encode()
        ).stdout.decode()
        rows = (line.split(" ") for line in answer.splitlines() if not line.endswith("missing"))
        return {blob: int(size) for blob, size in rows}

    def contents(self, blobs: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The content of each object, in one question, one in memory at a time; a missing one is
        left out.
        """
        with tempfile.TemporaryFile() as asked:
            asked.write("".join(f"{blob}\n" for blob in blobs).encode())
            asked.seek(0)
            try:
                git = subprocess.Popen(
                    ["git", "cat-file", "--batch"], stdin=asked, stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL, env=self._environment,
                )  # fmt: skip
            except OSError as error:
                raise HistoryError(_said(str(error))) from error
            with git, git.stdout or io.BytesIO() as said:
                for blob in blobs:
                    head = said.readline().split()
                    if len(head) < 2:
                        raise HistoryError(_said("cat-file"))
                    if head[1] == b"missing":
                        continue
                    content = said.read(int(head[2]))
                    said.read(1)
                    yield blob, content

    def write_files(self, entries: Sequence[Entry], folder: Path) -> None:
        """Write the files of `entries` below `folder`; links and submodules are left out."""
        plain = [one for one in entries if one.mode not in (LINK, SUBMODULE)]
        by_blob: dict[str, list[Entry]] = {}
        for one in plain:
            by_blob.setdefault(one.blob, []).append(one)
        for blob, content in self.contents(list(by_blob)):
            for one in by_blob[blob]:
                target = folder / one.path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)

    def _run(
        self, *arguments: str, given: bytes = b"", allowed: tuple[int, ...] = (0,)
    ) -> subprocess.CompletedProcess[bytes]:
        command = ["git", "-c", "core.quotePath=false", *arguments]
        try:
            done = subprocess.run(
                command, input=given, env=self._environment, capture_output=True, check=False
            )
        except OSError as error:
            raise HistoryError(_said(str(error))) from error
        if done.returncode not in allowed:
            raise HistoryError(_said(done.stderr.decode("utf-8", "replace").strip()))
        return done

    @property
    def _environment(self) -> dict[str, str]:
        # Objects are what they are, not what a replacement reference shows in their place.
        own = {"GIT_DIR": str(self.path), "LC_ALL": "C.UTF-8", "GIT_NO_REPLACE_OBJECTS": "1"}
        return {**os.environ, **own}


def _said(words: str) -> str:
    return _("Git could not be asked: {words}").format(words=words)


def updates(lines: Iterable[str]) -> list[RefUpdate]:
    """The updates that git tells a hook, a line each: `<old> <new> <ref>`."""
    return [RefUpdate(*line.split(maxsplit=2)) for line in (one.strip() for one in lines) if line]
