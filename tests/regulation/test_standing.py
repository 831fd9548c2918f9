"""Which rule stands: silence lets the text above speak, the stricter term stays, parties apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from tests.regulation.made import regulation

from kaishu.base.clock import parse
from kaishu.base.errors import NotSet
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due, promised
from kaishu.regulation.model import Extension, Party, Promise, Regulation, Rule, Term, TermUnit
from kaishu.regulation.standing import looser, standing

DAY = date(2026, 3, 2)
RECEIVED = parse("2026-03-02T09:00")
CALENDAR = WorkingCalendar.load()


def text(amount: int | None, **changes: object) -> Regulation:
    """A text whose rule `correction` has this term, or rules on it without one."""
    made = regulation(amount or 1)
    rule = made.rules["correction"]
    if amount is None:
        rule = replace(rule, term=None)
    rule = replace(rule, **changes)  # type: ignore[arg-type]
    return replace(made, rules={"correction": rule})


def below(lower: Regulation, *upper: Regulation) -> Regulation:
    return replace(
        lower, superiors=tuple(replace(one, id=f"above-{n}") for n, one in enumerate(upper))
    )


def stands(chain: Regulation, on: date = DAY) -> tuple[str, int | None] | None:
    found = standing(chain, "correction", on)
    if found is None:
        return None
    return found.regulation.id, found.rule.term.amount if found.rule.term else None


def test_a_term_of_its_own_stands_when_it_is_stricter() -> None:
    assert stands(below(text(5), text(10))) == ("made", 5)


def test_the_stricter_term_above_stands_and_the_looser_one_is_named() -> None:
    chain = below(text(15), text(10))
    assert stands(chain) == ("above-0", 10)
    [one] = looser(chain, DAY)
    assert (one.lower.id, one.upper.id) == ("made", "above-0")
    assert (one.allows.term, one.demands.term) == (
        Term(15, TermUnit.WORKING_DAY), Term(10, TermUnit.WORKING_DAY),
    )  # fmt: skip


def test_equal_terms_are_not_looser() -> None:
    chain = below(text(10), text(10))
    assert stands(chain) == ("made", 10)
    assert looser(chain, DAY) == []


def test_where_a_text_sets_no_term_the_one_above_speaks_through_every_text() -> None:
    assert stands(below(text(None), text(None), text(7))) == ("above-1", 7)
    silent = replace(text(1), rules={})
    assert stands(below(silent, text(7))) == ("above-0", 7)


def test_what_is_had_directly_needs_no_answer_whatever_the_text_above_allows() -> None:
    assert stands(below(text(None, direct=True), text(1))) == ("made", None)


def test_a_term_for_departments_never_touches_a_citizens() -> None:
    chain = below(text(10, party=Party.PUBLIC), text(5, party=Party.DEPARTMENT))
    assert stands(chain) == ("made", 10)
    assert looser(chain, DAY) == []


def test_a_text_above_counts_only_while_it_is_in_force() -> None:
    chain = below(text(15), replace(text(10), in_force_from=date(2025, 8, 1)))
    assert stands(chain, date(2025, 7, 31)) == ("made", 15)
    assert stands(chain, date(2025, 8, 1)) == ("above-0", 10)


def test_a_lapsed_text_that_is_asked_for_still_answers() -> None:
    assert stands(replace(text(5), in_force_until=date(2022, 1, 1))) == ("made", 5)


def test_a_rule_can_end_before_its_text() -> None:
    rule: Rule = replace(regulation(5).rules["correction"], in_force_until=date(2024, 1, 1))
    made = replace(regulation(5), rules={"correction": rule})
    assert stands(made) is None
    assert stands(made, date(2023, 6, 1)) == ("made", 5)


def test_a_date_cites_the_text_that_it_comes_from() -> None:
    found = due(below(text(None), text(7)), "correction", RECEIVED, CALENDAR)
    assert (found.regulation, found.standing.regulation.id) == ("made", "above-0")
    assert found.as_dict()["source"] == "above-0"
    assert found.due_date == date(2026, 3, 11)


EXTENSION = Extension("第一条", "可以延长", Term(15, TermUnit.WORKING_DAY), "部门负责人")


def test_an_extension_counts_on_from_the_term() -> None:
    made = text(5, extension=EXTENSION)
    plain = due(made, "correction", RECEIVED, CALENDAR)
    longer = due(made, "correction", RECEIVED, CALENDAR, extended=True)
    assert plain.due_date == date(2026, 3, 9)
    assert longer.due_date == due(text(20), "correction", RECEIVED, CALENDAR).due_date
    assert longer.extended
    assert sum(day.counted for day in longer.days) == 20


def test_an_extension_in_months_begins_after_the_terms_last_day() -> None:
    made = text(5, extension=replace(EXTENSION, term=Term(1, TermUnit.MONTH)))
    found = due(made, "correction", RECEIVED, CALENDAR, extended=True)
    assert found.due_date == date(2026, 4, 9)


def test_where_no_extension_is_given_none_is_counted() -> None:
    with pytest.raises(NotSet, match="延长"):
        due(text(5), "correction", RECEIVED, CALENDAR, extended=True)


def test_a_stricter_rule_does_not_borrow_the_extension_above() -> None:
    chain = below(text(5), text(10, extension=EXTENSION))
    with pytest.raises(NotSet):
        due(chain, "correction", RECEIVED, CALENDAR, extended=True)


def test_a_promise_is_told_apart_from_the_law() -> None:
    promise = Promise("correction", Term(3, TermUnit.WORKING_DAY), "服务承诺")
    made = replace(text(None), promises={"correction": promise})
    with pytest.raises(NotSet, match=r"承诺.*3"):
        due(made, "correction", RECEIVED, CALENDAR)
    found = promised(made, "correction", RECEIVED, CALENDAR)
    assert found is not None
    assert found[0] == date(2026, 3, 5)
    assert promised(text(5), "correction", RECEIVED, CALENDAR) is None
