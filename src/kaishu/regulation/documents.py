"""The files of a regulation's folder and of `governance/calendar/`, as models.

`regulation.yaml` says which text it is, `articles.yaml` holds its words, `rules.yaml` what the
engine applies of it, `cases.yaml` examples, `ledger.yaml` what becomes of each article;
`governance/calendar/<year>.yaml` is a year's
holiday notice that the tables of the package do not have yet.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from kaishu.base import clock
from kaishu.base.vocabulary import BasisLevel, Issuer, Openness, Sharing
from kaishu.regulation.model import (
    Apart,
    BreachId,
    Disposition,
    DutyId,
    Every,
    MeansKind,
    Party,
    RuleId,
    Start,
    TermUnit,
)

_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")


def _iso_date(value: Any) -> date:
    if not isinstance(value, str) or not _ISO_DATE.match(value):
        raise ValueError
    return date.fromisoformat(value)


def _iso_time(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError
    clock.parse(value)
    return value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Day = Annotated[date, BeforeValidator(_iso_date)]
Moment = Annotated[str, BeforeValidator(_iso_time)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class Strict(BaseModel):
    """A mapping in which every key is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceDocument(Strict):
    """Where the text was taken from."""

    title: Text
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None


class RegulationDocument(Strict):
    """regulation.yaml. `partial`: articles.yaml has only some of the text's articles."""

    id: Id
    title: Text
    short_title: Text
    number: Text | None = None
    issuer: Text
    in_force_from: Day
    in_force_until: Day | None = None
    within: Id | None = None
    partial: Annotated[bool, Field(strict=True)] = False
    not_at_hand: Text | None = None
    source: SourceDocument | None = None


class ArticleDocument(Strict):
    """One article: its label (第二十九条) and its words."""

    article: Text
    text: Text


class ChapterDocument(Strict):
    """One chapter: 第四章 政务数据资源的开放; `title: null` where the text has no chapters."""

    title: Text | None
    articles: Annotated[tuple[ArticleDocument, ...], Field(min_length=1)]


class ArticlesDocument(Strict):
    """articles.yaml."""

    chapters: tuple[ChapterDocument, ...]


class TermDocument(Strict):
    """A term as the article states it."""

    amount: Annotated[int, Field(strict=True, ge=1, le=366)]
    unit: TermUnit


class QuotedDocument(Strict):
    """Something that stands in an article, in its words."""

    article: Text
    quote: Text


class ExtensionDocument(QuotedDocument):
    """How far a term may be extended; `cautious_total` and `note` where the text is ambiguous."""

    term: TermDocument
    approver: Text
    told: Text | None = None
    cautious_total: TermDocument | None = None
    note: Text | None = None


class RuleDocument(QuotedDocument):
    """One rule, quoted from its article; `term: null` where the article sets none."""

    id: RuleId
    matter: Text
    actor: Text
    starts: Start
    term: TermDocument | None
    party: Party | None = None
    direct: Annotated[bool, Field(strict=True)] = False
    on_the_spot: Annotated[bool, Field(strict=True)] = False
    refusal: tuple[Literal["reason", "basis"], ...] = ()
    extension: ExtensionDocument | None = None
    meanwhile: QuotedDocument | None = None
    in_force_from: Day | None = None
    in_force_until: Day | None = None


class PromiseDocument(Strict):
    """A term that the operator promises; `by` says where."""

    rule: RuleId
    term: TermDocument
    by: Text
    starts: Start = Start.RECEIPT


class UntilDocument(Strict):
    """A day of each year."""

    month: Annotated[int, Field(strict=True, ge=1, le=12)]
    day: Annotated[int, Field(strict=True, ge=1, le=31)]


class DutyDocument(QuotedDocument):
    """A standing duty."""

    id: DutyId
    matter: Text
    actor: Text
    every: Every | None = None
    until: UntilDocument | None = None
    ahead: TermDocument | None = None


class SufficientDocument(Strict):
    """A rank of basis that suffices."""

    level: BasisLevel
    issuer: tuple[Issuer, ...] = ()


class BasisDocument(QuotedDocument):
    """What the basis of a restriction must be: one of the two classes is named."""

    openness: Literal[Openness.ON_REQUEST, Openness.CLOSED] | None = None
    sharing: Literal[Sharing.CONDITIONAL, Sharing.NONE] | None = None
    suffices: Annotated[tuple[SufficientDocument, ...], Field(min_length=1)]


class OpennessDocument(QuotedDocument):
    """The definition of one class of openness."""

    type: Openness
    basis_public: Text | None = None


class SharingDocument(QuotedDocument):
    """The definition of one class of sharing."""

    type: Sharing


class ListedDocument(QuotedDocument):
    """Things that an article lists by name; each name stands in the quotation."""

    names: Annotated[tuple[Text, ...], Field(min_length=1)]


class BreachDocument(QuotedDocument):
    """A breach that the text names."""

    id: BreachId


class RulesDocument(Strict):
    """rules.yaml."""

    rules: tuple[RuleDocument, ...] = ()
    promises: tuple[PromiseDocument, ...] = ()
    openness: tuple[OpennessDocument, ...] = ()
    sharing: tuple[SharingDocument, ...] = ()
    bases: tuple[BasisDocument, ...] = ()
    duties: tuple[DutyDocument, ...] = ()
    priority: ListedDocument | None = None
    base_items: ListedDocument | None = None
    breaches: tuple[BreachDocument, ...] = ()


class CaseDocument(Strict):
    """One example; `due: null` where the regulation sets no term."""

    rule: RuleId
    received: Moment
    due: Day | None
    why: Text


class CasesDocument(Strict):
    """cases.yaml."""

    cases: tuple[CaseDocument, ...]


class MeansDocument(Strict):
    """What enforces an article, and the test that fails without it."""

    kind: MeansKind
    name: Text
    test: Text


class ClauseDocument(Strict):
    """What the product does about one article."""

    article: Text
    disposition: Disposition
    note: Text
    means: tuple[MeansDocument, ...] = ()
    where: tuple[Text, ...] = ()
    apart: Apart | None = None
    test: Text | None = None


class LedgerDocument(Strict):
    """ledger.yaml: one entry for each article."""

    ledger: tuple[ClauseDocument, ...]


class HolidayDocument(Strict):
    """Days off in one go, both ends included; one day where `to` is left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: Text
    first: Day = Field(alias="from")
    last: Day | None = Field(None, alias="to")


class YearDocument(Strict):
    """governance/calendar/<year>.yaml: the State Council's notice on that year's holidays.

    It may also name days from 26 December of the year before, as some notices did.
    """

    year: Annotated[int, Field(strict=True, ge=2004, le=9998)]
    notice: Text
    date: Day
    holidays: Annotated[tuple[HolidayDocument, ...], Field(min_length=1)]
    make_up_days: tuple[Day, ...]
    complete: Annotated[bool, Field(strict=True)] = False
