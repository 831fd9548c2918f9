"""The words from which corrections are made."""

from __future__ import annotations

from itertools import combinations

import pytest

from kaishu.site.search import vocabulary
from kaishu.site.search.confusions import alike, near_words, syllables
from kaishu.site.search.vocabulary import words


def test_words_are_what_occurs_in_more_than_one_context() -> None:
    found = words([["公交线路信息"], ["公交站点名称"], ["校车线路表"]])
    assert {"公交", "线路"} <= set(found)
    # Only ever a part of a longer run.
    assert "交线" not in found
    assert "交站" not in found


def test_a_word_that_an_entry_repeats_counts_once() -> None:
    found = words([["路灯路灯路灯"], ["公园绿地"], ["公园名单"]])
    assert found.index("公园") < found.index("路灯路灯")


def test_words_of_letters_are_kept_too() -> None:
    assert set(words([["gdp总量"], ["sunrise"]])[:2]) == {"gdp", "sunrise"}


def test_there_are_never_more_than_the_browser_should_fetch(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(vocabulary, "MOST", 10)
    some = [[f"{a}{b}街道"] for a, b in combinations("甲乙丙丁戊己庚辛", 2)]
    assert len(words(some)) == 10


def test_a_character_has_one_syllable_and_is_of_common_use() -> None:
    found = syllables()
    assert "公" in found["gong"]
    characters = "".join(found.values())
    assert len(characters) == len(set(characters)) == 6763


def test_groups_have_no_group_of_one_and_no_word_twice() -> None:
    for group in (*near_words(), *alike()):
        assert len(group) > 1
        assert len(set(group)) == len(group), group
