"""What a page tells an applicant to expect is what the texts set; a promise is told apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from kaishu.base.i18n import use
from kaishu.regulation import library
from kaishu.regulation.model import Promise, Term, TermUnit
from kaishu.site.replies import article_number, replies

DAY = date(2026, 11, 20)


def test_a_term_to_answer_is_promised_with_its_article() -> None:
    with use("zh-CN"):
        [reply] = replies(library.load("yingkou-2022"), DAY)
    assert reply.kind == "answer"
    assert "10 个工作日" in reply.sentence
    assert "当场答复" in reply.sentence
    assert reply.citation.endswith("第二十九条")
    assert reply.data == {"kind": "answer", "amount": 10, "unit": "working-day"}


def test_a_regulation_without_a_term_to_answer_promises_the_delivery_alone() -> None:
    with use("zh-CN"):
        answer, delivery = replies(library.load("shuozhou-2021"), DAY)
    assert answer.data == {}
    assert "未规定" in answer.sentence
    assert delivery.data == {"kind": "delivery", "amount": 10, "unit": "working-day"}
    assert "10 个工作日" in delivery.sentence


def test_a_promise_stands_where_no_text_sets_the_term_and_says_so() -> None:
    promise = Promise("open-delivery", Term(3, TermUnit.WORKING_DAY), "《服务指南》")
    promising = replace(library.load("yingkou-2022"), promises={"open-delivery": promise})
    with use("zh-CN"):
        answer, delivery = replies(promising, DAY)
    assert not answer.own
    assert delivery.own
    assert "承诺 3 个工作日" in delivery.sentence
    assert "不是法定期限" in delivery.sentence
    assert delivery.citation == "《服务指南》"


def test_a_promise_never_stands_in_for_a_term_of_law() -> None:
    promise = Promise("open-application", Term(3, TermUnit.WORKING_DAY), "《服务指南》")
    promising = replace(library.load("yingkou-2022"), promises={"open-application": promise})
    assert [one.own for one in replies(promising, DAY)] == [False]


def test_an_anchor_leads_to_an_article_that_exists() -> None:
    regulation = library.load("yingkou-2022")
    assert article_number(regulation, "第二十九条") == 29
    assert article_number(regulation, "第一百条") is None
