"""A regulation as data: its articles, and the rules quoted from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from kaishu.base.i18n import N_
from kaishu.base.vocabulary import BasisLevel, Issuer, Openness, Sharing, Word

if TYPE_CHECKING:
    from datetime import date


class RuleId(Word):
    """The matters that a regulation may set a term for."""

    OPEN_APPLICATION = "open-application", N_("Answer to an application to open")
    OPEN_DELIVERY = "open-delivery", N_("Delivery of data opened on request")
    OPEN_DEMAND = "open-demand", N_("Answer to a demand for data")
    CORRECTION = "correction", N_("Verification of data")
    DISPUTE = "dispute", N_("Coordination of a dispute")
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


class Party(Word):
    """Whose the matter is: a term for departments binds no citizen, and the other way round."""

    DEPARTMENT = "department", N_("between departments")
    PUBLIC = "public", N_("for citizens and organisations")


class DutyId(Word):
    """The standing duties that a regulation may lay down, beside its terms."""

    CATALOGUE_MAINTENANCE = "catalogue-maintenance", N_("Full maintenance of the catalogue")
    CHANGE_NOTICE = "change-notice", N_("Notice before a change of the catalogue")
    OPENING_PLAN = "opening-plan", N_("Annual opening plan")
    ANNUAL_REPORT = "annual-report", N_("Annual report")
    EVALUATION = "evaluation", N_("Evaluation")
    OPENING_REVIEW = "opening-review", N_("Review before opening")
    DATA_UPKEEP = "data-upkeep", N_("Upkeep of the data")
    CONTACT_UPKEEP = "contact-upkeep", N_("Current contacts")
    BASIS_PUBLIC = "basis-public", N_("Publication of the basis of restrictions")


class Every(Word):
    """How often a duty returns."""

    QUARTER = "quarter", N_("each quarter")
    YEAR = "year", N_("each year")


class BreachId(Word):
    """The breaches that a machine can see."""

    CATALOGUE_LATE = "catalogue-late", N_("Catalogue not compiled or not updated in time")
    DATA_LATE = "data-late", N_("Data not provided or not updated in time")
    DATA_UNUSABLE = "data-unusable", N_("Data that break their specification or cannot be used")
    ANSWER_LATE = "answer-late", N_("Application not answered in time")
    CORRECTION_LATE = "correction-late", N_("Data not verified in time")


class Disposition(Word):
    """What becomes of an article in the product."""

    ENFORCED = "enforced", N_("Enforced")
    RECORDED = "recorded", N_("Recorded")
    ORGANISATIONAL = "organisational", N_("Organisational")


class Apart(Word):
    """Why software has no part in an article, each with its justification."""

    SCOPE = "scope", N_("It states the purpose, the principles, the scope or the meaning of words.")
    LEADERSHIP = "leadership", N_("It assigns leadership and work among authorities.")
    FUNDING = "funding", N_("It rules on budgets, procurement or the approval of projects.")
    PLATFORM = (
        "platform",
        N_(
            "It concerns the sharing platform between departments or the building of systems, which "
            "this portal is not."
        ),
    )
    USE = "use", N_("It rules on what departments do with data that they obtained elsewhere.")
    SECURITY = "security", N_("It asks for security work by people, outside this portal.")
    SANCTIONS = "sanctions", N_("It rules on liability, which authorities decide case by case.")
    COMMENCEMENT = "commencement", N_("It rules on interpretation or on other texts.")


class MeansKind(Word):
    """What can enforce an article."""

    RULE = "rule", N_("Rule")
    DUTY = "duty", N_("Duty")
    BASIS = "basis", N_("Basis rule")
    CHECK = "check", N_("Check")
    SCREEN = "screen", N_("Page")


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

    In `text` a blank line parts paragraphs; the items of a list stand on lines of their own.
    `chapter` is None where the text has no chapters, or they are not at hand.
    """

    number: int
    label: str
    chapter: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an article that settle a side matter."""

    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Extension:
    """By how much a term may be extended, who agrees to it, and who must be told.

    `term` is what is added at most. Where the text can also be read as a limit on the whole,
    `cautious_total` is that limit and `note` says why; the product warns at the one and calls
    it a breach at the other.
    """

    article: str
    quote: str
    term: Term
    approver: str
    told: str | None = None
    cautious_total: Term | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One matter that the text rules on.

    `quote` stands in the article's text, white space folded. `term` is None where the text
    rules on the matter but sets no day count. `direct`: nothing has to be asked for, so there
    is nothing to answer. `on_the_spot`: answer at once where possible. `refusal` lists what a
    refusal must state: `reason`, `basis`. `in_force_from` and `in_force_until` are None where
    the rule is in force as long as its text. `meanwhile`: what holds while the matter is open.
    """

    id: str
    article: str
    quote: str
    matter: str
    starts: str
    term: Term | None
    actor: str
    party: Party = Party.DEPARTMENT
    direct: bool = False
    on_the_spot: bool = False
    refusal: tuple[str, ...] = ()
    extension: Extension | None = None
    meanwhile: Quote | None = None
    in_force_from: date | None = None
    in_force_until: date | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """A term of the operator's own, which no text sets: shown as a promise, never as law."""

    rule: str
    term: Term
    by: str
    starts: str = Start.RECEIPT


