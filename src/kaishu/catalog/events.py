"""Changes that the catalogue must follow, or of which users are told: `governance/events/`.

date: 2026-08-01                  # the day on which it arose; also begins the file's name
kind: law                         # law | duties | change
title: 《政务数据共享条例》施行
basis: 国务院令第809号
departments: [mzj]                # every entry of theirs is affected
datasets: [jtj/bus-stops]         # these alone
extended: [{department: mzj, date: 2026-08-06}]    # the operator agreed to the longer term
reviewed: [{department: mzj, date: 2026-08-17}]    # the operator had reviewed the update
effective: 2026-09-01             # kind change: the day from which it affects users
noticed: 2026-07-28               # kind change: the day on which users were told
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import Field

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.base.vocabulary import Word
from kaishu.catalog.governance import named, read_file
from kaishu.catalog.model import DatasetKey, Id, Strict, Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kaishu.base.strict_yaml import Document
    from kaishu.catalog.dataset import Catalog

FOLDER = "governance/events"

FILE_NAME = problems.error(
    "event-file-name",
    N_("An event's file is called <date>-<slug>.yaml, with the date that stands in it."),
    N_("Rename the file, for example {example}."),
)
NO_ONE = problems.error(
    "event-affects-no-one",
    N_("The event names neither departments nor datasets."),
    N_("Add departments, datasets, or both: those whose catalogue entries are affected."),
)
NO_EFFECT = problems.error(
    "event-without-effective",
    N_("A change that affects users needs the day from which it does: effective."),
    N_("Add effective: YYYY-MM-DD."),
)
NOT_ITS_KEY = problems.error(
    "event-key-of-another-kind",
    N_("“{key}” does not belong to an event of the kind “{kind}”."),
    N_("effective and noticed are for changes, the other keys for events of law or duties."),
)

_NAME = re.compile(r"(\d{4}-\d\d-\d\d)-[a-z0-9]+(-[a-z0-9]+)*\.yaml\Z")


class EventKind(Word):
    """What kind of event."""

    LAW = "law", N_("Change of law")
    DUTIES = "duties", N_("Change of duties")
    CHANGE = "change", N_("Change that affects users")


class EventDecision(Strict):
    """A decision of the operator's on a department's update, and its day."""

    department: Id = Field(title=N_("Department"))
    date: dt.date = Field(title=N_("Date"))
    reference: Text | None = Field(None, title=N_("Document number"))


class EventFile(Strict):
    """governance/events/<date>-<slug>.yaml."""

    date: dt.date = Field(title=N_("Date"))
    kind: EventKind = Field(title=N_("Kind of event"))
    title: Text = Field(title=N_("Title"))
    basis: Text | None = Field(None, title=N_("Basis"))
    departments: tuple[Id, ...] = Field((), title=N_("Departments affected"))
    datasets: tuple[DatasetKey, ...] = Field((), title=N_("Datasets affected"))
    extended: tuple[EventDecision, ...] = Field((), title=N_("Extensions agreed"))
    reviewed: tuple[EventDecision, ...] = Field((), title=N_("Reviews"))
    effective: dt.date | None = Field(None, title=N_("Effective from"))
    noticed: dt.date | None = Field(None, title=N_("Users told on"))


@dataclass(frozen=True, slots=True)
class Event:
    """One event and the file that it stands in (relative to the root)."""

    file: str
    said: EventFile

    @property
    def slug(self) -> str:
        """The file's name without its ending: stable as an identifier."""
        return self.file.rpartition("/")[2].removesuffix(".yaml")

    def departments(self) -> tuple[str, ...]:
        """Every department that it concerns, in the order named."""
        owners = (key.partition("/")[0] for key in self.said.datasets)
        return tuple(dict.fromkeys((*self.said.departments, *owners)))


def read(catalog: Catalog) -> tuple[tuple[Event, ...], list[problems.Problem]]:
    """The events of the portal, by file name, and every problem of their files."""
    events: list[Event] = []
    found: list[problems.Problem] = []
    for path in sorted((catalog.root / FOLDER).glob("*.y*ml")):
        file = f"{FOLDER}/{path.name}"
        said, document = read_file(path, EventFile, file=file, found=found)
        if said is None:
            continue
        found += (wrong := list(_check(said, document, file, catalog)))
        if not problems.has_errors(wrong):
            events.append(Event(file, said))
    return tuple(events), found


def _check(
    said: EventFile, document: Document, file: str, catalog: Catalog
) -> Iterator[problems.Problem]:
    name = _NAME.match(file.rpartition("/")[2])
    if name is None or name[1] != said.date.isoformat():
        example = f"{said.date}-{said.kind}.yaml"
        yield FILE_NAME.at(file=file, line=document.line(("date",)), example=example)
    if not (said.departments or said.datasets):
        yield NO_ONE.at(file=file, line=1)
    is_change = said.kind is EventKind.CHANGE
    if is_change and said.effective is None:
        yield NO_EFFECT.at(file=file, line=document.line(("kind",)))
    for key in ("extended", "reviewed") if is_change else ("effective", "noticed"):
        if getattr(said, key):
            line = document.line((key,))
            yield NOT_ITS_KEY.at(file=file, line=line, key=key, kind=said.kind.label)
    departments = [(("departments", i), id_) for i, id_ in enumerate(said.departments)]
    decided = [
        ((key, i, "department"), one.department)
        for key, decisions in (("extended", said.extended), ("reviewed", said.reviewed))
        for i, one in enumerate(decisions)
    ]
    yield from named(
        catalog,
        document,
        file,
        departments=[*departments, *decided],
        datasets=[(("datasets", i), key) for i, key in enumerate(said.datasets)],
    )
