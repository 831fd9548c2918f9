"""Numbers as Chinese law writes them."""

from __future__ import annotations

import pytest

from kaishu.regulation.model import Term, TermUnit
from kaishu.regulation.numerals import article_label, article_number, chinese, fold, states

DAYS, MONTHS = TermUnit.WORKING_DAY, TermUnit.MONTH


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (29, "二十九"), (100, "一百"),
        (101, "一百零一"), (110, "一百一十"), (111, "一百一十一"), (260, "二百六十"),
    ],
)  # fmt: skip
def test_numbers_are_written_as_in_laws(number: int, words: str) -> None:
    assert chinese(number) == words


def test_every_number_has_a_name_of_its_own() -> None:
    assert len({chinese(number) for number in range(1, 1000)}) == 999


@pytest.mark.parametrize("number", [0, 1000])
def test_a_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        chinese(number)


def test_an_article_is_named_by_its_number() -> None:
    assert article_label(29) == "第二十九条"
    assert article_number("第二十九条") == 29


@pytest.mark.parametrize("label", ["第29条", "二十九", "第一千条", ""])
def test_what_names_no_article_has_no_number(label: str) -> None:
    assert article_number(label) == 0


def test_white_space_of_every_kind_is_folded() -> None:
    assert fold(" 自收到\n\n之日起 10\u3000个工作日 ") == "自收到之日起10个工作日"


@pytest.mark.parametrize(
    ("quote", "term"),
    [
        ("自收到申请之日起 10 个工作日内", Term(10, DAYS)),
        ("十个工作日内", Term(10, DAYS)),
        ("15工作日", Term(15, DAYS)),
        ("提前一个月通知", Term(1, MONTHS)),
        ("30日内", Term(30, TermUnit.CALENDAR_DAY)),
    ],
)
def test_a_quotation_states_its_term(quote: str, term: Term) -> None:
    assert states(quote, term)


@pytest.mark.parametrize(
    ("quote", "term"),
    [
        ("自收到申请之日起110个工作日内", Term(10, DAYS)),
        ("二十个工作日内", Term(10, DAYS)),
        ("10日内", Term(10, DAYS)),
        ("10个工作日内", Term(10, TermUnit.CALENDAR_DAY)),
        ("应当及时答复", Term(10, DAYS)),
    ],
)
def test_another_number_or_unit_is_not_the_term(quote: str, term: Term) -> None:
    assert not states(quote, term)
