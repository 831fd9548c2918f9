"""What is on record about a portal on one day: its history, its files of duties, its register.

History counts as it was committed: a commit's day is its committer's, in Shanghai. A shallow
clone is never believed, and outside git there is no history; then `told` is false.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.catalog import attestations, events, plans, register
from kaishu.catalog.load import DESCRIPTORS
from kaishu.supervision.obligation import Evidence, EvidenceKind, Ground

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kaishu.base.problems import Problem
    from kaishu.catalog.attestations import Attestation
    from kaishu.catalog.dataset import Catalog, Dataset
    from kaishu.catalog.events import Event
    from kaishu.catalog.plans import Plan
    from kaishu.catalog.register import RegisteredCase
    from kaishu.history.git import Change, History
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.duties import StandingDuty
    from kaishu.regulation.model import Regulation


@dataclass(frozen=True)
class Record:
    """All that obligations are computed from, as it stood on the day `as_of`.

    `entries` and `data` hold the changes of each dataset's descriptor and of its data, `files`
    those of each file below `governance/` and of attestations; all the newest
    first, by key or path, none after `as_of`. `problems` are those of the files of duties; what is
    wrong in them is left out of the rest.
    """

    catalog: Catalog
    regulation: Regulation
    calendar: WorkingCalendar
    as_of: date
    told: bool
    shallow: bool = False
    entries: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    data: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    files: dict[str, tuple[Change, ...]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    plans: tuple[Plan, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    cases: tuple[RegisteredCase, ...] = ()
    problems: tuple[Problem, ...] = ()

    @classmethod
    def take(
        cls,
        catalog: Catalog,
        history: History,
        regulation: Regulation,
        calendar: WorkingCalendar,
        as_of: date,
    ) -> Record:
        """Read the portal's history and files."""
        former = _former(catalog)

        def owner(path: str) -> str | None:
            """`entry <key>`, `data <key>` or `file <path>`, so that the log is read once."""
            department, *rest = path.split("/")[1:]
            if not rest:
                return None
            if len(rest) == 1:
                return f"file {path}"
            key = f"{department}/{rest[0]}"
            key = former.get(key, key)
            if len(rest) == 2 and rest[1] in DESCRIPTORS:
                return f"entry {key}"
            return f"data {key}" if len(rest) > 2 and rest[1] == "data" else None

        def until(changes: dict[str, tuple[Change, ...]]) -> dict[str, tuple[Change, ...]]:
            kept = {
                name: tuple(one for one in found if one.time.date() <= as_of)
                for name, found in changes.items()
            }
            return {name: found for name, found in kept.items() if found}

        below = until(history.all_changes("datasets", owner=owner))
        files = until(history.all_changes("governance", owner=str))
        happened, wrong_events = events.read(catalog)
        planned, wrong_plans = plans.read(catalog)
        attested, wrong_attestations = attestations.read(catalog)
        cases, wrong_cases = register.read(catalog.root)
        return cls(
            catalog=catalog,
            regulation=regulation,
            calendar=calendar,
            as_of=as_of,
            told=history.commit is not None and not history.shallow,
            shallow=history.shallow,
            entries=_kind(below, "entry"),
            data=_kind(below, "data"),
            files={**files, **_kind(below, "file")},
            events=happened,
            plans=planned,
            attestations=attested,
            cases=cases,
            problems=(*wrong_events, *wrong_plans, *wrong_attestations, *wrong_cases),
        )

    @cached_property
    def current(self) -> tuple[Dataset, ...]:
        """The datasets in the catalogue that are not withdrawn."""
        return tuple(one for one in self.catalog.datasets if one.entry.withdrawn is None)

    def of_department(self, department: str) -> tuple[Dataset, ...]:
        """The department's datasets that are not withdrawn."""
        return self._of_departments.get(department, ())

    @cached_property
    def _of_departments(self) -> dict[str, tuple[Dataset, ...]]:
        found: dict[str, list[Dataset]] = {}
        for one in self.current:
            found.setdefault(one.department.id, []).append(one)
        return {department: tuple(own) for department, own in found.items()}

    @cached_property
    def _former(self) -> dict[str, str]:
        return _former(self.catalog)

    def current_key(self, key: str) -> str:
        """The address that the dataset has now, where `key` is a former one."""
        return self._former.get(key, key)

    def began(self, key: str) -> date | None:
        """The day of the first commit that had the entry; None where there is none."""
        changes = self.entries.get(key)
        return changes[-1].time.date() if changes else None

    def since(self) -> date | None:
        """The day of the first commit that had any entry: earlier nothing was owed here."""
        days = [found[-1].time.date() for found in self.entries.values()]
        return min(days, default=None)

    def care_of(self, key: str, first: date, last: date) -> list[Change]:
        """Commits from `first` to `last` that touched the entry or attested it, newest first.

        An attestation counts by its own newest commit, where the day on which the entry was
        looked at lies in the span too: what is committed later is no evidence of the time before.
        """
        found = [one for one in self.entries.get(key, ()) if first <= one.time.date() <= last]
        for looked_at, change in self._attested.get(key, ()):
            if first <= looked_at <= last and first <= change.time.date() <= last:
                found.append(change)
        return sorted(found, key=lambda one: one.time, reverse=True)

    @cached_property
    def _attested(self) -> dict[str, list[tuple[date, Change]]]:
        """By key: when the entry was looked at, and the commit that attests it."""
        given: dict[str, list[tuple[date, Change]]] = {}
        for one in self.attestations:
            for change in self.files.get(one.file, ())[:1]:
                for key in one.keys:
                    given.setdefault(key, []).append((one.said.date, change))
        return given


def _former(catalog: Catalog) -> dict[str, str]:
    return {alias: one.key for one in catalog.datasets for alias in one.entry.aliases}


def commits(changes: Iterable[Change]) -> tuple[Evidence, ...]:
    """The commits of `changes` as evidence, each once, in order."""
    hashes = dict.fromkeys(one.commit for one in changes)
    return tuple(Evidence(EvidenceKind.COMMIT, one) for one in hashes)


def ground_of(stands: StandingDuty) -> Ground:
    """The article of a duty."""
    return Ground(stands.regulation.id, stands.duty.article, stands.duty.quote)


def untold(record: Record) -> str:
    """Why history tells nothing, in words."""
    if record.shallow:
        return _("This is a shallow clone; its history is not believed. Clone the whole history.")
    return _("The portal's folder is not under version control, so nothing tells when.")


def _kind(changes: dict[str, tuple[Change, ...]], kind: str) -> dict[str, tuple[Change, ...]]:
    return {
        name.partition(" ")[2]: found
        for name, found in changes.items()
        if name.partition(" ")[0] == kind
    }
