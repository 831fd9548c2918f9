"""Codes in tables and descriptors become words; what is unknown stays as it was written."""

from __future__ import annotations

import pytest

from kaishu.base.i18n import use
from kaishu.regulation.model import Term, TermUnit
from kaishu.site import words


def test_a_type_has_a_word_and_an_unknown_one_stays() -> None:
    with use("zh-CN"):
        assert words.field_type("integer") == "整数"
        assert words.field_type("hologram") == "hologram"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("全市公园名单。每年更新。", "全市公园名单。"),
        ("Version 2.1 of the list. Yearly.", "Version 2.1 of the list."),
        ("一行\n另一行", "一行"),
        ("没有句号", "没有句号"),
        ("  ", ""),
    ],
)
def test_the_first_sentence_ends_where_a_reader_would_stop(text: str, first: str) -> None:
    assert words.first_sentence(text) == first


def test_a_long_sentence_is_cut_at_a_pause_and_says_so() -> None:
    assert words.brief("短句。", 10) == "短句。"
    assert words.brief("全市公园的编号、名称，以及面积和开放时间。", 12) == "全市公园的编号、名称…"
    assert words.brief("没有停顿的一长串文字" * 3, 12) == "没有停顿的一长串文字没…"


def test_a_term_is_counted_in_its_own_unit() -> None:
    with use("zh-CN"):
        assert words.term(Term(10, TermUnit.WORKING_DAY)) == "10 个工作日"
        assert words.term(Term(1, TermUnit.MONTH)) == "1 个月"
    with use("en"):
        assert words.term(Term(1, TermUnit.CALENDAR_DAY)) == "1 day"


def test_the_language_of_a_text_is_told_by_its_characters_not_by_its_tags() -> None:
    assert words.is_chinese("<p class='a b c d e'>运行 kaishu build 即可。</p>")
    assert not words.is_chinese("<p>See 营口 for the regulation.</p>")
    assert not words.is_chinese("")
