"""Whether the files of a regulation fit each other: articles in order, quotes true, terms stated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.regulation.documents import (
    DutyDocument,
    ExtensionDocument,
    ListedDocument,
    OpennessDocument,
    QuotedDocument,
    RuleDocument,
    TermDocument,
)
from kaishu.regulation.model import Disposition, MeansKind, Term
from kaishu.regulation.numerals import article_label, article_number, fold, states

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

    from kaishu.base.problems import Problem
    from kaishu.base.strict_yaml import Document
    from kaishu.regulation.documents import (
        ArticlesDocument,
        CasesDocument,
        LedgerDocument,
        RulesDocument,
    )

    Path = tuple[str | int, ...]

ARTICLE_ORDER = problems.error(
    "article-order",
    N_("Here {expected} should follow, not {found}."),
    N_("Give every article of the text, in order, none left out."),
)
ARTICLE_BACK = problems.error(
    "article-back",
    N_("“{found}” is no article's name, or stands out of order."),
    N_("Give the articles that are at hand in the order of their numbers."),
)
UNKNOWN_ARTICLE = problems.error(
    "article-unknown",
    N_("The text has no {article}."),
    N_("Name an article as articles.yaml does."),
)
QUOTE = problems.error(
    "quote-not-in-article",
    N_("These words do not stand in {article}."),
    N_("Copy the quotation from the article; blanks and line breaks do not matter."),
)
NUMBER = problems.error(
    "quote-without-term",
    N_("The quotation does not say the term of {amount} ({unit})."),
    N_("Quote the sentence that sets the term, or correct the term."),
)
NAME = problems.error(
    "quote-without-name",
    N_("The quotation does not name “{name}”."),
    N_("Write the name as the article does."),
)
TWICE = problems.error(
    "rule-twice",
    N_("“{id}” stands here a second time."),
    N_("Keep one of the two."),
)
ONE_CLASS = problems.error(
    "basis-of-one-class",
    N_("A basis is of one class: give either openness or sharing."),
    N_("Write one entry for each class that the article restricts."),
)
NO_EXAMPLE = problems.error(
    "rule-without-case",
    N_("The rule “{rule}” has a term, but cases.yaml has no example of it."),
    N_("Add an example: received then, due on that day."),
)
CLAUSE = problems.error(
    "ledger-clause",
    N_("{article} is “{disposition}”; that asks for {wanted}."),
    N_("Enforced: means with their tests. Recorded: where and a test. Organisational: apart."),
)
UNKNOWN_MEANS = problems.error(
    "ledger-means",
    N_("rules.yaml has no {kind} “{name}”."),
    N_("Name it as rules.yaml does."),
)
LEDGER_GAP = problems.error(
    "ledger-gap",
    N_("The ledger says nothing of {article}."),
    N_("Give each article one entry: enforced, recorded or organisational."),
)


def check_articles(
    words: ArticlesDocument, document: Document, file: str, *, partial: bool
) -> Iterator[Problem]:
    """Articles out of order; in a text of which only some are at hand, gaps are right."""
    last = 0
    for c, chapter in enumerate(words.chapters):
        for a, one in enumerate(chapter.articles):
            line = document.line(("chapters", c, "articles", a, "article"))
            number, named = article_number(one.article), one.article
            if partial and number <= last:
                yield ARTICLE_BACK.at(file=file, line=line, found=named)
            elif not partial and number != last + 1:
                expected = article_label(last + 1)
                yield ARTICLE_ORDER.at(file=file, line=line, expected=expected, found=named)
            last = max(number, last) if partial else last + 1


def check_rules(
    ruled: RulesDocument, document: Document, file: str, texts: dict[str, str]
) -> Iterator[Problem]:
    """What does not fit in rules.yaml; `texts` are the articles' words by label, folded."""
    parts: dict[str, list[str]] = {
        "rules": [one.id.value for one in ruled.rules],
        "openness": [one.type.value for one in ruled.openness],
        "sharing": [one.type.value for one in ruled.sharing],
        "duties": [one.id.value for one in ruled.duties],
        "promises": [one.rule.value for one in ruled.promises],
    }
    for part, ids in parts.items():
        for i, id_ in enumerate(ids):
            if id_ in ids[:i]:
                yield TWICE.at(file=file, line=document.line((part, i)), id=id_)
    for i, basis in enumerate(ruled.bases):
        if (basis.openness is None) == (basis.sharing is None):
            yield ONE_CLASS.at(file=file, line=document.line(("bases", i)))
    for path, one in _quoted(ruled, ()):
        yield from _check_quote(one, path, document, file, texts)


