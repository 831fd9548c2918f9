"""A duty is a text's own, or comes from the nearest text above that speaks of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from tests.regulation.made import regulation

from kaishu.regulation import library
from kaishu.regulation.duties import standing_duty
from kaishu.regulation.model import Duty, DutyId, Every, TermUnit

ON = date(2026, 11, 20)
PLAN = Duty(DutyId.OPENING_PLAN, "计划", "部门", "第一条", "甲", every=Every.YEAR)
VAGUE = Duty(DutyId.OPENING_PLAN, "计划", "部门", "第二条", "甲")
LOWER, UPPER = regulation(5), replace(regulation(5, TermUnit.MONTH), id="upper")


def stands(lower: dict[str, Duty], upper: dict[str, Duty], **changed: date) -> str | None:
    above = replace(UPPER, duties=upper, **changed)
    text = replace(LOWER, duties=lower, superiors=(above,))
    found = standing_duty(text, DutyId.OPENING_PLAN, ON)
    return f"{found.regulation.id} {found.duty.article}" if found else None


def test_a_texts_own_duty_stands() -> None:
    assert stands({PLAN.id: PLAN}, {VAGUE.id: VAGUE}) == "made 第一条"
    found = standing_duty(library.load("yingkou-2022"), DutyId.CATALOGUE_MAINTENANCE, ON)
    assert found is not None
    assert (found.duty.article, found.duty.every) == ("第十五条", Every.QUARTER)


def test_where_a_text_is_silent_or_vague_the_one_above_it_speaks() -> None:
    assert stands({}, {PLAN.id: PLAN}) == "upper 第一条"
    assert stands({VAGUE.id: VAGUE}, {PLAN.id: PLAN}) == "upper 第一条"
    assert stands({VAGUE.id: VAGUE}, {}) == "made 第二条"


def test_a_text_above_counts_while_it_is_in_force() -> None:
    assert stands({}, {PLAN.id: PLAN}, in_force_from=date(2027, 1, 1)) is None


def test_a_duty_of_no_text_does_not_stand() -> None:
    assert stands({}, {}) is None


def test_above_a_missing_text_nothing_is_inferred() -> None:
    above = replace(UPPER, duties={PLAN.id: PLAN})
    text = replace(LOWER, not_at_hand="某省的规定", superiors=(above,))
    assert standing_duty(text, DutyId.OPENING_PLAN, ON) is None
