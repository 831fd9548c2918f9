"""The files of a regulation's folder and of `governance/calendar/`, as models.

`regulation.yaml` says which text it is, `articles.yaml` holds its words, `rules.yaml` what the
engine applies of it, `cases.yaml` examples; `governance/calendar/<year>.yaml` is a year's
holiday notice that the tables of the package do not have yet.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from kaishu.base import clock
from kaishu.base.vocabulary import Openness
from kaishu.regulation.model import RuleId, Start, TermUnit

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

    chapters: Annotated[tuple[ChapterDocument, ...], Field(min_length=1)]


class TermDocument(Strict):
    """A term as the article states it."""

    amount: Annotated[int, Field(strict=True, ge=1, le=366)]
    unit: TermUnit


class RuleDocument(Strict):
    """One rule, quoted from its article; `term: null` where the article sets none."""

    id: RuleId
    matter: Text
    actor: Text
    article: Text
    quote: Text
    starts: Start
    term: TermDocument | None
    on_the_spot: Annotated[bool, Field(strict=True)] = False
    refusal: tuple[Literal["reason", "basis"], ...] = ()


class OpennessDocument(Strict):
    """The definition of one class of openness."""

    type: Openness
    article: Text
    quote: Text
    basis_public: Text | None = None


class RulesDocument(Strict):
    """rules.yaml."""

    rules: tuple[RuleDocument, ...]
    openness: tuple[OpennessDocument, ...] = ()


class CaseDocument(Strict):
    """One example; `due: null` where the regulation sets no term."""

    rule: RuleId
    received: Moment
    due: Day | None
    why: Text


class CasesDocument(Strict):
    """cases.yaml."""

    cases: tuple[CaseDocument, ...]


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
