"""What an applicant can expect under the regulation in force: by when, and under which article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _
from kaishu.regulation.standing import standing
from kaishu.site import words

if TYPE_CHECKING:
    from datetime import date

    from kaishu.regulation.model import Regulation, Rule, Term

ANSWER = "open-application"
DELIVERY = "open-delivery"


@dataclass(frozen=True, slots=True)
class Reply:
    """One term of an application: `sentence` is true on any day and needs no script.

    `term` is None where no text sets one; `own` marks the operator's promise, which is no law.
    """

    term: Term | None
    kind: str
    sentence: str
    citation: str
    own: bool = False

    @property
    def data(self) -> dict[str, Any]:
        """What the browser needs to name today's date; empty without a term."""
        if self.term is None:
            return {}
        return {
            "kind": self.kind,
            "amount": self.term.amount,
            "unit": self.term.unit.value,
        }


def replies(regulation: Regulation, on: date) -> list[Reply]:
    """The terms that an application to open is under, the answer's before the delivery's.

    A promise of the operator's own stands where no text sets the term.
    """
    found = []
    for id_, kind in ((ANSWER, "answer"), (DELIVERY, "delivery")):
        stands = standing(regulation, id_, on)
        if stands is not None:
            title = stands.regulation.short_title
            citation = _("{title} {article}").format(title=title, article=stands.rule.article)
            rule = stands.rule
            found.append(Reply(rule.term, kind, _sentence(rule, kind), citation))
        promise = regulation.promises.get(id_)
        if promise is not None and (stands is None or stands.rule.term is None):
            sentence = _("The operator promises {term}; this is its own word, not a term of law")
            length = words.term(promise.term)
            found.append(
                Reply(promise.term, kind, sentence.format(term=length), promise.by, own=True)
            )
    return found


def _sentence(rule: Rule, kind: str) -> str:
    if rule.term is None:
        return _("This regulation sets no term.")
    length = words.term(rule.term)
    if kind == "delivery":
        if rule.starts == "consent":
            return _("Delivered within {term} of consent").format(term=length)
        return _("Delivered within {term} of filing").format(term=length)
    if rule.on_the_spot:
        return _("Answered on the spot where possible, otherwise within {term} of filing").format(
            term=length
        )
    return _("Answered within {term} of filing").format(term=length)


def article_number(regulation: Regulation, label: str) -> int | None:
    """The number of the article that `label` names, for an anchor."""
    return next((one.number for one in regulation.articles if one.label == label), None)