@dataclass(frozen=True, slots=True)
class Duty:
    """A standing duty: done `every` quarter or year, or by a day of it, or ahead of an act.

    `until` is (month, day) of the year in which it is done at the latest; `ahead` is how long
    before the act a notice must be given.
    """

    id: str
    matter: str
    actor: str
    article: str
    quote: str
    every: Every | None = None
    until: tuple[int, int] | None = None
    ahead: Term | None = None


@dataclass(frozen=True, slots=True)
class Sufficient:
    """A rank of basis that suffices; of any issuer where `issuers` is empty."""

    level: BasisLevel
    issuers: tuple[Issuer, ...] = ()


@dataclass(frozen=True, slots=True)
class BasisRule:
    """What a restriction must rest on: `of` is the class that is restricted."""

    of: Openness | Sharing
    article: str
    quote: str
    suffices: tuple[Sufficient, ...]


@dataclass(frozen=True, slots=True)
class SharingRule:
    """The article that defines a class of sharing, in its words."""

    type: Sharing
    article: str
    quote: str


@dataclass(frozen=True, slots=True)
class Listed:
    """An article that lists things by name: priority fields, base libraries."""

    article: str
    quote: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Breach:
    """A breach that the text names and a machine can see."""

    id: str
    article: str
    quote: str


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
class Means:
    """What enforces an article, and the test that fails without it.

    `name` is the id of the rule, duty or basis class, a problem code, or a page's address.
    `test` is a node id of pytest, from the repository's root.
    """

    kind: MeansKind
    name: str
    test: str


@dataclass(frozen=True, slots=True)
class Clause:
    """条款对照: what the product does about one article, in one sentence, and where.

    `means` enforce it; `where` are addresses of the site and commands in which it shows; `apart`
    says why software has no part. `test` holds a recorded one.
    """

    article: str
    disposition: Disposition
    note: str
    means: tuple[Means, ...] = ()
    where: tuple[str, ...] = ()
    apart: Apart | None = None
    test: str | None = None


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

    `within` names the text that this one lies within, and `superiors` holds that text and those
    above it, the nearest first, as far as they are at hand. `not_at_hand` names texts between this
    one and that of `within` which are missing: their silence is never inferred. `partial`: only some articles are at
    hand, so nothing is inferred from what they do not say.
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
    not_at_hand: str | None = None
    superiors: tuple[Regulation, ...] = ()
    promises: dict[str, Promise] = field(default_factory=dict)
    duties: dict[str, Duty] = field(default_factory=dict)
    bases: tuple[BasisRule, ...] = ()
    sharing: tuple[SharingRule, ...] = ()
    priority: Listed | None = None
    base_items: Listed | None = None
    breaches: tuple[Breach, ...] = ()
    ledger: tuple[Clause, ...] = ()

    @property
    def chain(self) -> tuple[Regulation, ...]:
        """This text and those above it, the nearest first."""
        return (self, *self.superiors)

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
