"""One obligation: who owes what by when, on what ground, and how it stands.

Obligations are computed and never stored. Lateness is counted in what the term is counted in:
working days for a term of working days, else calendar days.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import N_, ngettext
from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Word
from kaishu.regulation.model import TermUnit

if TYPE_CHECKING:
    from datetime import date

    from kaishu.regulation.calendar import WorkingCalendar

# From so many working days before its due date on, an obligation is due soon.
SOON = 5


class ObligationKind(Word):
    """What an obligation is about."""

    CATALOGUE_MAINTENANCE = "catalogue-maintenance", N_("Full maintenance of the catalogue")
    CATALOGUE_UPDATE = "catalogue-update", N_("Update of the catalogue")
    CATALOGUE_REVIEW = "catalogue-review", N_("Review of the catalogue")
    DATA_UPDATE = "data-update", N_("Update of the data")
    CHANGE_NOTICE = "change-notice", N_("Notice before a change of the catalogue")
    OPENING_PLAN = "opening-plan", N_("Annual opening plan")
    PLANNED_OPENING = "planned-opening", N_("Planned opening")
    ANNUAL_REPORT = "annual-report", N_("Annual report")
    CASE = "case", N_("Answer to a case")


class State(Word):
    """How an obligation stands."""

    OVERDUE = "overdue", N_("Overdue")
    DUE_SOON = "due-soon", N_("Due soon")
    OPEN = "open", N_("To be done")
    MET = "met", N_("Met")
    NO_TERM = "no-term", N_("No term set")
    UNKNOWN = "unknown", N_("Unknown")


class EvidenceKind(Word):
    """What shows that an obligation is met, or what it arose from."""

    COMMIT = "commit", N_("Commit")
    CASE = "case", N_("Case")
    FILE = "file", N_("File")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A commit's full hash, a case's number, or a file's path relative to the root."""

    kind: EvidenceKind
    reference: str


@dataclass(frozen=True, slots=True)
class Ground:
    """The article that an obligation rests on; `regulation` is the id of its text."""

    regulation: str
    article: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Obligation:
    """Who owes what by when.

    `id` is stable from day to day. `department` is None where the operator owes it. `ground` is
    None where no text asks for it (a cycle that the entry itself declares, an item of a plan).
    `due` is None where no term is set, or where history does not tell from when it runs. `done`
    is the day on which it was met. `late` counts days past the due date, in `unit`: until it was
    met, else until now; 0 where it is not late. `outstanding` are the datasets still to be
    dealt with; `remark` says what the state does not.
    """

    id: str
    kind: ObligationKind
    department: str | None
    subject: str
    ground: Ground | None
    due: date | None
    state: State
    unit: TermUnit = TermUnit.CALENDAR_DAY
    provisional: bool = False
    done: date | None = None
    late: int = 0
    evidence: tuple[Evidence, ...] = ()
    outstanding: tuple[str, ...] = ()
    remark: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The JSON form, every key present."""
        ground = self.ground
        return {
            "id": self.id,
            "kind": self.kind.value,
            "department": self.department,
            "subject": self.subject,
            "regulation": ground.regulation if ground else None,
            "article": ground.article if ground else None,
            "quote": ground.quote if ground else None,
            "due_date": self.due.isoformat() if self.due else None,
            "provisional": self.provisional,
            "state": self.state.value,
            "done": self.done.isoformat() if self.done else None,
            "days_late": self.late,
            "unit": self.unit.value,
            "evidence": [
                {"kind": one.kind.value, "reference": one.reference} for one in self.evidence
            ],
            "outstanding": list(self.outstanding),
            "remark": self.remark,
        }

    def state_in_words(self) -> str:
        """The state as people read it: 已逾期 3 个工作日; 已完成."""
        if not self.late:
            return self.state.label
        if self.unit is TermUnit.WORKING_DAY:
            days = ngettext("{n} working day", "{n} working days", self.late).format(n=self.late)
        else:
            days = ngettext("{n} day", "{n} days", self.late).format(n=self.late)
        if self.state is State.MET:
            return _("Met, {days} late").format(days=days)
        return _("Overdue by {days}").format(days=days)


def judged(one: Obligation, today: date, calendar: WorkingCalendar) -> Obligation:
    """`one` with its state and lateness on the day `today`, from its due date and `done`.

    What is unknown, or is not done and has no due date, stays as it was given.
    """
    if one.state is State.UNKNOWN:
        return one
    if one.done is not None:
        late = _days(one.unit, one.due, one.done, calendar) if one.due else 0
        return replace(one, state=State.MET, late=late)
    if one.due is None:
        return one
    if today > one.due:
        return replace(one, state=State.OVERDUE, late=_days(one.unit, one.due, today, calendar))
    left = calendar.working_days(today, one.due)
    return replace(one, state=State.DUE_SOON if left <= SOON else State.OPEN)


def _days(unit: TermUnit, due: date, until: date, calendar: WorkingCalendar) -> int:
    if until <= due:
        return 0
    if unit is TermUnit.WORKING_DAY:
        # At least one: the due date has passed, though no working day has since.
        return max(calendar.working_days(due, until), 1)
    return (until - due).days
