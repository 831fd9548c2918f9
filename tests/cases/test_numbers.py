"""Case numbers and query codes."""

from __future__ import annotations

from datetime import date

from kaishu.cases import numbers


def test_a_number_carries_its_day_and_a_check_digit() -> None:
    number = numbers.new_number(date(2026, 11, 21))
    assert number.startswith("20261121")
    assert numbers.is_number(number)


def test_any_one_wrong_digit_is_noticed() -> None:
    number = numbers.new_number(date(2026, 11, 21))
    for place, digit in enumerate(number):
        wrong = number[:place] + str((int(digit) + 1) % 10) + number[place + 1 :]
        assert not numbers.is_number(wrong)


def test_the_code_is_the_same_at_every_retry_and_differs_between_forms() -> None:
    assert numbers.code_for("a" * 32, "key") == numbers.code_for("a" * 32, "key")
    assert numbers.code_for("a" * 32, "key") != numbers.code_for("b" * 32, "key")
    assert numbers.code_for("a" * 32, "key") != numbers.code_for("a" * 32, "other key")


def test_the_code_has_at_least_eighty_bits() -> None:
    code = numbers.normal_code(numbers.code_for("a" * 32, "key"))
    assert len(code) * 5 >= 80


def test_a_code_typed_with_blanks_and_in_small_letters_is_the_same() -> None:
    code = numbers.code_for("a" * 32, "key")
    assert numbers.access_of("1", code.lower().replace("-", " ")) == numbers.access_of("1", code)
