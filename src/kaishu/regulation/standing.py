"""Which rule stands: a text's own, or that of the text it lies within.

Where a text is silent on a term, the text above it speaks, unless a text between the two is not
at hand; where both set a term for the same party from the same start, the stricter one stands,
and a lower text that allows more time than the one above it is named as looser. A text above
counts from the day it is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kaishu.regulation.model import RuleId, TermUnit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from kaishu.regulation.model import Regulation, Rule, Term

# For comparing terms in different units only: never for computing a date.
_DAYS = {TermUnit.WORKING_DAY: 1.4, TermUnit.CALENDAR_DAY: 1.0, TermUnit.MONTH: 30.4}


@dataclass(frozen=True, slots=True)
class Looser:
    """A term of `lower` that allows more time than the same term of `upper`."""

    lower: Regulation
    allows: Rule
    upper: Regulation
    demands: Rule


@dataclass(frozen=True, slots=True)
class Standing:
    """The rule that stands, and the text it stands in; `looser` are the terms it overrode."""

    rule: Rule
    regulation: Regulation
    looser: tuple[Looser, ...] = ()


def standing(regulation: Regulation, rule_id: str, on: date) -> Standing | None:
    """The rule on `rule_id` that stands on the day `on`, or None where no text speaks of it."""
    found: Standing | None = None
    gap = False
    for text in regulation.chain:
        rule = text.rules.get(rule_id)
        if rule is not None and _counts(rule, text, regulation, on):
            found = _heard(found, rule, text, gap=gap)
        gap = gap or text.not_at_hand is not None
    return found


def _heard(found: Standing | None, rule: Rule, text: Regulation, *, gap: bool) -> Standing | None:
    """What stands once `text` has been heard; `gap`: a text below it is not at hand."""
    if found is None:
        return None if gap else Standing(rule, text)
    if rule.term is None or found.rule.direct or not _same_matter(found.rule, rule):
        return found
    if found.rule.term is None:
        return found if gap else Standing(rule, text)
    if _longer(found.rule.term, rule.term):
        looser = Looser(found.regulation, found.rule, text, rule)
        return Standing(rule, text, (*found.looser, looser))
    return found


def all_standing(regulation: Regulation, on: date) -> Iterator[Standing]:
    """The rules that stand on the day `on`, in the order of the matters."""
    for rule_id in RuleId:
        found = standing(regulation, rule_id, on)
        if found is not None:
            yield found


def looser(regulation: Regulation, on: date) -> list[Looser]:
    """Every term of the chain that allows more time than the text above it."""
    return [one for found in all_standing(regulation, on) for one in found.looser]


def _counts(rule: Rule, text: Regulation, asked: Regulation, on: date) -> bool:
    """Whether the rule counts on that day; the text asked for is usable when it has lapsed."""
    if rule.in_force_from is not None and on < rule.in_force_from:
        return False
    if rule.in_force_until is not None and on > rule.in_force_until:
        return False
    return text is asked or text.in_force_on(on)


def _same_matter(lower: Rule, upper: Rule) -> bool:
    return lower.party is upper.party and lower.starts == upper.starts


def _longer(one: Term, other: Term) -> bool:
    return one.amount * _DAYS[one.unit] > other.amount * _DAYS[other.unit]
