"""The public register of cases: anonymised, one row a case, in `governance/register/`.

The form backend exports it; here it is read like any other table of the portal.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from kaishu.base import clock, problems
from kaishu.base.i18n import N_
from kaishu.base.vocabulary import Word

if TYPE_CHECKING:
    from pathlib import Path

FILE = "governance/register/data/cases.csv"
COLUMNS = (
    "number", "kind", "dataset", "department", "received", "regulation", "article", "due",
    "provisional", "answered", "outcome", "reason", "basis", "reason_code", "explanation",
    "opened",
)  # fmt: skip

BAD_REGISTER = problems.error(
    "bad-register",
    N_("The register cannot be read here: {reason}."),
    N_("Export it again with kaishu register export; it is not edited by hand."),
)


class Kind(Word):
    """办件类型."""

    OPEN_APPLICATION = "open-application", N_("Application to open")
    OPEN_DEMAND = "open-demand", N_("Demand for data")
    CORRECTION = "correction", N_("Correction")
    DISPUTE = "dispute", N_("Dispute")


class Outcome(Word):
    """How a case ended; a case without one is open."""

    GRANTED = "granted", N_("Granted")
    GRANTED_IN_PART = "granted-in-part", N_("Granted in part")
    REFUSED = "refused", N_("Refused")
    WITHDRAWN = "withdrawn", N_("Withdrawn by the applicant")


@dataclass(frozen=True, slots=True)
class RegisteredCase:
    """One case. Times are Shanghai's; `due` is the last day, None where no text sets a term.

    `dataset` is `<department>/<name>`, empty for a demand; `reason` (with its `reason_code`) and
    `basis` are those of a refusal, empty otherwise; `explanation` is the officer's own text, where
    it was released for publication; `opened` the dataset that was opened because of the case. No
    name, no contact, no text of the applicant's.
    """

    number: str
    kind: Kind
    dataset: str
    department: str
    received: datetime
    regulation: str
    article: str
    due: date | None
    provisional: bool
    answered: datetime | None
    outcome: Outcome | None
    reason: str
    basis: str
    reason_code: str = ""
    explanation: str = ""
    opened: str = ""

    def is_late(self, today: date) -> bool:
        """Whether it was answered after its last day, or is unanswered after it."""
        if self.due is None or self.outcome is Outcome.WITHDRAWN:
            return False
        return (self.answered.date() if self.answered else today) > self.due


def read(root: Path) -> tuple[tuple[RegisteredCase, ...], list[problems.Problem]]:
    """The register of the portal in `root`, empty where there is none, and what is wrong in it."""
    path = root / FILE
    if not path.is_file():
        return (), []
    found: list[RegisteredCase] = []
    wrong: list[problems.Problem] = []
    with path.open(encoding="utf-8", newline="") as source:
        rows = csv.DictReader(source, restval="")
        if tuple(rows.fieldnames or ()) != COLUMNS:
            return (), [BAD_REGISTER.at(file=FILE, row=1, reason=", ".join(COLUMNS))]
        for number, row in enumerate(rows, start=2):
            try:
                found.append(_case(row))
            except (ValueError, TypeError, AttributeError) as error:
                wrong.append(BAD_REGISTER.at(file=FILE, row=number, reason=error))
    return tuple(found), wrong


def _case(row: dict[str, str]) -> RegisteredCase:
    return RegisteredCase(
        number=row["number"],
        kind=Kind(row["kind"]),
        dataset=row["dataset"],
        department=row["department"],
        received=clock.parse(row["received"]),
        regulation=row["regulation"],
        article=row["article"],
        due=date.fromisoformat(row["due"]) if row["due"] else None,
        provisional=row["provisional"] == "true",
        answered=clock.parse(row["answered"]) if row["answered"] else None,
        outcome=Outcome(row["outcome"]) if row["outcome"] else None,
        reason=row["reason"],
        basis=row["basis"],
        reason_code=row["reason_code"],
        explanation=row["explanation"],
        opened=row["opened"],
    )
