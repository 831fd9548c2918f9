"""Portals with dated commits, and the obligations that they have on a day."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.portals import git_commit, small_portal, write

from kaishu.base import clock
from kaishu.history.git import History
from kaishu.supervision.obligations import obligations, record_of

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.regulation.model import Duty, Regulation
    from kaishu.supervision.obligation import Obligation

BEGAN = "2026-08-10T10:00:00+08:00"


def portal(root: Path, when: str = BEGAN) -> Path:
    """The small portal, committed at `when`."""
    commit(small_portal(root), when)
    return root


def commit(root: Path, when: str) -> str:
    """Commit everything at `when`; the commit's hash."""
    git_commit(root, when if "T" in when else f"{when}T10:00:00+08:00")
    found = History.open(root).commit
    assert found is not None
    return found


def touch(root: Path, key: str) -> None:
    """Change a dataset's entry without changing what it says."""
    file = f"datasets/{key}/datapackage.yaml"
    write(root, file, f"{(root / file).read_text(encoding='utf-8')}# \n")


def owed(
    root: Path, day: str, *kinds: str, regulation: Regulation | None = None
) -> dict[str, Obligation]:
    """The obligations on a day by id, of these kinds (or all), under another regulation if given."""
    moment = clock.parse(f"{day}T12:00")
    with clock.moved_to(moment):
        record = record_of(root, moment.date())
    if regulation is not None:
        record = replace(record, regulation=regulation)
    return {one.id: one for one in obligations(record) if not kinds or one.kind in kinds}


def with_duty(regulation: Regulation, duty: Duty) -> Regulation:
    """The regulation with a further duty."""
    return replace(regulation, duties={**regulation.duties, duty.id: duty})


def attestation(root: Path, department: str, day: str, *names: str) -> None:
    """Write an attestation dated `day`."""
    write(
        root,
        f"datasets/{department}/attestation-{day}.yaml",
        f"date: {day}\nby: 张三\ndatasets: [{', '.join(names)}]\n",
    )
