"""What a catalogue's content must satisfy."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.portals import small_portal, write

from kaishu.base import clock
from kaishu.base.problems import Severity
from kaishu.catalog.load import load
from kaishu.catalog.rules import check

PARKS = "datasets/mzj/parks/datapackage.yaml"
VISITS = "datasets/mzj/visits/datapackage.yaml"
BASIS = "    basis: [{title: 《中华人民共和国数据安全法》, article: 第三十八条, level: law}]\n"


BROKEN = [
    (VISITS, BASIS, "", "missing-basis"),
    (VISITS, "    conditions: 说明用途，承诺不用于识别个人。\n", "", "missing-conditions"),
    (VISITS, ", conditions: 因履行职责需要}", "}", "missing-conditions"),
    (VISITS, "data: [[park, hour, visitors]]", "data: [[park], [1]]", "restricted-with-rows"),
    (VISITS, "data: [[park, hour, visitors]]", "data: [{park: 1}]", "restricted-with-rows"),
    (
        VISITS,
        "data: [[park, hour, visitors]]",
        "path: datapackage.yaml",
        "restricted-with-data",
    ),
    (PARKS, "    path: data/parks.csv\n", "", "open-without-data"),
    (PARKS, "theme: society\n", "theme: society\n  code: x\n", "bad-code"),
    (PARKS, "theme: society\n", "theme: society\n  related: [mzj/none]\n", "unknown-dataset"),
    (PARKS, "id: 6f1f7a52-98a5-4a1e-8f43-6a3f2d1c0b11\n", "", "missing-id"),
    (PARKS, "  review: {date: 2026-01-04, by: 测试}\n", "", "missing-review"),
    ("catalog.yaml", "id: jtj, name", 'id: jtj, uscc: "911100006000373411", name', "bad-uscc"),
    (PARKS, "  update_cycle", "  publish_on: 2999-01-01\n  update_cycle", "embargoed"),
    ("catalog.yaml", "id: transport", "id: society", "duplicate-department"),
    (
        "catalog.yaml",
        "name: 民政局, contact: {name: 信息科, ",
        "name: 民政局, contact: {",
        "missing-officer",
    ),
    ("catalog.yaml", "mode: example", "mode: example\ncode_pattern: '['", "bad-pattern"),
]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


@pytest.mark.parametrize(("path", "old", "new", "code"), BROKEN, ids=[code for *_, code in BROKEN])
def test_each_rule_finds_what_breaks_it(
    root: Path, path: str, old: str, new: str, code: str
) -> None:
    text = (root / path).read_text()
    assert old in text
    write(root, path, text.replace(old, new))
    problems = [problem for problem in check(load(root)) if problem.code == code]
    assert [problem.file for problem in problems] == [path]
    assert path == "catalog.yaml" or problems[0].line


def test_data_beside_a_restricted_entry_are_found_even_if_nothing_names_them(root: Path) -> None:
    write(root, "datasets/jtj/permits/data/deep/rows.csv", "x\n")
    problems = check(load(root))
    assert [problem.code for problem in problems] == ["restricted-with-data"]
    assert "data/deep/rows.csv" in problems[0].message


def test_a_code_and_a_title_used_twice_are_found(root: Path) -> None:
    for path in (PARKS, VISITS):
        text = (root / path).read_text().replace("  theme:", "  code: 210800/000001\n  theme:")
        text = text.replace("title: 公园客流明细", "title: 城市公园名单")
        write(root, path, text)
    codes = sorted(problem.code for problem in check(load(root)))
    assert codes == ["duplicate-code", "duplicate-title"]


def test_in_production_reviews_and_the_footer_are_required(root: Path) -> None:
    text = (root / "catalog.yaml").read_text().replace("mode: example", "mode: production")
    write(root, "catalog.yaml", text)
    text = (root / PARKS).read_text().replace("  review: {date: 2026-01-04, by: 测试}\n", "")
    write(root, PARKS, text)
    errors = [problem.code for problem in check(load(root)) if problem.severity is Severity.ERROR]
    assert sorted(errors) == ["missing-footer"] * 3 + ["not-reviewed"]


def test_in_production_empty_places_at_the_foot_are_said(root: Path) -> None:
    text = (root / "catalog.yaml").read_text().replace("mode: example", "mode: production")
    write(root, "catalog.yaml", text)
    found = [(one.code, one.message) for one in check(load(root))]
    assert [code for code, _ in found].count("missing-footer-place") == 2
    [operator] = [message for code, message in found if code == "missing-operator-contact"]
    assert "operator.address" in operator
    places = "footer: {mark: https://example.org/m, errors: https://example.org/e}\n"
    write(
        root,
        "catalog.yaml",
        text.replace("open@example.org}", "open@example.org, address: 某路1号}") + places,
    )
    codes = [one.code for one in check(load(root))]
    assert "missing-footer-place" not in codes
    assert "missing-operator-contact" not in codes


def test_an_example_needs_no_filing_numbers(root: Path) -> None:
    codes = {one.code for one in check(load(root))}
    assert not codes & {"missing-footer", "missing-footer-place", "missing-operator-contact"}


@pytest.mark.parametrize(
    ("tiles", "known"),
    [
        ("https://tiles.example.org/{z}/{x}/{y}.png", True),
        ("https://tiles.example.org:8443/wmts?x={x}&y={y}&z={z}&tk=1", True),
        ("http://tiles.example.org/{z}/{x}/{y}.png", False),
        ("https://{s}.tiles.example.org/{z}/{x}/{y}.png", False),
        ("https://tiles.example.org/{z}/{x}.png", False),
        ("https://tiles.example.org; script-src */{z}/{x}/{y}", False),
    ],
)
def test_a_tile_address_names_one_host(root: Path, tiles: str, known: bool) -> None:
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", f'{text}map: {{tiles: "{tiles}"}}\n')
    assert ("bad-tiles" in {one.code for one in check(load(root))}) == (not known)


def test_without_any_contact_or_licence_it_is_said(root: Path) -> None:
    text = (root / "catalog.yaml").read_text()
    text = text.replace(', contact: {name: 信息科, phone: "12345"}', "")
    text = "".join(
        line for line in text.splitlines(keepends=True) if not line.startswith("licence")
    )
    write(root, "catalog.yaml", text)
    codes = [problem.code for problem in check(load(root))]
    assert codes.count("missing-contact") == 3
    assert codes.count("missing-licence") == 1


def test_a_title_that_differs_in_punctuation_or_width_alone_is_remarked(root: Path) -> None:
    text = (root / VISITS).read_text()
    write(root, VISITS, text.replace("title: 公园客流明细", "title: 城市 公园名单。"))
    [problem] = check(load(root))
    assert (problem.code, problem.severity) == ("similar-title", Severity.NOTE)
    write(root, VISITS, text.replace("title: 公园客流明细", "title: 城市公园名单二"))
    assert check(load(root)) == []


def test_the_same_title_in_two_departments_is_no_duplicate(root: Path) -> None:
    path = "datasets/jtj/permits/datapackage.yaml"
    text = (root / path).read_text().replace("title: 车辆通行许可明细", "title: 城市公园名单")
    write(root, path, text)
    assert check(load(root)) == []


def test_a_department_without_entries_needs_no_officer_yet(root: Path) -> None:
    text = (root / "catalog.yaml").read_text()
    more = "  - {id: wjw, name: 卫生健康委员会}\nthemes:"
    write(root, "catalog.yaml", text.replace("themes:", more))
    assert check(load(root)) == []


@pytest.mark.parametrize(
    ("today", "codes"), [("2026-03-03", []), ("2026-03-04", ["stale-contact"])]
)
def test_a_contact_confirmed_over_a_year_ago_is_remarked(
    root: Path, today: str, codes: list[str]
) -> None:
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", text.replace('"12345"}}', '"12345", confirmed: 2025-03-02}}', 1))
    with clock.moved_to(clock.parse(today)):
        assert [problem.code for problem in check(load(root))] == codes


def test_a_base_and_a_label_layer_are_each_looked_at(root: Path) -> None:
    good = "https://tiles.example.org/{z}/{x}/{y}.png"
    text = (root / "catalog.yaml").read_text()
    write(root, "catalog.yaml", f'{text}map: {{tiles: ["{good}", "{good}?names"]}}\n')
    catalog = load(root)
    assert catalog.portal.map.layers == (good, f"{good}?names")
    assert "bad-tiles" not in {one.code for one in check(catalog)}
    write(root, "catalog.yaml", f'{text}map: {{tiles: ["{good}", "http://other.example.org"]}}\n')
    assert "bad-tiles" in {one.code for one in check(load(root))}