def check_examples(
    ruled: RulesDocument, cases: CasesDocument, document: Document, file: str
) -> Iterator[Problem]:
    """Rules with a term that no clerk's example shows."""
    have_examples = {case.rule for case in cases.cases}
    for i, rule in enumerate(ruled.rules):
        if rule.term is not None and rule.id not in have_examples:
            yield NO_EXAMPLE.at(file=file, line=document.line(("rules", i)), rule=rule.id)


def check_ledger(
    ledger: LedgerDocument,
    document: Document,
    file: str,
    ruled: RulesDocument,
    texts: dict[str, str],
) -> Iterator[Problem]:
    """Articles without an entry or with two, and entries that lack what their disposition asks."""
    known: dict[MeansKind, set[str]] = {
        MeansKind.RULE: {one.id.value for one in ruled.rules},
        MeansKind.DUTY: {one.id.value for one in ruled.duties},
        MeansKind.BASIS: {str(one.openness or one.sharing) for one in ruled.bases},
    }
    seen: set[str] = set()
    for i, clause in enumerate(ledger.ledger):
        line = document.line(("ledger", i))
        if clause.article not in texts:
            yield UNKNOWN_ARTICLE.at(file=file, line=line, article=clause.article)
        if clause.article in seen:
            yield TWICE.at(file=file, line=line, id=clause.article)
        seen.add(clause.article)
        given: dict[str, object] = {
            "means": clause.means,
            "where": clause.where,
            "apart": clause.apart,
            "test": clause.test,
        }
        for wanted in _ASKED[clause.disposition]:
            if not given[wanted]:
                yield CLAUSE.at(
                    file=file,
                    line=line,
                    article=clause.article,
                    disposition=clause.disposition.label,
                    wanted=wanted,
                )
        for means in clause.means:
            if means.kind in known and means.name not in known[means.kind]:
                yield UNKNOWN_MEANS.at(file=file, line=line, kind=means.kind.label, name=means.name)
    for article in texts:
        if article not in seen:
            yield LEDGER_GAP.at(file=file, line=1, article=article)


_ASKED: dict[Disposition, tuple[str, ...]] = {
    Disposition.ENFORCED: ("means",),
    Disposition.RECORDED: ("where", "test"),
    Disposition.ORGANISATIONAL: ("apart",),
}


def _quoted(value: object, path: Path) -> Iterator[tuple[Path, QuotedDocument]]:
    """Everything below `value` that quotes an article, with the way to it."""
    if isinstance(value, tuple):
        for i, one in enumerate(value):
            yield from _quoted(one, (*path, i))
        return
    if isinstance(value, QuotedDocument):
        yield path, value
    for name in _fields(value):
        yield from _quoted(getattr(value, name), (*path, name))


def _fields(value: object) -> tuple[str, ...]:
    model: type[BaseModel] | None = type(value) if hasattr(value, "model_fields_set") else None  # type: ignore[assignment]
    return tuple(model.model_fields) if model is not None else ()


def _check_quote(
    one: QuotedDocument, path: Path, document: Document, file: str, texts: dict[str, str]
) -> Iterator[Problem]:
    named = {"article": one.article}
    if isinstance(one, OpennessDocument) and one.basis_public is not None:
        named["basis_public"] = one.basis_public
    for key, label in named.items():
        if label not in texts:
            line = document.line((*path, key))
            yield UNKNOWN_ARTICLE.at(file=file, line=line, article=label)
    line = document.line((*path, "quote"))
    if one.article in texts and fold(one.quote) not in texts[one.article]:
        yield QUOTE.at(file=file, line=line, article=one.article)
    for stated in _terms(one):
        term = Term(stated.amount, stated.unit)
        if not states(one.quote, term):
            yield NUMBER.at(file=file, line=line, amount=term.amount, unit=term.unit.value)
    if isinstance(one, ListedDocument):
        for name in one.names:
            if fold(name) not in fold(one.quote):
                yield NAME.at(file=file, line=line, name=name)


def _terms(one: QuotedDocument) -> Iterator[TermDocument]:
    """The terms that the quotation must say."""
    if isinstance(one, (RuleDocument, ExtensionDocument)) and one.term is not None:
        yield one.term
    if isinstance(one, DutyDocument) and one.ahead is not None:
        yield one.ahead
