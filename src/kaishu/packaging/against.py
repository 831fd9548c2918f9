"""A catalogue beside an earlier one: what changed in each dataset, and what thereby breaks.

A change that breaks the programs which read the data (a column or table gone, renamed or
retyped, a key changed) waits for a notice given ahead, by the regulation's term or 30 days
(朔州 第十二条), or for an event of the operator's that lets it through.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _
from kaishu.catalog.events import EventKind
from kaishu.packaging.differences import Differences, compare
from kaishu.regulation.before import latest_notice
from kaishu.regulation.duties import standing_duty
from kaishu.regulation.explain import length
from kaishu.regulation.model import DutyId, Term, TermUnit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from kaishu.catalog.dataset import Dataset
    from kaishu.catalog.events import Event
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Regulation

# Where no text sets a term.
DEFAULT_TERM = Term(30, TermUnit.CALENDAR_DAY)
# How long the operator's event lets a breaking change through.
_OVERRIDE = timedelta(days=30)
# Rows are counted in the first of a great many datasets that change at once.
_COUNTED = 50

BREAKS = problems.error(
    "breaking-change",
    N_("Programs that read the data would break: {what}. No notice was given ahead."),
    N_(
        "Announce it first with change_notice: {{effective, description}} in the catalogue entry, at "
        "least {term} ahead; or ask the operator for an event of the kind “change”."
    ),
)
NOT_YET = problems.error(
    "breaking-change-early",
    N_("Programs that read the data would break: {what}. The notice says {date}."),
    N_("Push the change on that day or later; or ask the operator for an event."),
)
STILL_THERE = problems.error(
    "change-notice-left",
    N_("The change that change_notice announced is made, and the notice is still there."),
    N_("Remove change_notice together with the change that it announced."),
)
TOO_SHORT = problems.error(
    "change-notice-short",
    N_("The change is announced for {date}; users have to be told {term} ahead."),
    N_("Choose a later day in change_notice.effective."),
)
REMOVED = problems.error(
    "dataset-removed",
    N_("A published dataset is removed, and its address would lead nowhere."),
    N_(
        "Keep the entry with withdrawn: {{date, reason}}, or name the old address in aliases: of the "
        "dataset that takes its place."
    ),
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One dataset in both catalogues, or in one of them; `differences` where it is in both."""

    key: str
    old: Dataset | None
    new: Dataset | None
    differences: Differences | None

    @property
    def title(self) -> str:
        """The dataset's title, the newer one where it has two."""
        one = self.new or self.old
        return one.descriptor.title if one else self.key

    def sentences(self) -> list[str]:
        """What changed, in words of the language in use."""
        if self.differences is not None:
            return self.differences.sentences()
        return [_("New dataset") if self.new else _("Dataset removed")]


def changed(old: Mapping[str, Dataset], new: Mapping[str, Dataset]) -> list[Changed]:
    """Every dataset that differs, by key; both catalogues have passed their checks."""
    found = []
    for number, key in enumerate(sorted({**old, **new})):
        was, now = old.get(key), new.get(key)
        if was is None and now is not None:
            # What moved is compared with what it was where it came from.
            was = next((old[one] for one in now.entry.aliases if one in old), None)
        differences = compare(was, now, rows=number < _COUNTED) if was and now else None
        if differences is None or differences.any:
            found.append(Changed(key, was, now, differences))
    return found


def check(
    found: Iterable[Changed],
    events: Sequence[Event],
    regulation: Regulation,
    calendar: WorkingCalendar,
    day: date,
) -> Iterator[problems.Problem]:
    """What breaks without notice, and notices that are too short, on the day `day`."""
    stands = standing_duty(regulation, DutyId.CHANGE_NOTICE, day)
    term = stands.duty.ahead if stands and stands.duty.ahead else DEFAULT_TERM
    for one in found:
        if one.old is None or one.new is None or one.differences is None:
            continue
        if not _lets_through(events, one.key, day):
            yield from _broken(one, one.old, one.new, one.differences, term, day)
            yield from _announced(one.old, one.new, term, calendar, day)


def removed(found: Iterable[Changed], aliases: Iterable[str]) -> Iterator[problems.Problem]:
    """Datasets that are gone without a withdrawal; `aliases` are the former addresses of all."""
    known = set(aliases)
    for one in found:
        if one.new is None and one.key not in known:
            yield REMOVED.at(dataset=one.key, file=f"datasets/{one.key}")


def _broken(
    one: Changed, old: Dataset, new: Dataset, differences: Differences, term: Term, day: date
) -> Iterator[problems.Problem]:
    # What had no data to take, or has none any more, breaks nobody's program by its schema.
    if not (old.is_open and new.is_open) or not differences.breaking:
        return
    what = _("; ").join(differences.breaking)
    notice = old.entry.change_notice
    if notice is None:
        yield BREAKS.at(**_at(new, "resources"), what=what, term=length(term))
    elif notice.effective > day:
        yield NOT_YET.at(**_at(new, "resources"), what=what, date=notice.effective)
    elif new.entry.change_notice == notice:
        yield STILL_THERE.at(**_at(new, "catalogue", "change_notice"))


def _announced(
    old: Dataset, new: Dataset, term: Term, calendar: WorkingCalendar, day: date
) -> Iterator[problems.Problem]:
    notice = new.entry.change_notice
    if notice is None or notice == old.entry.change_notice or not old.is_open:
        return
    if latest_notice(term, notice.effective, calendar).date < day:
        place = _at(new, "catalogue", "change_notice", "effective")
        yield TOO_SHORT.at(**place, date=notice.effective, term=length(term))


def _lets_through(events: Sequence[Event], key: str, day: date) -> bool:
    """Whether the operator has decided that this dataset may change now."""
    return any(
        event.said.kind is EventKind.CHANGE
        and event.said.effective is not None
        and event.said.effective <= day < event.said.effective + _OVERRIDE
        and (key in event.said.datasets or key.partition("/")[0] in event.said.departments)
        for event in events
    )


def _at(dataset: Dataset, *path: str | int) -> dict[str, Any]:
    return {"file": dataset.file, "dataset": dataset.key, "line": dataset.lines.line(path)}
