"""A portal beside an earlier commit of it: what changed, and which problems are new or gone."""

from __future__ import annotations

import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.base import clock, problems
from kaishu.base.files import canonical_json
from kaishu.base.i18n import gettext as _
from kaishu.catalog import events
from kaishu.packaging import against, report
from kaishu.packaging.check import check_portal
from kaishu.packaging.part import ELSEWHERE, changed_keys, of_commit, of_folder
from kaishu.packaging.store import COPIES
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog
    from kaishu.history.git import History
    from kaishu.packaging.against import Changed

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True)
class Comparison:
    """`changed` datasets; problems that are `new`, `gone`, or were `there` before."""

    changed: tuple[Changed, ...]
    new: tuple[Problem, ...]
    gone: tuple[Problem, ...]
    there: tuple[Problem, ...]


def compare(root: Path, history: History, rev: str) -> Comparison:
    """The portal in `root` beside the commit where its history parted from `rev`.

    Raises NotFound where git knows no such commit.
    """
    keys, common = changed_keys(history, rev)
    with tempfile.TemporaryDirectory(prefix="kaishu-against-") as scratch:
        new, old = Path(scratch) / "new", Path(scratch) / "old"
        of_folder(root, keys, new)
        of_commit(history, rev, keys, old)
        copies = root / COPIES
        now, found = check_portal(new if not common else root, copies=copies)
        if not common:
            found = [one for one in found if one.code not in ELSEWHERE]
        before, found_before = check_portal(old, copies=copies)
        found_before = [one for one in found_before if one.code not in ELSEWHERE]
        changed: list[Changed] = []
        if now is not None and before is not None and not problems.has_errors(found):
            was, is_ = ({key: one.by_key[key] for key in keys if key in one.by_key}
                        for one in (before, now))  # fmt: skip
            changed = against.changed(was, is_)
            found += _broken(changed, now)
    known = {_place(one) for one in found_before}
    still = {_place(one) for one in found}
    return Comparison(
        tuple(changed),
        tuple(one for one in found if _place(one) not in known),
        tuple(one for one in found_before if _place(one) not in still),
        tuple(one for one in found if _place(one) in known),
    )


def as_markdown(comparison: Comparison) -> str:
    """What a merge request is commented with."""
    title, colon, between = _("What this changes"), _(": "), _("; ")
    lines = [f"## {title}", ""]
    lines += [
        f"- **{one.title}** (`{one.key}`){colon}{between.join(one.sentences())}"
        for one in comparison.changed
    ] or [_("No dataset changes, or what changed is not right yet.")]
    parts = ((_("New problems"), comparison.new), (_("Problems that are gone"), comparison.gone))
    for title, found in parts:
        lines += ["", f"### {title}{colon}{len(found)}", ""]
        if found:
            lines.append(report.as_markdown(found))
    lines += ["", _("Problems that were there before: {n}.").format(n=len(comparison.there))]
    return "\n".join(lines)


def as_text(comparison: Comparison) -> str:
    """The same for the terminal."""
    colon, between = _(": "), _("; ")
    lines = [
        f"{one.title} ({one.key}){colon}{between.join(one.sentences())}"
        for one in comparison.changed
    ]
    lines += ["", _("New problems"), report.as_text(comparison.new)]
    gone = _("Problems that are gone")
    lines.append(f"{gone}{colon}{len(comparison.gone)}")
    return "\n".join(lines).lstrip("\n")


def as_json(comparison: Comparison) -> bytes:
    """The same for machines."""
    said: dict[str, Any] = {
        "changed": [
            {
                "dataset": one.key,
                "title": one.title,
                "said": one.sentences(),
                "differences": one.differences.as_dict() if one.differences else None,
            }
            for one in comparison.changed
        ],
        "new": [one.as_dict() for one in comparison.new],
        "gone": [one.as_dict() for one in comparison.gone],
        "there": len(comparison.there),
    }
    return canonical_json(said)


def _broken(changed: Sequence[Changed], catalog: Catalog) -> list[Problem]:
    regulation = library.load(catalog.portal.regulation, catalog.root)
    calendar = WorkingCalendar.load(catalog.root)
    decided = events.read(catalog)[0]
    aliases = [alias for one in catalog.datasets for alias in one.entry.aliases]
    found = list(against.check(changed, decided, regulation, calendar, clock.today()))
    return [*found, *against.removed(changed, aliases)]


def _place(problem: Problem) -> tuple[object, ...]:
    """What makes two problems the same: a line that only moved does not count, nor another number
    in what a warning says, such as how many rows are affected.
    """
    is_error = problem.severity is problems.Severity.ERROR
    message = problem.message if is_error else _NUMBER.sub("", problem.message)
    return problem.code, problem.file, problem.resource, problem.field, message
