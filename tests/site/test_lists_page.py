"""The lists of restricted entries name every one of them with its basis, and what the law asks."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from tests.datasets.tables import ROOT

from kaishu.base.vocabulary import Openness, Sharing
from kaishu.catalog.load import load
from kaishu.regulation import library
from kaishu.site.lists_page import _articles

pytestmark = pytest.mark.xdist_group("site")


@pytest.mark.slow
@pytest.mark.parametrize("name", ["on-request", "closed", "sharing"])
def test_every_restricted_entry_of_the_example_is_listed_with_its_basis(
    example: Path, name: str
) -> None:
    page = (example / f"lists/{name}/index.html").read_text()
    written = (example / f"lists/{name}.csv").read_text("utf-8-sig")
    rows = list(csv.DictReader(written.splitlines()))
    restricted = [
        one
        for one in load(ROOT).datasets
        if (one.openness.value == name and one.openness is not Openness.UNCONDITIONAL)
        or (name == "sharing" and one.entry.sharing.type is not Sharing.UNCONDITIONAL)
    ]
    assert restricted
    for one in restricted:
        assert f"datasets/{one.key}/" in page
        basis = one.entry.sharing.basis if name == "sharing" else one.entry.openness.basis
        assert basis
        for each in basis:
            assert each.title in page
            assert each.article in page
        assert sum(row["名称"] == one.descriptor.title for row in rows) == len(basis)
    assert len({row["名称"] for row in rows}) == len(restricted)


@pytest.mark.slow
def test_the_lists_are_reached_from_every_page_and_the_site_map(example: Path) -> None:
    assert "lists/on-request/" in (example / "index.html").read_text()
    assert "lists/closed/" in (example / "regulation/index.html").read_text()
    for name in ("on-request", "closed", "sharing"):
        assert f"lists/{name}/" in (example / "sitemap/index.html").read_text()
        assert f"/lists/{name}/" in (example / "sitemap.xml").read_text()
        assert f"lists/{name}/" in (example / "statistics/index.html").read_text()


def test_each_list_quotes_the_articles_of_its_own_restriction() -> None:
    yingkou = library.load("yingkou-2022")
    for name, article in (
        ("on-request", "第二十九条"),
        ("closed", "第三十条"),
        ("sharing", "第十七条"),
    ):
        own = [one for one in _articles(yingkou, name) if one[0].startswith(yingkou.short_title)]
        assert f"{yingkou.short_title}{article}" in [cited for cited, _quote, _anchor in own]
        assert all(anchor for _cited, _quote, anchor in own)
    bare = replace(yingkou, openness=(), bases=(), superiors=())
    assert list(_articles(bare, "closed")) == []
