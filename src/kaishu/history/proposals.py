"""Changes proposed on branches of a bare repository: made, pushed through its gate, merged.

Commits are made in a repository beside it that borrows its objects, so that what the gate refuses
never enters it.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base import cores
from kaishu.base.clock import SHANGHAI
from kaishu.base.errors import Conflict, HistoryError
from kaishu.base.i18n import gettext as _
from kaishu.history.git import OF_A_HOOK
from kaishu.history.push import Bare

if TYPE_CHECKING:
    from collections.abc import Mapping

# Below these names a branch holds a proposal, which the gate judges as if it were the portal's.
PREFIX = "refs/heads/publish/"
# Set for a push, it lets what the push publishes be built without keeping the pusher waiting.
LATER = "KAISHU_PUBLISH_LATER"


@dataclass(frozen=True, slots=True)
class Person:
    """In whose name a commit is made, and who they are to the gate."""

    name: str
    email: str
    pusher: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """A branch that is not merged: its name below `publish/`, its tip, who made it and when."""

    name: str
    commit: str
    author: str
    email: str
    subject: str
    time: datetime


class Refused(Conflict):
    """The gate did not take a push; the text is what it said."""


class Proposals:
    """The proposals of the bare repository `bare`; `work` is the repository beside it."""

    def __init__(self, bare: Path, work: Path, branch: str) -> None:
        self.bare, self.work, self.branch = bare, work, branch
        self.objects = Bare(bare)

    @property
    def tip(self) -> str:
        """The commit that is published. Raises HistoryError where the branch has none."""
        found = self.objects.tip(f"refs/heads/{self.branch}")
        if found is None:
            raise HistoryError(_("The repository has no branch {name}.").format(name=self.branch))
        return found

    def waiting(self) -> list[Proposal]:
        """Every proposal that is not part of the portal's branch, the oldest first."""
        form = "%00".join(
            ("%(refname)", "%(objectname)", "%(authorname)", "%(authoremail:trim)", "%(subject)",
             "%(committerdate:iso-strict)")
        )  # fmt: skip
        said = self._git(
            self.bare, "for-each-ref", "--sort=committerdate", f"--format={form}",
            f"--no-merged=refs/heads/{self.branch}", PREFIX,
        ).decode()  # fmt: skip
        found = []
        for line in said.splitlines():
            ref, commit, author, email, subject, time = line.split("\0")
            moment = datetime.fromisoformat(time).astimezone(SHANGHAI)
            name = ref.removeprefix(PREFIX)
            found.append(Proposal(name, commit, author, email, subject, moment))
        return found

    def commit(
        self,
        parents: tuple[str, ...],
        files: Mapping[str, Path | None],
        message: str,
        by: Person,
        tree: str = "",
    ) -> str:
        """A commit with `files` put in (None: taken out) upon the first parent, or upon `tree`."""
        self._prepare()
        with tempfile.TemporaryDirectory(prefix="kaishu-index-") as scratch:
            index = {"GIT_INDEX_FILE": str(Path(scratch) / "index")}
            self._git(self.work, "read-tree", tree or parents[0], more=index)
            lines = []
            for path, source in files.items():
                if source is None:
                    lines.append(f"0 {'0' * 40}\t{path}")
                else:
                    blob = self._git(
                        self.work, "hash-object", "-w", "--no-filters", "--", str(source.resolve())
                    )
                    lines.append(f"100644 {blob.decode().strip()}\t{path}")
            given = "".join(f"{line}\n" for line in lines).encode()
            self._git(self.work, "update-index", "--index-info", given=given, more=index)
            made = self._git(self.work, "write-tree", more=index).decode().strip()
        who = {
            "GIT_AUTHOR_NAME": by.name, "GIT_AUTHOR_EMAIL": by.email,
            "GIT_COMMITTER_NAME": by.name, "GIT_COMMITTER_EMAIL": by.email,
        }  # fmt: skip
        arguments = [word for parent in parents for word in ("-p", parent)]
        given = message.encode()
        return (
            self._git(self.work, "commit-tree", made, *arguments, given=given, more=who)
            .decode().strip()
        )  # fmt: skip

    def merged(self, proposal: Proposal) -> str:
        """The tree of the portal's branch with the proposal in it.

        Raises Conflict where both changed the same lines.
        """
        self._prepare()
        done = self._run(
            self.work, "merge-tree", "--write-tree", "--name-only", self.tip, proposal.commit
        )
        if done.returncode:
            raise Conflict(
                _("The proposal and what was published since have changed the same lines.")
            )
        return done.stdout.decode().split("\n", 1)[0]

    def write_out(self, tree: str, folder: str, target: Path) -> None:
        """Write the files that `folder` has in a commit or tree below `target`."""
        work = Bare(self.work) if (self.work / "HEAD").exists() else self.objects
        work.write_files(work.tree(tree, folder), target)

    def propose(self, commit: str, name: str, by: Person) -> str:
        """Push the commit as the proposal `name`; what the gate said. Raises Refused."""
        return self._push(f"{commit}:{PREFIX}{name}", by)

    def publish(self, commit: str, by: Person) -> str:
        """Push the commit to the portal's branch; what the gate said. Raises Refused."""
        return self._push(f"{commit}:refs/heads/{self.branch}", by)

    def drop(self, name: str, by: Person) -> str:
        """Remove the proposal `name`. Raises Refused."""
        return self._push(f":{PREFIX}{name}", by)

    def _push(self, what: str, by: Person) -> str:
        self._prepare()
        done = self._run(
            self.work,
            "push",
            "-q",
            str(self.bare),
            what,
            more={"KAISHU_PUSHER": by.pusher, LATER: "1"},
        )
        said = done.stderr.decode("utf-8", "replace")
        words = "\n".join(
            line.removeprefix("remote:").strip()
            for line in said.splitlines()
            if line.startswith("remote:")
        ).strip()
        if done.returncode:
            raise Refused(words or said.strip())
        return words

    def _prepare(self) -> None:
        """The repository beside the bare one, which borrows its objects."""
        if not (self.work / "HEAD").exists():
            self.work.parent.mkdir(parents=True, exist_ok=True)
            self._git(self.work.parent, "init", "-q", "--bare", str(self.work))
            alternates = self.work / "objects/info/alternates"
            alternates.write_text(f"{(self.bare / 'objects').resolve()}\n", encoding="utf-8")

    def _git(
        self, folder: Path, *arguments: str, given: bytes = b"", more: dict[str, str] | None = None
    ) -> bytes:
        done = self._run(folder, *arguments, given=given, more=more)
        if done.returncode:
            words = done.stderr.decode("utf-8", "replace").strip()
            raise HistoryError(_("Git could not be asked: {words}").format(words=words))
        return done.stdout

    @staticmethod
    def _run(
        folder: Path, *arguments: str, given: bytes = b"", more: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        own = {key: value for key, value in os.environ.items() if key not in OF_A_HOOK}
        command = ["git", "-C", str(folder), *arguments]
        environment = {**own, "LC_ALL": "C.UTF-8", **(more or {})}
        # A push may build the portal.
        with cores.all_of_them():
            return subprocess.run(
                command, env=environment, input=given, capture_output=True, check=False
            )
