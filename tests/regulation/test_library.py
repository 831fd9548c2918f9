"""The texts of the library: complete, in order, word for word, with rules that quote them."""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from kaishu.base.clock import parse
from kaishu.base.errors import InvalidFiles, NotSet, UnknownRegulation
from kaishu.base.vocabulary import Openness
from kaishu.regulation import library
from kaishu.regulation.due import due
from kaishu.regulation.model import TermUnit
from kaishu.regulation.numerals import article_label, fold, states

if TYPE_CHECKING:
    from kaishu.regulation.calendar import WorkingCalendar
    from kaishu.regulation.model import Example, Regulation

ARTICLES = {
    "liaoning-2020": 28,
    "shaoyang-2022": 34,
    "shuozhou-2021": 36,
    "yichuan-2020": 46,
    "yingkou-2022": 40,
}
AT_HAND = {"national-2025": (13, 14, 15, 17, 20, 21, 22, 23, 26, 27, 28, 29)}
CHAPTERS = {"shaoyang-2022": 5, "shuozhou-2021": 7, "yichuan-2020": 7, "yingkou-2022": 7}
OPENING = ["shuozhou-2021", "yingkou-2022"]
# SHA-256 of the text from its first chapter or article to its last word, white space folded.
DIGESTS = {
    "liaoning-2020": "b5cd8e3326ad568f868f6d39797568b08ed84a5c8968931b16e52d7e39279955",
    "national-2025": "205e2a4635404421db17090f77f6a4691ba5a2b6ce15cee5b16516c2b2fd89fe",
    "shaoyang-2022": "484e93f37b32f0fae2e1259b45448435a9df9a132c445a8e7bb08ce90d2c437f",
    "shuozhou-2021": "7dbcb6d207cacbbd664c61c151dcd86a725b8d550e5baa1c0a5e58b4df2fe643",
    "yichuan-2020": "712d23e7f8247cdd91a6904a833a0fe9174dc02b41540e090bfc0cf073222576",
    "yingkou-2022": "e09a212243f323150cfbc71a198fac2b5e907f97b02442a3912305e32227b277",
}
# The texts as extracted, in the folder that KAISHU_SEEDS names: a file's number, and what
# follows the last word of the law in it.
EXTRACTS = {
    "liaoning-2020": ("000", "-1-X辽宁"),
    "shuozhou-2021": ("001", ""),
    "shaoyang-2022": ("002", "抄送："),
    "yichuan-2020": ("003", ""),
    "yingkou-2022": ("004", ""),
}
IDS = sorted({**ARTICLES, **AT_HAND})


def words(regulation: Regulation) -> str:
    parts, chapter = [], None
    for article in regulation.articles:
        if article.chapter is not None and article.chapter != chapter:
            parts.append(chapter := article.chapter)
        parts += [article.label, article.text]
    return fold("".join(parts))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def extracted(regulation: Regulation, folder: Path) -> str:
    """The law's words in the extracted file, without the marks that the extraction left."""
    number, tail = EXTRACTS[regulation.id]
    (path,) = folder.glob(f"{number}_*.txt")
    text = fold(path.read_text(encoding="utf-8"))
    text = text[text.index("第一章" if regulation.chapters else "第一条") :]
    text = text[: text.rindex(tail)] if tail else text
    text = re.sub(r"-(?=[（(])", "", text)
    return re.sub(r"第(\d)条", lambda found: article_label(int(found[1])), text)


def test_the_library_holds_these_texts() -> None:
    assert library.ids() == tuple(IDS)


@pytest.mark.parametrize("id_", IDS)
def test_a_folder_is_called_by_its_regulation(id_: str) -> None:
    assert library.load(id_).id == id_


@pytest.mark.parametrize("id_", IDS)
def test_every_article_is_there_in_order(id_: str) -> None:
    regulation = library.load(id_)
    articles = regulation.articles
    assert regulation.partial == (id_ in AT_HAND)
    numbers = AT_HAND.get(id_) or range(1, ARTICLES[id_] + 1)
    assert [one.number for one in articles] == list(numbers)
    assert [one.label for one in articles] == [article_label(one.number) for one in articles]


@pytest.mark.parametrize("id_", IDS)
def test_the_words_are_those_published(id_: str) -> None:
    regulation = library.load(id_)
    assert digest(words(regulation)) == DIGESTS[id_]
    seeds = os.environ.get("KAISHU_SEEDS")
    if seeds and id_ in EXTRACTS:
        assert words(regulation) == extracted(regulation, Path(seeds))


