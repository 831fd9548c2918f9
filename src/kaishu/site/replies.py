"""What the regulation in force promises an applicant: by when, and under which article."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _
from kaishu.site import words

if TYPE_CHECKING:
    from kaishu.regulation.model import Regulation, Rule

ANSWER = "open-application"
DELIVERY = "open-delivery"


@dataclass(frozen=True, slots=True)
class Promise:
    """One term of an application: `sentence` is true on any day and needs no script."""

    rule: Rule
    kind: str
    sentence: str
    citation: str

    @property
    def data(self) -> dict[str, Any]:
        """What the browser needs to name today's date; empty where the text sets no term."""
        if self.rule.term is None:
            return {}
        return {
            "kind": self.kind,
            "amount": self.rule.term.amount,
            "unit": self.rule.term.unit.value,
        }


def promises(regulation: Regulation) -> list[Promise]:
    """The terms that an application to open is under, the answer's before the delivery's."""
    found = []
    for id_, kind in ((ANSWER, "answer"), (DELIVERY, "delivery")):
        rule = regulation.rules.get(id_)
        if rule is None:
            continue
        found.append(
            Promise(
                rule,
                kind,
                _sentence(rule, kind),
                _("{title} {article}").format(title=regulation.short_title, article=rule.article),
            )
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
