"""Numbers as Chinese law writes them: 第二十九条, 10个工作日, 一个月."""

from __future__ import annotations

import re

from kaishu.regulation.model import Term, TermUnit

_DIGITS = "零一二三四五六七八九"
_UNIT_WORDS = {
    TermUnit.WORKING_DAY: "个?工作日",
    TermUnit.CALENDAR_DAY: "个?(?:自然)?[日天]",
    TermUnit.MONTH: "个?月",
}
_WHITE_SPACE = re.compile(r"\s+")


def chinese(number: int) -> str:
    """`number` (1 to 999) in Chinese numerals: 29 is 二十九, 101 is 一百零一."""
    if not 1 <= number <= 999:
        raise ValueError(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")


def article_label(number: int) -> str:
    """The name of an article: 29 is 第二十九条."""
    return f"第{chinese(number)}条"


_NUMBERS = {article_label(number): number for number in range(1, 1000)}


def article_number(label: str) -> int:
    """The number in an article's name: 第二十九条 is 29; 0 where `label` names no article."""
    return _NUMBERS.get(label, 0)


def fold(text: str) -> str:
    """`text` without any white space: in Chinese it carries no meaning."""
    return _WHITE_SPACE.sub("", text)


def states(quote: str, term: Term) -> bool:
    """Whether `quote` itself says the term, in digits or in Chinese numerals."""
    amount = rf"(?:(?<!\d){term.amount}|(?<![零一二三四五六七八九十百]){chinese(term.amount)})"
    return re.search(amount + _UNIT_WORDS[term.unit], fold(quote)) is not None
