"""The public register: closed and overdue cases without anything personal, as a data package.

It is written to `governance/register/`, where the catalogue reads it like any other dataset. Of
what an officer wrote it holds only what was released for publication, of what an applicant wrote
nothing at all.
"""

from __future__ import annotations

import csv
import io
from dataclasses import astuple, dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

import yaml
from django.db.models import Q

from kaishu.base import clock
from kaishu.base.clock import SHANGHAI
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.cases import tally
from kaishu.cases.models import Case
from kaishu.cases.words import REASONS, Kind, Outcome, State
from kaishu.catalog.load import DESCRIPTORS, REGISTER
from kaishu.catalog.register import COLUMNS, FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from kaishu.cases.models import Answer
    from kaishu.cases.portal import Now

NAME = "register"
REPLIES_FILE = f"{REGISTER}/data/replies.csv"
REPLIES_COLUMNS = (
    "year", "kind", "department", "received", "answered", "late", "median_days", "longest_days",
)  # fmt: skip
_PRESENT: Final = [State.SUBMITTED, State.ACCEPTED, State.CLARIFYING]


@dataclass(frozen=True, slots=True)
class Row:
    """One case, as texts in the order of the register's columns."""

    number: str
    kind: str
    dataset: str
    department: str
    received: str
    regulation: str
    article: str
    due: str
    provisional: str
    answered: str
    outcome: str
    reason: str
    basis: str
    reason_code: str
    explanation: str
    opened: str


def rows(portal: Now) -> Iterator[Row]:
    """Every case that is closed or overdue now, in the order of receipt."""
    closed = Q(answered_at__isnull=False) | Q(state=State.WITHDRAWN.value)
    late = Q(state__in=_PRESENT, due_at__lte=clock.now())
    found = Case.objects.filter(closed | late).select_related("answer")
    for case in found.order_by("received_at", "number").iterator(chunk_size=2000):
        opened = portal.catalog.opened_for.get(case.number)
        yield _row(case, opened.key if opened else "")


def export(portal: Now, root: Path) -> int:
    """Write the register below `root`; how many cases it holds. The same record, the same bytes."""
    found = [astuple(row) for row in rows(portal)]
    _write_csv(root / FILE, COLUMNS, found)
    figures = list(_replies(tally.read()))
    _write_csv(root / REPLIES_FILE, REPLIES_COLUMNS, figures)
    path = root / REGISTER / DESCRIPTORS[0]
    text = yaml.safe_dump(_descriptor(portal, path), allow_unicode=True, sort_keys=False, width=100)
    write_atomically(path, text.encode())
    return len(found)


def _row(case: Case, opened: str) -> Row:
    answer: Answer | None = getattr(case, "answer", None)
    refused = answer is not None and answer.outcome != Outcome.GRANTED
    return Row(
        number=case.number,
        kind=case.kind,
        dataset=case.dataset_key,
        department=case.department or case.provider,
        received=_moment(case.received_at),
        regulation=case.regulation,
        article=case.article,
        due=case.due_date.isoformat() if case.due_date else "",
        provisional="true" if case.provisional else "false",
        answered=_moment(case.answered_at),
        outcome=_outcome(case, answer),
        reason=answer.reason_word.label if answer and answer.reason_word else "",
        basis=f"{answer.basis_title} {answer.basis_article}".strip() if answer and refused else "",
        reason_code=answer.reason_code if answer and refused else "",
        explanation=_one_paragraph(answer.reason) if answer and answer.released else "",
        opened=opened,
    )


def _outcome(case: Case, answer: Answer | None) -> str:
    if answer is not None:
        return str(Outcome(answer.outcome).value)
    return Outcome.WITHDRAWN.value if case.state == State.WITHDRAWN else ""


def _moment(moment: datetime | None) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds") if moment else ""


def _one_paragraph(text: str) -> str:
    return " ".join(text.split())


