"""The figures as files: the same in both forms, empty where nothing is available."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal
from tests.supervision.made import DAY, facts

from kaishu.supervision import tables
from kaishu.supervision.assessment import assess
from kaishu.supervision.scorecard import scorecards

if TYPE_CHECKING:
    from kaishu.supervision.measures import Facts


@pytest.fixture
def given(tmp_path: Path) -> Facts:
    return facts(small_portal(tmp_path / "portal"))


def rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(content.decode("utf-8-sig").splitlines()))


def test_the_scorecards_say_the_same_in_both_forms(given: Facts) -> None:
    cards = scorecards(given)
    header, *lines = rows(tables.scorecards_csv(cards))
    objects = json.loads(tables.scorecards_json(cards, DAY))
    assert objects["as_of"] == "2026-11-20"
    flat = [
        (card["department"] or "", measure) for card in objects["scorecards"]
        for measure in card["measures"]
    ]  # fmt: skip
    assert len(lines) == len(flat)
    for line, (department, measure) in zip(lines, flat, strict=True):
        assert len(line) == len(header)
        assert (line[0], line[2]) == (department, measure["id"])
        assert line[4] == ("" if measure["value"] is None else str(measure["value"]))
        assert line[-1] == measure["how"]


def test_what_is_not_available_is_empty_and_null(given: Facts) -> None:
    cards = scorecards(given)
    [line] = [one for one in rows(tables.scorecards_csv(cards))[1:]
              if one[0] == "" and one[2] == "applications-in-time"]  # fmt: skip
    assert line[4] == line[6] == line[7] == ""
    whole = json.loads(tables.scorecards_json(cards, DAY))["scorecards"][0]["measures"]
    [measure] = [one for one in whole if one["id"] == "applications-in-time"]
    assert measure["value"] is measure["numerator"] is measure["denominator"] is None


def test_the_assessment_says_why_something_is_not_measured(given: Facts) -> None:
    lines = list(assess(given))
    [header, *written] = rows(tables.assessment_csv(lines))
    assert {len(one) for one in written} == {len(header)}
    objects = json.loads(tables.assessment_json(lines, DAY))["lines"]
    assert len(written) == len(objects)
    for line, one in zip(written, objects, strict=True):
        if one["measured"]:
            assert line[-1] == one["how"]
        else:
            assert line[3] == ""
            assert one["why"] in line[-1]
