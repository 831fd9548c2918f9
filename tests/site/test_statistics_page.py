"""The figures as people read them, and the page with the files beside it."""

from __future__ import annotations

import csv
import json
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.portals import CATALOG, small_portal, write

from kaishu.catalog import register
from kaishu.publishing.build import build
from kaishu.site.statistics_page import details, shown
from kaishu.supervision.measures import Figure, Measure, Unit


def measure(unit: Unit, value: float | None) -> Measure:
    return Measure("x", "甲", "乙", unit, None if value is None else Figure(value))


@pytest.mark.parametrize(
    ("unit", "value", "words"),
    [
        (Unit.SHARE, 0.875, "87.5%"),
        (Unit.SHARE, 1.0, "100%"),
        (Unit.SHARE, 0.0, "0%"),
        (Unit.SHARE, 0.99999, "99.9%"),
        (Unit.SHARE, 0.00001, "0.1%"),
        (Unit.SHARE, None, "尚无数据"),
        (Unit.WORKING_DAYS, 2.5, "2.5 个工作日"),
        (Unit.COUNT, 4728, "4,728"),
        (Unit.RATIO, 0.5, "0.5"),
        (Unit.COUNT, None, "尚无数据"),
    ],
)
def test_a_value_is_never_better_than_it_is(unit: Unit, value: float | None, words: str) -> None:
    assert shown(measure(unit, value)) == words


def test_only_the_first_details_are_shown_and_the_rest_is_counted() -> None:
    figure = Figure(1, named=tuple((f"项{n}", n or None) for n in range(10)))
    words, more = details(figure)
    assert words[:2] == ["项0", "项1（1）"]
    assert (len(words), more) == (8, 2)
    assert details(None) == ([], 0)


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_the_example_shows_true_figures_of_itself(example: Path) -> None:
    text = (example / "statistics/index.html").read_text()
    listed = list(csv.DictReader((example / "catalog.csv").read_text("utf-8-sig").splitlines()))
    opened = sum(row["开放属性"] == "无条件开放" for row in listed)
    cards = json.loads((example / "statistics/scorecards.json").read_text())["scorecards"]
    whole = {one["id"]: one for one in cards[0]["measures"]}
    assert (whole["entries-with-data"]["numerator"], whole["entries-with-data"]["denominator"]) == (
        opened, len(listed),
    )  # fmt: skip
    assert f"{opened} / {len(listed)}" in text
    assert "自评" in text
    assert "未经第三方确认" in text
    assert "示例门户自查改进意见" in text


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_every_bar_is_hidden_from_readers_and_has_its_numbers_in_words(example: Path) -> None:
    text = (example / "statistics/index.html").read_text()
    drawn = re.findall(r"<svg class=\"ks-bar\".*?</svg>", text)
    assert drawn
    for one in drawn:
        assert ET.fromstring(one).get("aria-hidden") == "true"
    assert text.count('class="ks-chart__value') == text.count('class="ks-chart__label"')
    assert text.count("以表格显示") == 2


@pytest.mark.slow
@pytest.mark.xdist_group("site")
def test_the_files_are_linked_and_there(example: Path) -> None:
    text = (example / "statistics/index.html").read_text()
    for name in ("scorecards.csv", "scorecards.json", "assessment.csv", "assessment.json"):
        assert (example / "statistics" / name).is_file()
        assert f"statistics/{name}" in text


REGISTER = """\
{columns}
2026-000001,open-application,mzj/visits,mzj,2026-11-02T10:00:00+08:00,yingkou-2022,第二十九条,2026-11-16,false,2026-11-06T10:00:00+08:00,granted,,
2026-000002,open-application,mzj/visits,mzj,2026-11-02T10:00:00+08:00,yingkou-2022,第二十九条,2026-11-16,false,2026-11-18T10:00:00+08:00,refused,涉及个人信息,《个人信息保护法》
"""


@pytest.mark.slow
def test_the_register_and_the_opinions_of_a_portal_reach_its_page(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, register.FILE, REGISTER.format(columns=",".join(register.COLUMNS)))
    opinion = "title: 改进<意见>\nby: 大数据局\nopinions: [{department: jtj, text: 尽快开放。}]\n"
    write(root, "governance/opinions/2026-11-19-x.yaml", opinion)
    build(root, tmp_path / "out", as_of=date(2026, 11, 20))
    site = tmp_path / "out/site"
    text = (site / "statistics/index.html").read_text()
    assert "改进&lt;意见&gt;" in text
    assert "涉及个人信息（1）" in text
    whole = json.loads((site / "statistics/scorecards.json").read_text())["scorecards"][0]
    values = {one["id"]: one["value"] for one in whole["measures"]}
    assert values["applications-in-time"] == 0.5
    assert values["application-days"] == 8
    assert values["refused"] == 0.5
    assert values["corrections-in-time"] is None


@pytest.mark.slow
def test_a_portal_without_entries_claims_nothing(tmp_path: Path) -> None:
    root = tmp_path / "portal"
    write(root, "catalog.yaml", CATALOG)
    build(root, tmp_path / "out", as_of=date(2026, 11, 20))
    site = tmp_path / "out/site"
    scores = (site / "statistics/index.html").read_text().split('id="assessment"')[0]
    assert "100%" not in scores
    assert "尚无数据" in scores
    for name in ("on-request", "closed", "sharing"):
        assert "目录中没有这类条目" in (site / f"lists/{name}/index.html").read_text()