def _replies(tallies: Iterable[tally.Tallied]) -> Iterator[tuple[str, ...]]:
    for one in tallies:
        yield (
            str(one.year),
            one.kind,
            one.department,
            str(one.received),
            str(one.answered),
            str(one.late),
            "" if one.median is None else f"{one.median:g}",
            "" if one.longest is None else str(one.longest),
        )


def _write_csv(path: Path, columns: tuple[str, ...], found: Iterable[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    # A spreadsheet takes these first letters for a formula's.
    writer.writerows([_harmless(cell) for cell in row] for row in found)
    write_atomically(path, text.getvalue().encode())


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _descriptor(portal: Now, path: Path) -> dict[str, Any]:
    settled = portal.catalog.portal
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{settled.url.rstrip('/')}/{REGISTER}")),
        "name": NAME,
        "title": _("Public register of cases"),
        "description": _(
            "Applications, demands, corrections and disputes that are answered or overdue: what "
            "was received when, due when and answered how. Names, contacts and what applicants "
            "wrote are not in it."
        ),
        "created": _created(path),
        "resources": [
            {
                "name": "cases",
                "title": _("Cases"),
                "path": "data/cases.csv",
                "schema": {"fields": _case_fields(portal), "primaryKey": "number"},
            },
            {
                "name": "replies",
                "title": _("Time to reply, by year, kind and department"),
                "path": "data/replies.csv",
                "schema": {
                    "fields": _reply_fields(),
                    "primaryKey": ["year", "kind", "department"],
                },
            },
        ],
        "catalogue": {
            "theme": settled.themes[0].id,
            "openness": {"type": "unconditional", "mode": ["download"]},
            "sharing": {"type": "unconditional", "mode": ["file"]},
            "update_cycle": "daily",
            "modified": clock.today(),
        },
    }


def _created(path: Path) -> str:
    """The day of the first export, which later ones keep."""
    if path.is_file():
        before = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(before, dict) and "created" in before:
            return str(before["created"])
    return f"{clock.today().isoformat()}T00:00:00+08:00"


def _case_fields(portal: Now) -> list[dict[str, Any]]:
    kinds = [kind.value for kind in Kind]
    codes = sorted({reason.value for reasons in REASONS.values() for reason in reasons})
    departments = [one.id for one in portal.catalog.portal.departments]
    return [
        _field("number", _("Case number"), constraints={"required": True, "unique": True}),
        _field("kind", _("Kind"), constraints={"required": True, "enum": kinds}),
        _field("dataset", _("Dataset")),
        _field("department", _("Department"), constraints={"enum": departments}),
        _field("received", _("Received at"), "datetime", constraints={"required": True}),
        _field("regulation", _("Regulation")),
        _field("article", _("Article")),
        _field("due", _("Due"), "date"),
        _field("provisional", _("Provisional"), "boolean"),
        _field("answered", _("Answered"), "datetime"),
        _field("outcome", _("Outcome"), constraints={"enum": [one.value for one in Outcome]}),
        _field("reason", _("Reason")),
        _field("basis", _("Basis")),
        _field("reason_code", _("Reason code"), constraints={"enum": codes}),
        _field("explanation", _("Explanation, where released")),
        _field("opened", _("Dataset opened because of it")),
    ]


def _reply_fields() -> list[dict[str, Any]]:
    return [
        _field("year", _("Year of receipt"), "integer"),
        _field("kind", _("Kind")),
        _field("department", _("Department")),
        _field("received", _("Received"), "integer"),
        _field("answered", _("Answered"), "integer"),
        _field("late", _("Answered late"), "integer"),
        _field("median_days", _("Median of working days"), "number"),
        _field("longest_days", _("Longest, in working days"), "integer"),
    ]


def _field(name: str, title: str, type_: str = "string", **more: Any) -> dict[str, Any]:
    return {"name": name, "type": type_, "title": title, **more}
