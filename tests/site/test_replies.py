"""What a page promises an applicant is what the regulation sets, and nothing more."""

from __future__ import annotations

from kaishu.base.i18n import use
from kaishu.regulation import library
from kaishu.site.replies import article_number, promises


def test_a_term_to_answer_is_promised_with_its_article() -> None:
    with use("zh-CN"):
        [promise] = promises(library.load("yingkou-2022"))
    assert promise.kind == "answer"
    assert "10 个工作日" in promise.sentence
    assert "当场答复" in promise.sentence
    assert promise.citation.endswith("第二十九条")
    assert promise.data == {"kind": "answer", "amount": 10, "unit": "working-day"}


def test_a_regulation_without_a_term_to_answer_promises_the_delivery_alone() -> None:
    with use("zh-CN"):
        answer, delivery = promises(library.load("shuozhou-2021"))
    assert answer.data == {}
    assert "未规定" in answer.sentence
    assert delivery.data == {"kind": "delivery", "amount": 10, "unit": "working-day"}
    assert "10 个工作日" in delivery.sentence


def test_an_anchor_leads_to_an_article_that_exists() -> None:
    regulation = library.load("yingkou-2022")
    assert article_number(regulation, "第二十九条") == 29
    assert article_number(regulation, "第一百条") is None