@pytest.mark.parametrize("id_", IDS)
def test_no_noise_of_extraction_is_left(id_: str) -> None:
    for article in library.load(id_).articles:
        lines = article.text.split("\n")
        for line, following in zip(lines, [*lines[1:], ""], strict=True):
            assert line == line.strip(), article.label
            assert "  " not in line, article.label
            ends = not line or line[-1] in "。；：…" or following.startswith("（一）")
            assert ends, f"{article.label} breaks off: {line[-20:]}"


@pytest.mark.parametrize("id_", sorted(CHAPTERS))
def test_every_chapter_is_named_from_first_to_last(id_: str) -> None:
    chapters = library.load(id_).chapters
    numbers = "一二三四五六七"[: CHAPTERS[id_]]
    assert [title.split()[0] for title in chapters] == [f"第{n}章" for n in numbers]
    assert chapters[0] == "第一章 总则"
    assert chapters[-1].endswith("章 附则")


@pytest.mark.parametrize("id_", sorted(set(IDS) - set(CHAPTERS)))
def test_a_text_without_chapters_has_none(id_: str) -> None:
    assert library.load(id_).chapters == ()


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


@pytest.mark.parametrize("id_", OPENING)
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


@pytest.mark.parametrize("id_", sorted(set(IDS) - set(OPENING)))
def test_a_text_on_sharing_alone_says_nothing_of_opening(id_: str) -> None:
    regulation = library.load(id_)
    assert regulation.openness == ()
    assert not {"open-application", "open-delivery"} & set(regulation.rules)


# Of each rule: the term in working days, None where the text sets none, and no entry where it
# does not speak of the matter.
TERMS: dict[str, dict[str, int | None]] = {
    "liaoning-2020": {
        "share-unconditional": None, "share-conditional": 5, "correction": 5,
        "catalogue-update": 10, "catalogue-review": None,
    },
    "shaoyang-2022": {
        "share-unconditional": None, "share-conditional": 10, "correction": 5,
        "catalogue-update": 15, "catalogue-review": None,
    },
    "yichuan-2020": {
        "share-unconditional": 3, "share-conditional": 5, "share-provision": 3, "correction": 10,
        "catalogue-update": 10, "catalogue-review": 5,
    },
    "national-2025": {
        "share-unconditional": 1, "share-conditional": 10, "share-provision": 20,
        "correction": 10, "catalogue-update": 10, "catalogue-review": 2,
    },
}  # fmt: skip


@pytest.mark.parametrize("id_", sorted(TERMS))
def test_the_terms_of_sharing_are_those_of_the_text(id_: str) -> None:
    rules = library.load(id_).rules
    assert TERMS[id_] == {
        rule.id: rule.term.amount if rule.term else None for rule in rules.values()
    }
    assert {rule.term.unit for rule in rules.values() if rule.term} == {TermUnit.WORKING_DAY}
    assert rules["share-conditional"].refusal == ("reason",)
    assert rules["catalogue-update"].starts == "change"


def test_each_text_lies_within_the_one_above_it() -> None:
    above = {id_: library.load(id_).within for id_ in IDS}
    assert above.pop("national-2025") is None
    assert above.pop("yingkou-2022") == "liaoning-2020"
    assert set(above.values()) == {"national-2025"}


def test_yichuan_lapsed_two_years_after_its_publication() -> None:
    yichuan = library.load("yichuan-2020")
    assert yichuan.in_force_on(date(2020, 10, 12))
    assert yichuan.in_force_on(date(2022, 10, 11))
    assert not yichuan.in_force_on(date(2022, 10, 12))


EXAMPLES = [(id_, example) for id_ in IDS for example in library.load(id_).examples]


@pytest.mark.parametrize(
    ("id_", "example"), EXAMPLES, ids=[f"{i}-{e.rule}-{e.received}" for i, e in EXAMPLES]
)
def test_every_example_of_the_clerks_holds(
    id_: str, example: Example, packaged: WorkingCalendar
) -> None:
    # A clerk's example is of the text itself, whatever the texts above it say.
    regulation = replace(library.load(id_), superiors=())
    received = parse(example.received)
    if example.due is None:
        with pytest.raises(NotSet):
            due(regulation, example.rule, received, packaged)
    else:
        found = due(regulation, example.rule, received, packaged)
        assert (found.due_date, found.provisional) == (example.due, False)
    assert regulation.in_force_on(received.date())


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
