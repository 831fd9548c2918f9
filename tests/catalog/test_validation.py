"""Slips of the finger in keys."""

from __future__ import annotations

import pytest

from kaishu.catalog.validation import is_slip


@pytest.mark.parametrize("typed", ["titel", "titl", "tittle", "tytle", "itle", "titlee", "itlte"])
def test_one_slip_is_recognised(typed: str) -> None:
    assert is_slip(typed, "title") == (typed != "itlte")


@pytest.mark.parametrize(
    ("typed", "other"),
    [("related", "created"), ("views", "version"), ("hash", "name"), ("title", "title")],
)
def test_other_words_are_not_slips(typed: str, other: str) -> None:
    assert not is_slip(typed, other)
