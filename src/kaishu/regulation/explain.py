"""A due date in words: the article, its words, and every day counted or skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size

from kaishu.base import formats
from kaishu.base.i18n import N_, gettext, ngettext
from kaishu.base.i18n import gettext as _
from kaishu.regulation.model import RuleId, Start, TermUnit
from kaishu.regulation.standing import standing

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from kaishu.base.vocabulary import Word
    from kaishu.regulation.due import Day, Due
    from kaishu.regulation.model import Duty, Extension, Regulation, Rule, Sufficient, Term
    from kaishu.regulation.standing import Standing

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
    """`due` as lines of text, in the language in use; `regulation` is the one that was asked."""
    rule, text = due.standing.rule, due.standing.regulation
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
    ]
    if rule.extension is not None:
        facts.append((_("Extension"), extension_in_words(rule.extension)))
    facts += [
        (
            _("Article"),
            _("{regulation} {article}").format(regulation=quoted(text), article=due.article),
        ),
        (_("Words"), _("“{quote}”").format(quote=due.quote)),
    ]
    lines = [last]
    if due.extended:
        lines.append(_("The extension is counted in."))
    if due.provisional:
        lines.append(gettext(PROVISIONAL))
    if not regulation.in_force_on(due.received.date()):
        lines.append(_("The regulation was not in force on the day of receipt."))
    if text is not regulation:
        lines += _why_above(due, regulation)
    lines += ["", *_columns(facts), "", _("Day by day")]
    lines += [f"  {line}" for line in _columns(_day_rows(due.days))]
    return "\n".join(lines)


def _why_above(due: Due, regulation: Regulation) -> list[str]:
    """Why the term is that of a text above the one that was asked."""
    text = due.standing.regulation
    if not due.standing.looser:
        return [
            _(
                "{regulation} sets no such term; that of {above}, which it lies within, counts."
            ).format(regulation=quoted(regulation), above=quoted(text))
        ]
    return [
        _(
            "{regulation} {article} allows {term}, more than {above}; the stricter term counts."
        ).format(
            regulation=quoted(one.lower),
            article=one.allows.article,
            term=term_in_words(one.allows),
            above=quoted(one.upper),
        )
        for one in due.standing.looser
    ]


def not_set(regulation: Regulation, rule_id: str, on: date) -> str:
    """Why there is no date on that day: what the text does say, and what it sets instead."""
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
    other = standing(regulation, _OTHER.get(rule_id, ""), on)
    if other is not None and other.rule.term is not None:
        lines.append(
            _(
                "A term is set for “{matter}” instead ({id}): {term}, {regulation} {article}."
            ).format(
                matter=_label(RuleId, other.rule.id),
                id=other.rule.id,
                term=term_in_words(other.rule),
                regulation=quoted(other.regulation),
                article=other.rule.article,
            )
        )
    lines += _above(regulation, on)
    promise = regulation.promises.get(rule_id)
    if promise is not None:
        lines.append(
            _(
                "The operator promises {term} ({by}); that is its own word, not a term of law."
            ).format(term=length(promise.term), by=promise.by)
        )
    return "\n".join(lines)


def _above(regulation: Regulation, on: date) -> list[str]:
    """What was asked of the texts above, and which of them are not at hand."""
    lines = [
        _(
            "{above}, which it lies within, is at hand only in part; nothing is inferred from that."
        ).format(above=quoted(text))
        if text.partial
        else _("{above}, which it lies within, sets none either.").format(above=quoted(text))
        for text in regulation.superiors
        if text.in_force_on(on)
    ]
    lines += [
        _(
            "{missing}, which lies in between, is not at hand; nothing is inferred from that."
        ).format(missing=text.not_at_hand)
        for text in regulation.chain
        if text.not_at_hand
    ]
    missing = regulation.chain[-1].within
    if missing is not None:
        lines.append(
            _("The text above it ({id}) is not at hand; nothing is inferred from that.").format(
                id=missing
            )
        )
    return lines


def no_extension(stands: Standing) -> str:
    """Why a term cannot be extended."""
    return _("Not set (未规定): {regulation} {article} gives no extension for “{matter}”.").format(
        regulation=quoted(stands.regulation),
        article=stands.rule.article,
        matter=_label(RuleId, stands.rule.id),
    )


def extension_in_words(extension: Extension) -> str:
    """By how much, and who agrees: 至多再延长 10 个工作日，须经……同意."""
    words = _("at most {term} more, with the consent of {approver}").format(
        term=length(extension.term), approver=extension.approver
    )
    if extension.told:
        words = _("{words}; {told} is told").format(words=words, told=extension.told)
    if extension.note:
        words = _("{words} ({note})").format(words=words, note=extension.note)
    return words


def quoted(regulation: Regulation) -> str:
    """The regulation's title in title marks."""
    return f"《{regulation.title}》"


def titles(texts: Iterable[Regulation]) -> str:
    """Several titles in a row; title marks part them."""
    return "".join(map(quoted, texts))


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


def duty_in_words(duty: Duty) -> str:
    """How often, by when or how far ahead; that no time is set where the text sets none."""
    if duty.ahead is not None:
        return _("at least {term} ahead").format(term=length(duty.ahead))
    if duty.until is not None:
        month, day = duty.until
        return _("each year by {month}-{day}").format(month=f"{month:02}", day=f"{day:02}")
    return duty.every.label if duty.every else _("No period set")


def sufficient_in_words(rank: Sufficient) -> str:
    """A rank of basis: 法律; 规范性文件（国家、省）."""
    if not rank.issuers:
        return rank.level.label
    issuers = " · ".join(one.label for one in rank.issuers)
    return _("{level} ({issuers})").format(level=rank.level.label, issuers=issuers)


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
