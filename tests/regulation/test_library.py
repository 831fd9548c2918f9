"""The texts of the library: complete, in order, word for word, with rules that quote them."""

from __future__ import annotations

import hashlib
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kaishu.base.clock import parse
from kaishu.base.errors import InvalidFiles, NotSet, UnknownRegulation
from kaishu.base.vocabulary import Openness
from kaishu.regulation import library
from kaishu.regulation.due import due
from kaishu.regulation.numerals import article_label, fold, states

if TYPE_CHECKING:
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Example, Regulation

ARTICLES = {"yingkou-2022": 40, "shuozhou-2021": 36}
# SHA-256 of the text from 第一章 to its last word, white space folded, as published.
DIGESTS = {
    "yingkou-2022": "e09a212243f323150cfbc71a198fac2b5e907f97b02442a3912305e32227b277",
    "shuozhou-2021": "7dbcb6d207cacbbd664c61c151dcd86a725b8d550e5baa1c0a5e58b4df2fe643",
}
IDS = sorted(ARTICLES)


def words(regulation: Regulation) -> str:
    parts, chapter = [], None
    for article in regulation.articles:
        if article.chapter != chapter:
            parts.append(chapter := article.chapter)
        parts += [article.label, article.text]
    return fold("".join(parts))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_the_publication(regulation: Regulation) -> str:
    """Of the text as extracted, where that lies beside the corpora; else the one noted above."""
    corpora = os.environ.get("KAISHU_CORPORA")
    for path in (Path(corpora).parent / "seeds").glob("*.txt") if corpora else ():
        text = fold(path.read_text(encoding="utf-8")).replace("-（", "（")
        if f"《{regulation.title}》" in text:
            return digest(text[text.index("第一章") :])
    return DIGESTS[regulation.id]


def test_the_library_holds_these_texts() -> None:
    assert library.ids() == tuple(IDS)


@pytest.mark.parametrize("id_", IDS)
def test_a_folder_is_called_by_its_regulation(id_: str) -> None:
    assert library.load(id_).id == id_


@pytest.mark.parametrize("id_", IDS)
def test_every_article_is_there_in_order(id_: str) -> None:
    articles = library.load(id_).articles
    assert [one.number for one in articles] == list(range(1, ARTICLES[id_] + 1))
    assert [one.label for one in articles] == [article_label(one.number) for one in articles]


@pytest.mark.parametrize("id_", IDS)
def test_the_words_are_those_published(id_: str) -> None:
    regulation = library.load(id_)
    assert digest(words(regulation)) == DIGESTS[id_]
    assert digest(words(regulation)) == digest_of_the_publication(regulation)


@pytest.mark.parametrize("id_", IDS)
def test_no_noise_of_extraction_is_left(id_: str) -> None:
    for article in library.load(id_).articles:
        for line in article.text.split("\n"):
            assert line == line.strip(), article.label
            assert "  " not in line, article.label
            assert not line or line[-1] in "。；：", f"{article.label} breaks off: {line[-20:]}"


@pytest.mark.parametrize("id_", IDS)
def test_the_seven_chapters_are_named(id_: str) -> None:
    chapters = library.load(id_).chapters
    assert [title.split()[0] for title in chapters] == [f"第{n}章" for n in "一二三四五六七"]
    assert chapters[0] == "第一章 总则"
    assert chapters[-1] == "第七章 附则"


@pytest.mark.parametrize("id_", IDS)
def test_every_quotation_stands_in_its_article_and_says_its_term(id_: str) -> None:
    regulation = library.load(id_)
    for rule in regulation.rules.values():
        article = regulation.article(rule.article)
        assert article is not None
        assert fold(rule.quote) in fold(article.text), rule.id
        if rule.term is not None:
            assert states(rule.quote, rule.term), rule.id
            assert str(rule.term.amount) in rule.quote, rule.id


@pytest.mark.parametrize("id_", IDS)
def test_what_a_refusal_must_state_is_in_the_quotation(id_: str) -> None:
    said = {"reason": "理由", "basis": "依据"}
    for rule in library.load(id_).rules.values():
        assert all(said[part] in rule.quote for part in rule.refusal), rule.id


@pytest.mark.parametrize("id_", IDS)
def test_the_three_classes_of_openness_are_defined_by_quotation(id_: str) -> None:
    regulation = library.load(id_)
    assert [one.type for one in regulation.openness] == list(Openness)
    for one in regulation.openness:
        article = regulation.article(one.article)
        assert article is not None
        assert fold(one.quote) in fold(article.text)


def test_yingkou_answers_on_the_spot_or_in_ten_working_days_and_refuses_with_a_reason() -> None:
    regulation = library.load("yingkou-2022")
    rule = regulation.rules["open-application"]
    assert (rule.article, rule.on_the_spot, rule.refusal) == ("第二十九条", True, ("reason",))
    assert rule.term is not None
    assert rule.term.amount == 10
    assert "open-delivery" not in regulation.rules
    assert {one.basis_public for one in regulation.openness} == {None, "第三十条"}
    assert regulation.within == "liaoning-2020"
    assert regulation.in_force_from == date(2022, 6, 10)


def test_shuozhou_delivers_in_ten_working_days_and_refuses_with_reason_and_basis() -> None:
    regulation = library.load("shuozhou-2021")
    answer, delivery = regulation.rules["open-application"], regulation.rules["open-delivery"]
    assert answer.term is None
    assert delivery.term is not None
    assert delivery.term.amount == 10
    assert answer.refusal == delivery.refusal == ("reason", "basis")
    assert delivery.article == "第二十五条"


EXAMPLES = [(id_, example) for id_ in IDS for example in library.load(id_).examples]


@pytest.mark.parametrize(
    ("id_", "example"), EXAMPLES, ids=[f"{i}-{e.rule}-{e.received}" for i, e in EXAMPLES]
)
def test_every_example_of_the_clerks_holds(
    id_: str, example: Example, packaged: WorkingCalendar
) -> None:
    regulation, received = library.load(id_), parse(example.received)
    if example.due is None:
        with pytest.raises(NotSet):
            due(regulation, example.rule, received, packaged)
    else:
        found = due(regulation, example.rule, received, packaged)
        assert (found.due_date, found.provisional) == (example.due, False)


@pytest.mark.parametrize("id_", IDS)
def test_every_rule_with_a_term_has_an_example(id_: str) -> None:
    regulation = library.load(id_)
    shown = {example.rule for example in regulation.examples if example.due is not None}
    assert shown == {rule.id for rule in regulation.rules.values() if rule.term is not None}


@pytest.mark.parametrize(
    "reference", ["nowhere-1999", "", "..", "../library", "/etc", "https://example.org/law"]
)
def test_what_is_neither_an_id_nor_a_folder_of_the_portal_is_unknown(
    reference: str, tmp_path: Path
) -> None:
    with pytest.raises(UnknownRegulation) as error:
        library.load(reference, tmp_path)
    assert "yingkou-2022" in str(error.value)


def test_without_a_portal_only_the_library_is_known() -> None:
    with pytest.raises(UnknownRegulation):
        library.load("law")


def test_a_folder_without_the_files_names_each_one(tmp_path: Path) -> None:
    (tmp_path / "law").mkdir()
    with pytest.raises(InvalidFiles) as error:
        library.load("law", tmp_path)
    assert sorted(problem.file or "" for problem in error.value.problems) == [
        f"law/{name}.yaml" for name in ("articles", "cases", "regulation", "rules")
    ]
