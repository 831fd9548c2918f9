"""A due date in words: the article, its words, and every day counted or skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from kaishu.base import formats
from kaishu.base.i18n import N_, gettext, ngettext
from kaishu.base.i18n import gettext as _
from kaishu.regulation.model import RuleId, Start, TermUnit

if TYPE_CHECKING:
    from datetime import date

    from kaishu.base.vocabulary import Word
    from kaishu.regulation.due import Day, Due
    from kaishu.regulation.model import Regulation, Rule, Term

WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))
PROVISIONAL = N_(
    "Provisional, until the General Office of the State Council publishes the holidays."
)
# Where one of the two has no term, the reader may be looking for the other.
_OTHER: dict[str, str] = {
    RuleId.OPEN_APPLICATION: RuleId.OPEN_DELIVERY,
    RuleId.OPEN_DELIVERY: RuleId.OPEN_APPLICATION,
    RuleId.SHARE_CONDITIONAL: RuleId.SHARE_PROVISION,
    RuleId.SHARE_PROVISION: RuleId.SHARE_CONDITIONAL,
}


def as_text(due: Due, regulation: Regulation) -> str:
    """`due` as lines of text, in the language in use; `regulation` is the one it came from."""
    rule = regulation.rules[due.rule]
    end = due.due_at.strftime("%H:%M")
    last = _("{matter}: by {date} ({weekday}) {time}").format(
        matter=_label(RuleId, due.rule),
        date=due.due_date.isoformat(),
        weekday=weekday(due.due_date),
        time=end if due.due_at.date() == due.due_date else "24:00",
    )
    facts: list[tuple[str, ...]] = [
        (
            _("Received"),
            _("{time} (the day of receipt does not count)").format(
                time=formats.long_time(due.received)
            ),
        ),
        (_("Term"), term_in_words(rule)),
        (
            _("Article"),
            _("{regulation} {article}").format(regulation=quoted(regulation), article=due.article),
        ),
        (_("Words"), _("“{quote}”").format(quote=due.quote)),
    ]
    lines = [last]
    if due.provisional:
        lines.append(gettext(PROVISIONAL))
    if not regulation.in_force_on(due.received.date()):
        lines.append(_("The regulation was not in force on the day of receipt."))
    lines += ["", *_columns(facts), "", _("Day by day")]
    lines += [f"  {line}" for line in _columns(_day_rows(due.days))]
    return "\n".join(lines)


def not_set(regulation: Regulation, rule_id: str) -> str:
    """Why there is no date: what the text does say, and what it sets instead."""
    rule = regulation.rules.get(rule_id)
    silence = _("Not set (未规定): {regulation} sets no term for “{matter}”.")
    if regulation.partial:
        silence = _(
            "Not set (未规定): the articles of {regulation} at hand set no term for “{matter}”; "
            "nothing is inferred about the others."
        )
    lines = [
        silence.format(regulation=quoted(regulation), matter=_label(RuleId, rule_id)),
    ]
    if rule is not None:
        lines.append(
            _("{article} only says: “{quote}”").format(article=rule.article, quote=rule.quote)
        )
    other = regulation.rules.get(_OTHER.get(rule_id, ""))
    if other is not None and other.term is not None:
        lines.append(
            _("It sets a term for “{matter}” instead ({id}): {term}, {article}.").format(
                matter=_label(RuleId, other.id),
                id=other.id,
                term=term_in_words(other),
                article=other.article,
            )
        )
    if regulation.within is not None:
        lines.append(
            _(
                "The text above it ({id}) is not consulted here; nothing is inferred from it."
            ).format(id=regulation.within)
        )
    return "\n".join(lines)


def quoted(regulation: Regulation) -> str:
    """The regulation's title in title marks."""
    return f"《{regulation.title}》"


def weekday(day: date) -> str:
    """The day of the week: 周二."""
    return gettext(WEEKDAYS[day.weekday()])


def length(term: Term) -> str:
    """A length of time: 10 个工作日."""
    forms = {
        TermUnit.WORKING_DAY: ngettext("{n} working day", "{n} working days", term.amount),
        TermUnit.CALENDAR_DAY: ngettext("{n} day", "{n} days", term.amount),
        TermUnit.MONTH: ngettext("{n} month", "{n} months", term.amount),
    }
    return forms[term.unit].format(n=term.amount)


def term_in_words(rule: Rule) -> str:
    """The rule's term and what it counts from; where it has none, that it is not set."""
    if rule.term is None:
        return _("Not set")
    words = _("{term} {start}").format(term=length(rule.term), start=_label(Start, rule.starts))
    if rule.on_the_spot:
        words = _("on the spot where possible, otherwise {term}").format(term=words)
    return words


def _label(words: type[Word], value: str) -> str:
    return next(word.label for word in words if word == value)


def _day_rows(days: tuple[Day, ...]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    number = 0
    for day in days:
        number += day.counted
        place = _("day {n}").format(n=number) if day.counted else _("not counted")
        rows.append((f"{day.date} {weekday(day.date)}", place, day.reason))
    return rows


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows with their columns set under each other; a Chinese character is two cells wide."""
    widths = [max(map(cell_len, column)) for column in zip(*rows, strict=True)]
    widths[-1] = 0
    return [
        "  ".join(
            set_cell_size(cell, width) if width else cell
            for cell, width in zip(row, widths, strict=True)
        )
        for row in rows
    ]
