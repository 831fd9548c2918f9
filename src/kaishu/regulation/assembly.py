"""The files of one folder put together as a regulation, and held against each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.regulation.documents import (
    ArticlesDocument,
    CasesDocument,
    OpennessDocument,
    RegulationDocument,
    RuleDocument,
    RulesDocument,
)
from kaishu.regulation.model import (
    Article,
    Example,
    OpennessRule,
    Regulation,
    Rule,
    Source,
    Term,
)
from kaishu.regulation.numerals import article_label, article_number, fold, states
from kaishu.regulation.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaishu.base.problems import Problem
    from kaishu.base.strict_yaml import Document

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
TWICE = problems.error(
    "rule-twice",
    N_("“{id}” stands here a second time."),
    N_("Keep one of the two."),
)
NO_EXAMPLE = problems.error(
    "rule-without-case",
    N_("The rule “{rule}” has a term, but cases.yaml has no example of it."),
    N_("Add an example: received then, due on that day."),
)


def assemble(folder: Path, shown: str) -> tuple[Regulation | None, list[Problem]]:
    """The regulation in `folder`, or None, with every problem; files are named below `shown`."""
    facts, facts_file = read(
        folder / "regulation.yaml", RegulationDocument, file=f"{shown}/regulation.yaml"
    )
    words, words_file = read(
        folder / "articles.yaml", ArticlesDocument, file=f"{shown}/articles.yaml"
    )
    ruled, rules_file = read(folder / "rules.yaml", RulesDocument, file=f"{shown}/rules.yaml")
    cases, cases_file = read(folder / "cases.yaml", CasesDocument, file=f"{shown}/cases.yaml")
    found = [
        problem
        for document in (facts_file, words_file, rules_file, cases_file)
        for problem in document.problems
    ]
    if facts is None or words is None or ruled is None or cases is None:
        return None, found

    articles = _articles(words)
    texts = {article.label: fold(article.text) for article in articles}
    found += _check_order(words, words_file, f"{shown}/articles.yaml", facts.partial)
    found += _check_rules(ruled, rules_file, f"{shown}/rules.yaml", texts)
    have_examples = {case.rule for case in cases.cases}
    found += [
        NO_EXAMPLE.at(file=f"{shown}/rules.yaml", line=rules_file.line(("rules", i)), rule=rule.id)
        for i, rule in enumerate(ruled.rules)
        if rule.term is not None and rule.id not in have_examples
    ]
    if found:
        return None, found
    return Regulation(
        id=facts.id,
        title=facts.title,
        short_title=facts.short_title,
        number=facts.number,
        issuer=facts.issuer,
        in_force_from=facts.in_force_from,
        in_force_until=facts.in_force_until,
        within=facts.within,
        articles=articles,
        rules={rule.id.value: _rule(rule) for rule in ruled.rules},
        openness=tuple(
            OpennessRule(one.type, one.article, one.quote, one.basis_public)
            for one in ruled.openness
        ),
        examples=tuple(
            Example(case.rule.value, case.received, case.due, case.why) for case in cases.cases
        ),
        source=Source(facts.source.title, facts.source.url) if facts.source else None,
        partial=facts.partial,
    ), []


def _articles(words: ArticlesDocument) -> tuple[Article, ...]:
    return tuple(
        Article(article_number(one.article), one.article, chapter.title, one.text)
        for chapter in words.chapters
        for one in chapter.articles
    )


def _rule(rule: RuleDocument) -> Rule:
    return Rule(
        id=rule.id.value,
        article=rule.article,
        quote=rule.quote,
        matter=rule.matter,
        starts=rule.starts.value,
        term=Term(rule.term.amount, rule.term.unit) if rule.term else None,
        actor=rule.actor,
        on_the_spot=rule.on_the_spot,
        refusal=rule.refusal,
    )


def _check_order(
    words: ArticlesDocument, document: Document, file: str, partial: bool
) -> list[Problem]:
    """Every number one above the last; where the text is `partial`, any number above it."""
    found, last = [], 0
    for c, chapter in enumerate(words.chapters):
        for a, one in enumerate(chapter.articles):
            line = document.line(("chapters", c, "articles", a, "article"))
            number, named = article_number(one.article), one.article
            if partial and number <= last:
                found.append(ARTICLE_BACK.at(file=file, line=line, found=named))
            elif not partial and number != last + 1:
                expected = article_label(last + 1)
                found.append(ARTICLE_ORDER.at(file=file, line=line, expected=expected, found=named))
            last = max(number, last) if partial else last + 1
    return found


def _check_rules(
    ruled: RulesDocument, document: Document, file: str, texts: dict[str, str]
) -> list[Problem]:
    found = []
    parts: dict[str, Sequence[RuleDocument | OpennessDocument]] = {
        "rules": ruled.rules,
        "openness": ruled.openness,
    }
    for part, entries in parts.items():
        seen: set[str] = set()
        for i, one in enumerate(entries):
            id_ = one.id.value if isinstance(one, RuleDocument) else one.type.value
            if id_ in seen:
                found.append(TWICE.at(file=file, line=document.line((part, i)), id=id_))
            seen.add(id_)
            found += _check_quote(one, (part, i), document, file, texts)
    return found


def _check_quote(
    one: RuleDocument | OpennessDocument,
    path: tuple[str, int],
    document: Document,
    file: str,
    texts: dict[str, str],
) -> list[Problem]:
    found = []
    named = {"article": one.article}
    if isinstance(one, OpennessDocument) and one.basis_public is not None:
        named["basis_public"] = one.basis_public
    for key, label in named.items():
        if label not in texts:
            line = document.line((*path, key))
            found.append(UNKNOWN_ARTICLE.at(file=file, line=line, article=label))
    line = document.line((*path, "quote"))
    if one.article in texts and fold(one.quote) not in texts[one.article]:
        found.append(QUOTE.at(file=file, line=line, article=one.article))
    if isinstance(one, RuleDocument) and one.term is not None:
        term = Term(one.term.amount, one.term.unit)
        if not states(one.quote, term):
            found.append(NUMBER.at(file=file, line=line, amount=term.amount, unit=term.unit.value))
    return found
