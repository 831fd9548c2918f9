"""The vocabularies: values for files, labels for people."""

from __future__ import annotations

import pytest

from kaishu.base import vocabulary
from kaishu.base.i18n import use
from kaishu.base.vocabulary import Openness, Sharing, Word

WORDS = [
    one
    for one in vars(vocabulary).values()
    if isinstance(one, type) and issubclass(one, Word) and one is not Word
]


def test_the_three_classes_are_the_regulations_own_words() -> None:
    assert [one.label for one in Openness] == ["无条件开放", "依申请开放", "不予开放"]
    assert [one.label for one in Sharing] == ["无条件共享", "有条件共享", "不予共享"]


def test_a_value_is_found_again() -> None:
    assert Openness("on-request") is Openness.ON_REQUEST
    assert str(Openness.CLOSED) == "closed"


@pytest.mark.parametrize("word", WORDS)
def test_every_member_has_a_chinese_label_of_its_own(word: type[Word]) -> None:
    labels = [member.label for member in word]
    assert len(set(labels)) == len(labels)
    with use("en"):
        assert all(
            member.label != label or label.isascii()
            for member, label in zip(word, labels, strict=True)
        )
