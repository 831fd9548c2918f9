"""A regulation as data: its articles, and the rules quoted from them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date


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
    """One article as published. `number` 29 is 第二十九条; `text` begins after that label."""

    number: int
    label: str
    chapter: str
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
class Regulation:
    """A regulation in the library, or of a portal's own."""

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
