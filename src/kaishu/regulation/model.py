"""A regulation as data: its articles, and the rules quoted from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from kaishu.base.i18n import N_
from kaishu.base.vocabulary import Openness, Word

if TYPE_CHECKING:
    from datetime import date


class RuleId(Word):
    """The matters that a regulation may set a term for."""

    OPEN_APPLICATION = "open-application", N_("Answer to an application to open")
    OPEN_DELIVERY = "open-delivery", N_("Delivery of data opened on request")
    CORRECTION = "correction", N_("Verification of data")
    SHARE_UNCONDITIONAL = "share-unconditional", N_("Unconditional sharing")
    SHARE_CONDITIONAL = "share-conditional", N_("Answer to an application for conditional sharing")
    SHARE_PROVISION = "share-provision", N_("Provision of data after consent to share")
    CATALOGUE_UPDATE = "catalogue-update", N_("Update of the catalogue")
    CATALOGUE_REVIEW = "catalogue-review", N_("Review of the catalogue")


class Start(Word):
    """What a term is counted from."""

    RECEIPT = "receipt", N_("from receipt")
    CONSENT = "consent", N_("from consent")
    CHANGE = "change", N_("from the change")


class TermUnit(StrEnum):
    """What a term is counted in."""

    WORKING_DAY = "working-day"
    CALENDAR_DAY = "calendar-day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time that the text sets: 10 working days."""

    amount: int
    unit: TermUnit


@dataclass(frozen=True, slots=True)
class Article:
    """One article as published. `number` 29 is 第二十九条; `text` begins after that label.

    `chapter` is None where the text has no chapters, or they are not at hand.
    In `text` a blank line parts paragraphs; the items of a list stand on lines of their own.
    """

    number: int
    label: str
    chapter: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Rule:
    """One matter that the text rules on.

    `quote` stands in the article's text, white space folded. `term` is None where the text
    rules on the matter but sets no day count. `on_the_spot`: answer at once where possible.
    `refusal` lists what a refusal must state: `reason`, `basis`.
    """

    id: str
    article: str
    quote: str
    matter: str
    starts: str
    term: Term | None
    actor: str
    on_the_spot: bool = False
    refusal: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpennessRule:
    """The article that defines a class of openness, in its words.

    `basis_public` names the article that has the basis of the restriction published, or is None.
    """

    type: Openness
    article: str
    quote: str
    basis_public: str | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """A clerk's example of a rule: received then, due on that day; None where no term is set."""

    rule: str
    received: str
    due: date | None
    why: str


@dataclass(frozen=True, slots=True)
class Source:
    """Where the text was taken from."""

    title: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Regulation:
    """A regulation in the library, or of a portal's own.

    `within` names the text that this one lies within; where it is not at hand nothing is
    inferred from it. `partial`: only some of the articles are at hand, so that a matter without
    a rule may have one in the rest; nothing is inferred from silence.
    """

    id: str
    title: str
    short_title: str
    number: str | None
    issuer: str
    in_force_from: date
    in_force_until: date | None
    within: str | None
    articles: tuple[Article, ...]
    rules: dict[str, Rule]
    openness: tuple[OpennessRule, ...] = ()
    examples: tuple[Example, ...] = ()
    source: Source | None = None
    partial: bool = False

    @property
    def chapters(self) -> tuple[str, ...]:
        """The chapters' titles in order; none where the text has no chapters."""
        return tuple(dict.fromkeys(one.chapter for one in self.articles if one.chapter))

    def article(self, label: str) -> Article | None:
        """The article that is called `label`: 第二十九条."""
        return next((one for one in self.articles if one.label == label), None)

    def in_force_on(self, day: date) -> bool:
        """Whether the text is in force on `day` on its face."""
        return self.in_force_from <= day and (
            self.in_force_until is None or day <= self.in_force_until
        )
