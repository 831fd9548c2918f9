"""The table from which the browser filters, counts and sorts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.portals import small_portal
from tests.site.made import UPDATED, edition_of

from kaishu.base import i18n
from kaishu.site.listings import listed
from kaishu.site.search.facets import DIGITS, EPOCH, identified, table
from kaishu.site.search.records import records

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def made(tmp_path: Path) -> dict[str, Any]:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    with i18n.use("zh-CN"):
        found = records(listed(edition.catalog.datasets), edition.packages, {"mzj/parks": UPDATED})
        return table(edition.catalog.portal, found)


def numbers(column: dict[str, Any]) -> list[int]:
    width, rows = column["width"], column["rows"]
    found = []
    for start in range(0, len(rows), width):
        number = 0
        for digit in rows[start : start + width]:
            number = number * len(DIGITS) + DIGITS.index(digit)
        found.append(number)
    return found


def column(made: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in made["facets"] if one["name"] == name)


def test_a_row_names_the_place_of_its_value(made: dict[str, Any]) -> None:
    # In the order of titles: 车辆通行许可明细, 城市公园名单, 公园客流明细.
    openness = column(made, "openness")
    values = [openness["values"][number] for number in numbers(openness)]
    assert [value for value, _label in values] == ["closed", "unconditional", "on-request"]
    assert [label for _value, label in values] == ["不予开放", "无条件开放", "依申请开放"]


def test_formats_are_a_sum_and_only_those_that_can_be_taken(made: dict[str, Any]) -> None:
    formats = column(made, "format")
    closed, open_, on_request = numbers(formats)
    assert closed == on_request == 0
    kinds = [kind for place, (kind, _label) in enumerate(formats["values"]) if open_ >> place & 1]
    assert {"csv", "json", "xlsx", "xml", "parquet"} <= set(kinds)


def test_days_are_counted_and_unknown_ones_are_nought(made: dict[str, Any]) -> None:
    assert numbers(made["updated"]) == [0, (UPDATED - EPOCH).days, 0]


def test_what_depends_on_today_is_named_but_not_said(made: dict[str, Any]) -> None:
    freshness = column(made, "freshness")
    assert [value for value, _label in freshness["values"]] == ["month", "year", "older", "late"]
    assert "rows" not in freshness


def test_identifiers_are_as_long_as_it_takes_to_tell_them_apart() -> None:
    assert identified(["0123456", "0123478", "fedcba9"]) == {
        "results": "0123401234fedcb",
        "longer": {0: "0123456", 1: "0123478"},
    }
