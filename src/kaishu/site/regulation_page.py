"""The regulation in force: `/regulation/`, its terms, and what becomes of each article."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from kaishu.base.i18n import gettext as _
from kaishu.base.vocabulary import Openness
from kaishu.regulation import explain
from kaishu.regulation.model import Disposition, RuleId
from kaishu.regulation.standing import standing
from kaishu.site import replies
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from datetime import date

    from kaishu.regulation.model import Regulation, Rule
    from kaishu.regulation.standing import Standing
    from kaishu.site.edition import Edition


@dataclass(frozen=True, slots=True)
class Matter:
    """One line of the terms: the text's own rule, and the one that stands where it differs.

    `own` is None where the text itself does not speak; `stands` is None where no text does.
    """

    id: RuleId
    own: Rule | None
    stands: Standing | None
    above: bool
    anchor: int | None


def matters(regulation: Regulation, on: date) -> list[Matter]:
    """The matters in order, each with what the text says and what stands on that day."""
    found = []
    for id_ in RuleId:
        own = regulation.rules.get(id_)
        stands = standing(regulation, id_, on)
        above = stands is not None and stands.regulation.id != regulation.id
        anchor = replies.article_number(regulation, own.article) if own else None
        found.append(Matter(id_, own, stands, above, anchor))
    return found


def page(edition: Edition) -> Page:
    """The regulation's facts, terms, duties and bases, and its articles with their ledger."""
    regulation = edition.regulation
    ledger = {clause.article: clause for clause in regulation.ledger}
    return Page(
        "regulation/",
        "regulation.html",
        regulation.title,
        _("The regulation that this portal works under: its terms, and every article."),
        {
            "regulation": regulation,
            "matters": matters(regulation, edition.as_of),
            "explain": explain,
            "anchor": lambda label: replies.article_number(regulation, label),
            "ledger": ledger,
            "dispositions": [
                (one, sum(clause.disposition is one for clause in regulation.ledger))
                for one in Disposition
            ],
            "above": [text for text in regulation.superiors if text.in_force_on(edition.as_of)],
            "chapters": [
                (title or _("Articles"), list(articles))
                for title, articles in groupby(regulation.articles, key=lambda one: one.chapter)
            ],
            "on_request": sum(
                one.openness is Openness.ON_REQUEST and one.entry.withdrawn is None
                for one in edition.catalog.datasets
            ),
            "calendar": edition.calendar,
            "lapsed": regulation.in_force_until is not None
            and regulation.in_force_until < edition.as_of,
        },
    )
