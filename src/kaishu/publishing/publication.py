"""How publishing stands: under way, done, or failed and why; who pushes and who runs the portal ask.

Below the output folder, `reports/publication.json` tells of the last build, and a lock is held for
as long as one is under way. Whoever dies in the middle loses the lock, and the file still says that
the build had begun.
"""

from __future__ import annotations

import contextlib
import fcntl
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, BinaryIO, Self

from kaishu.base import clock
from kaishu.base.errors import InvalidFiles
from kaishu.base.files import canonical_json, write_atomically
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_FILE, _LOCK = "reports/publication.json", ".publishing"
BEGUN, DONE, FAILED = "begun", "done", "failed"
_LISTED = 5


@dataclass(frozen=True)
class Publication:
    """The last build: `state` is BEGUN, DONE or FAILED, `at` RFC 3339 when that came to be.

    `release` is what it made public, `reason` why it failed; `commit` is that of the push, if any.
    """

    state: str
    at: str
    commit: str = ""
    release: str = ""
    reason: str = ""

    @property
    def time(self) -> datetime:
        """When it came to be."""
        return datetime.fromisoformat(self.at)


class Recorded:
    """A build that is recorded while the block runs, which fills in `release`.

    Builds that wait for each other are all under way.
    """

    def __init__(self, output: Path, commit: str = "") -> None:
        self.output, self.commit = output, commit
        self.release = ""

    def __enter__(self) -> Self:
        self._lock = hold(self.output)
        self._say(BEGUN)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._say(FAILED if error else DONE, _words(error) if error else "")
        self._lock.close()

    def _say(self, state: str, reason: str = "") -> None:
        at = clock.now().isoformat(timespec="seconds")
        said = Publication(state, at, self.commit, self.release, reason)
        # On a full disk nothing can be noted; whoever started the build is told by the error.
        with contextlib.suppress(OSError):
            write_atomically(self.output / _FILE, canonical_json(asdict(said)))


def hold(output: Path) -> BinaryIO:
    """A build is under way until what this gives is closed, here and wherever it was handed on."""
    output.mkdir(parents=True, exist_ok=True)
    lock = (output / _LOCK).open("ab")
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def is_under_way(output: Path) -> bool:
    """Whether a build is running, or waits for another to end."""
    try:
        with (output / _LOCK).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def last(output: Path) -> Publication | None:
    """How the last build ended; None where there was none, or one is under way.

    One that was cut off has failed.
    """
    if is_under_way(output):
        return None
    try:
        found = Publication(**json.loads((output / _FILE).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None
    if found.state == BEGUN:
        return replace(found, state=FAILED, reason=_("It was cut off."))
    return found


def _words(error: BaseException) -> str:
    """The error's own words, and the first of the problems that it carries."""
    said = [str(error) or type(error).__name__]
    if isinstance(error, InvalidFiles):
        wrong = [one for one in error.problems if one.severity == "error"]
        said += [f"{one.file}: {one.message}" for one in wrong[:_LISTED]]
        if len(wrong) > _LISTED:
            said.append(_("And {n} more.").format(n=len(wrong) - _LISTED))
    return "\n".join(said)
