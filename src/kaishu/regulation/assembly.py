"""The files of one folder put together as a regulation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.regulation import consistency
from kaishu.regulation.documents import (
    ArticlesDocument,
    CasesDocument,
    LedgerDocument,
    RegulationDocument,
    RulesDocument,
)
from kaishu.regulation.model import (
    Article,
    BasisRule,
    Breach,
    Clause,
    Duty,
    Example,
    Extension,
    Listed,
    Means,
    OpennessRule,
    Party,
    Promise,
    Quote,
    Regulation,
    Rule,
    RuleId,
    SharingRule,
    Source,
    Sufficient,
    Term,
)
from kaishu.regulation.numerals import article_number, fold
from kaishu.regulation.reading import read

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.base.problems import Problem
    from kaishu.regulation.documents import (
        ClauseDocument,
        DutyDocument,
        ExtensionDocument,
        ListedDocument,
        QuotedDocument,
        RuleDocument,
        TermDocument,
    )

# Whom a matter is for, where the rule does not say: opening is for the public.
_FOR_THE_PUBLIC = (
    RuleId.OPEN_APPLICATION,
    RuleId.OPEN_DELIVERY,
    RuleId.OPEN_DEMAND,
    RuleId.DISPUTE,
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
    documents = [facts_file, words_file, rules_file, cases_file]
    # A text of the portal's own need not say what becomes of each article.
    ledger, file = None, f"{shown}/ledger.yaml"
    if (folder / "ledger.yaml").is_file():
        ledger, ledger_file = read(folder / "ledger.yaml", LedgerDocument, file=file)
        documents.append(ledger_file)
    found = [problem for document in documents for problem in document.problems]
    if facts is None or words is None or ruled is None or cases is None:
        return None, found

    texts = {one.article: fold(one.text) for part in words.chapters for one in part.articles}
    found += consistency.check_articles(
        words, words_file, f"{shown}/articles.yaml", partial=facts.partial
    )
    found += consistency.check_rules(ruled, rules_file, f"{shown}/rules.yaml", texts)
    found += consistency.check_examples(ruled, cases, rules_file, f"{shown}/rules.yaml")
    if ledger is not None:
        found += consistency.check_ledger(ledger, ledger_file, file, ruled, texts)
    if found:
        return None, found
    return _regulation(facts, words, ruled, cases, ledger), []


def _regulation(
    facts: RegulationDocument,
    words: ArticlesDocument,
    ruled: RulesDocument,
    cases: CasesDocument,
    ledger: LedgerDocument | None,
) -> Regulation:
    return Regulation(
        id=facts.id,
        title=facts.title,
        short_title=facts.short_title,
        number=facts.number,
        issuer=facts.issuer,
        in_force_from=facts.in_force_from,
        in_force_until=facts.in_force_until,
        within=facts.within,
        partial=facts.partial,
        not_at_hand=facts.not_at_hand,
        source=Source(facts.source.title, facts.source.url) if facts.source else None,
        articles=tuple(
            Article(article_number(one.article), one.article, chapter.title, one.text)
            for chapter in words.chapters
            for one in chapter.articles
        ),
        rules={rule.id.value: _rule(rule) for rule in ruled.rules},
        promises={
            one.rule.value: Promise(one.rule.value, _length(one.term), one.by, one.starts)
            for one in ruled.promises
        },
        openness=tuple(
            OpennessRule(one.type, one.article, one.quote, one.basis_public)
            for one in ruled.openness
        ),
        sharing=tuple(SharingRule(one.type, one.article, one.quote) for one in ruled.sharing),
        bases=tuple(
            BasisRule(
                of,
                one.article,
                one.quote,
                tuple(Sufficient(rank.level, rank.issuer) for rank in one.suffices),
            )
            for one in ruled.bases
            if (of := one.openness or one.sharing) is not None
        ),
        duties={one.id.value: _duty(one) for one in ruled.duties},
        priority=_listed(ruled.priority),
        base_items=_listed(ruled.base_items),
        breaches=tuple(Breach(one.id, one.article, one.quote) for one in ruled.breaches),
        ledger=tuple(_clause(one) for one in ledger.ledger) if ledger else (),
        examples=tuple(
            Example(case.rule.value, case.received, case.due, case.why) for case in cases.cases
        ),
    )


def _rule(rule: RuleDocument) -> Rule:
    public = rule.id in _FOR_THE_PUBLIC
    return Rule(
        id=rule.id.value,
        article=rule.article,
        quote=rule.quote,
        matter=rule.matter,
        starts=rule.starts.value,
        term=_length(rule.term) if rule.term else None,
        actor=rule.actor,
        party=rule.party or (Party.PUBLIC if public else Party.DEPARTMENT),
        direct=rule.direct,
        on_the_spot=rule.on_the_spot,
        refusal=rule.refusal,
        extension=_extension(rule.extension) if rule.extension else None,
        meanwhile=_quote(rule.meanwhile) if rule.meanwhile else None,
        in_force_from=rule.in_force_from,
        in_force_until=rule.in_force_until,
    )


def _extension(one: ExtensionDocument) -> Extension:
    return Extension(
        article=one.article,
        quote=one.quote,
        term=_length(one.term),
        approver=one.approver,
        told=one.told,
        cautious_total=_length(one.cautious_total) if one.cautious_total else None,
        note=one.note,
    )


def _duty(one: DutyDocument) -> Duty:
    return Duty(
        id=one.id.value,
        matter=one.matter,
        actor=one.actor,
        article=one.article,
        quote=one.quote,
        every=one.every,
        until=(one.until.month, one.until.day) if one.until else None,
        ahead=_length(one.ahead) if one.ahead else None,
    )


def _clause(one: ClauseDocument) -> Clause:
    return Clause(
        article=one.article,
        disposition=one.disposition,
        note=one.note,
        means=tuple(Means(means.kind, means.name, means.test) for means in one.means),
        where=one.where,
        apart=one.apart,
        test=one.test,
    )


def _length(term: TermDocument) -> Term:
    return Term(term.amount, term.unit)


def _quote(one: QuotedDocument) -> Quote:
    return Quote(one.article, one.quote)


def _listed(one: ListedDocument | None) -> Listed | None:
    return Listed(one.article, one.quote, one.names) if one else None
