"""The lists of restricted entries hold each restricted entry once, with every basis."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.portals import ON_REQUEST, small_portal, write

from kaishu.catalog.load import load
from kaishu.exports.restrictions import LISTS, restrictions, rows

VISITS = "datasets/mzj/visits/datapackage.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def keys(root: Path, name: str) -> list[str]:
    return [one.dataset.key for one in restrictions(load(root), name)]


def test_each_list_has_its_own_entries(root: Path) -> None:
    assert {name: keys(root, name) for name in LISTS} == {
        "on-request": ["mzj/visits"],
        "closed": ["jtj/permits"],
        "sharing": ["mzj/visits", "jtj/permits"],
    }


def test_what_is_shared_with_all_or_withdrawn_is_in_no_list(root: Path) -> None:
    lines = [
        "  sharing: {type: unconditional}" if line.startswith("  sharing:") else line
        for line in ON_REQUEST.splitlines()
    ]
    write(root, VISITS, "\n".join(lines) + "\n")
    assert keys(root, "sharing") == ["jtj/permits"]
    withdrawn = ON_REQUEST + "  withdrawn: {date: 2026-11-01, reason: 不再采集}\n"
    write(root, VISITS, withdrawn)
    assert keys(root, "on-request") == []


def test_each_basis_has_a_row_with_all_of_its_parts(root: Path) -> None:
    two = ON_REQUEST.replace(
        "level: law}]\n  sharing",
        "level: law}, {title: 甲办法, level: rule, issuer: city, url: 'https://example.org/x'}]\n  sharing",
    )
    assert two != ON_REQUEST
    write(root, VISITS, two)
    catalog = load(root)
    header, first, second = rows(catalog.portal, restrictions(catalog, "on-request"))
    assert len(header) == len(first) == len(second)
    assert first[1:5] == ["公园客流明细", "民政局", "依申请开放", "说明用途，承诺不用于识别个人。"]
    assert first[5:8] == ["《中华人民共和国数据安全法》", "第三十八条", "法律"]
    assert second[5:10] == ["甲办法", "", "规章", "city", "https://example.org/x"]
    assert first[-1] == "https://data.example.org/datasets/mzj/visits/"


def test_an_entry_without_a_basis_is_still_in_the_list(root: Path) -> None:
    text = (root / VISITS).read_text().splitlines(keepends=True)
    write(root, VISITS, "".join(line for line in text if not line.startswith("    basis:")))
    catalog = load(root)
    _header, only = rows(catalog.portal, restrictions(catalog, "on-request"))
    assert only[1] == "公园客流明细"
    assert only[5:10] == [""] * 5
