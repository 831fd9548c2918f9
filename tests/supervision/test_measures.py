"""A share has a value only where there is something to be a part of; details come in order."""

from __future__ import annotations

from kaishu.supervision.measures import share


def test_nothing_of_nothing_is_no_share() -> None:
    assert share([], []) is None


def test_nothing_of_something_is_none_of_it() -> None:
    figure = share([], [1, 2])
    assert figure is not None
    assert (figure.value, figure.part, figure.whole) == (0, 0, 2)


def test_numbered_details_come_most_frequent_first() -> None:
    figure = share([1], [1, 2], {"b": 1, "a": 1, "c": 3})
    assert figure is not None
    assert figure.named == (("c", 3), ("a", 1), ("b", 1))


def test_plain_details_keep_their_order() -> None:
    figure = share([1], [1, 2], ["b", "a"])
    assert figure is not None
    assert figure.named == (("b", None), ("a", None))
