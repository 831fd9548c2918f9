"""The gate's log: a line of JSON for every push, what was refused and why included."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from kaishu.base import clock
from kaishu.gate.settings import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from kaishu.gate.judge import Verdict
    from kaishu.history.push import RefUpdate

FILE = f"{FOLDER}/gate.log"
LISTED = 20


def write(repository: Path, updates: Sequence[RefUpdate], pusher: str, verdict: Verdict) -> None:
    """Append one push; control characters of paths and names are escaped by JSON."""
    refused = [one for one in verdict.problems if one.severity == "error"]
    entry = {
        "at": clock.now().isoformat(timespec="seconds"),
        "pusher": pusher,
        "updates": [[one.ref, one.old, one.new] for one in updates],
        "accepted": verdict.accepted,
        "datasets": verdict.datasets[:LISTED],
        "codes": dict(sorted(Counter(one.code for one in refused).items())),
        "files": sorted({one.file for one in refused if one.file})[:LISTED],
    }
    _append(repository, entry)


def write_failed(repository: Path, updates: Sequence[RefUpdate], pusher: str, reason: str) -> None:
    """Append a push that was refused because the gate itself failed."""
    entry = {
        "at": clock.now().isoformat(timespec="seconds"),
        "pusher": pusher,
        "updates": [[one.ref, one.old, one.new] for one in updates],
        "accepted": False,
        "codes": {},
        "failed": reason,
    }
    _append(repository, entry)


def write_unpublished(repository: Path, commit: str, pusher: str, reason: str) -> None:
    """Append that what was pushed could not be published; the operator reads it here."""
    at = clock.now().isoformat(timespec="seconds")
    _append(repository, {"at": at, "pusher": pusher, "unpublished": commit, "reason": reason})


def _append(repository: Path, entry: dict[str, Any]) -> None:
    path = repository / FILE
    path.parent.mkdir(exist_ok=True)
    # One write of one line: two pushes at once never mix their lines.
    with path.open("ab", buffering=0) as log:
        log.write(json.dumps(entry).encode() + b"\n")


def read(repository: Path) -> Iterator[dict[str, Any]]:
    """Every push, the oldest first; a line cut off by a crash is passed over."""
    path = repository / FILE
    for line in path.read_bytes().splitlines() if path.exists() else ():
        try:
            yield json.loads(line)
        except ValueError:
            continue
