"""Incidents: data published by mistake and purged, `governance/incidents/<date>-<slug>.yaml`.

date: 2026-11-21
dataset: mzj/parks
reason: 误含个人信息
by: 李四
reference: 开事〔2026〕1号
files: [{path: datasets/mzj/parks/data/parks.csv, sha256: 9f2c…}]    # what was removed
commits: 12                         # how many commits were written anew
releases: 3                         # how many releases were removed
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, StringConstraints

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.catalog.governance import read_file
from kaishu.catalog.model import DatasetKey, Strict, Text

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = "governance/incidents"

FILE_NAME = problems.error(
    "incident-file-name",
    N_("An incident's file is called <date>-<slug>.yaml, with the date that stands in it."),
    N_("Incidents are recorded by kaishu purge."),
)
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-[a-z0-9]+(-[a-z0-9]+)*\.yaml\Z")


class PurgedFile(Strict):
    """One content that was removed; its hash tells it without repeating it."""

    path: Text = Field(title=N_("Path"))
    sha256: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")] = Field(title="SHA-256")


class IncidentFile(Strict):
    """governance/incidents/<date>-<slug>.yaml."""

    date: dt.date = Field(title=N_("Date"))
    dataset: DatasetKey = Field(title=N_("Dataset"))
    reason: Text = Field(title=N_("Reason"))
    by: Text = Field(title=N_("Purged by"))
    reference: Text | None = Field(None, title=N_("Document number"))
    files: tuple[PurgedFile, ...] = Field((), title=N_("Files removed"))
    commits: int = Field(0, title=N_("Commits written anew"))
    releases: int = Field(0, title=N_("Releases removed"))


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident and the file that it stands in (relative to the root)."""

    file: str
    said: IncidentFile


def read(root: Path) -> tuple[tuple[Incident, ...], list[problems.Problem]]:
    """The incidents of the portal in `root`, by file, and every problem of their files."""
    found: list[problems.Problem] = []
    incidents: list[Incident] = []
    for path in sorted((root / FOLDER).glob("*.y*ml")):
        file = f"{FOLDER}/{path.name}"
        said, document = read_file(path, IncidentFile, file=file, found=found)
        if said is None:
            continue
        name = _NAME.match(path.name)
        if name is None or name[1] != said.date.isoformat():
            found.append(FILE_NAME.at(file=file, line=document.line(("date",))))
        incidents.append(Incident(file, said))
    return tuple(incidents), found
