"""Whichever regulation a portal names, its pages say that text's terms and no other's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write

from kaishu.base.i18n import use
from kaishu.base.vocabulary import Sharing
from kaishu.publishing.build import build
from kaishu.regulation import explain, library
from kaishu.regulation.model import RuleId

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def row(page: str, rule: str) -> str:
    """The text of one matter's row on the regulation's page."""
    found = re.search(rf'<tr id="{rule}">(.*?)</tr>', page, re.S)
    assert found
    return re.sub(r"<[^>]+>|\s+", " ", found[1])


@pytest.mark.parametrize("id_", library.ids())
def test_a_portal_under_each_regulation(id_: str, tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    catalogue = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", catalogue.replace("yingkou-2022", id_))
    build(root, tmp_path / "build")
    site = tmp_path / "build/site"
    regulation = library.load(id_)
    page = (site / "regulation/index.html").read_text(encoding="utf-8")
    with use("zh-CN"):
        for rule in RuleId:
            own = regulation.rules.get(rule)
            if own is not None and own.term is not None:
                assert explain.length(own.term) in row(page, rule)
                assert own.article in row(page, rule)
            elif own is None or not own.direct:
                assert "未规定" in row(page, rule)
        for duty in regulation.duties.values():
            assert duty.quote in page
        for article in regulation.articles:
            assert f'id="article-{article.number}"' in page
        assert page.count('class="ks-clause"') == len(regulation.ledger) == len(regulation.articles)
        for clause in regulation.ledger:
            assert clause.note in page
    lists = (site / "lists/sharing/index.html").read_text(encoding="utf-8")
    for basis in (one for text in regulation.chain for one in text.bases):
        # What the text in force says of a class is quoted beside the list of that class.
        if basis.of in (Sharing.CONDITIONAL, Sharing.NONE):
            assert basis.quote in lists
    dataset = (site / "datasets/mzj/visits/index.html").read_text(encoding="utf-8")
    sets_a_term = any(
        (rule := regulation.rules.get(name)) is not None and rule.term is not None
        for name in ("open-application", "open-delivery")
    )
    assert ("data-amount=" in dataset) == sets_a_term
    if not sets_a_term:
        assert "未规定" in dataset
