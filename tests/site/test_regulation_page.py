"""The page of a regulation that has no chapters, is at hand in part, or has lapsed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader
from tests.portals import small_portal

from kaishu.base import i18n
from kaishu.catalog.load import load
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.site import regulation_page
from kaishu.site.edition import Edition
from kaishu.site.environment import THEME, furnish, render
from kaishu.site.shell import Shell, asset_versions


def shown(id_: str, tmp_path: Path) -> str:
    """The page's text for a portal that works under the regulation `id_`."""
    catalog = load(small_portal(tmp_path / "portal"))
    edition = Edition(
        catalog=catalog,
        regulation=library.load(id_),
        calendar=WorkingCalendar.load(None),
        packages={},
        updated={},
        as_of=date(2026, 11, 20),
        commit=None,
        shallow=False,
    )
    environment = furnish(Environment(loader=FileSystemLoader(THEME)))
    with i18n.use("zh-CN"):
        return render(
            regulation_page.page(edition), environment, Shell(catalog.portal, asset_versions())
        )


def test_articles_without_chapters_stand_under_one_heading(tmp_path: Path) -> None:
    text = shown("liaoning-2020", tmp_path)
    assert '<h2 id="chapter-1">条文</h2>' in text
    assert "chapter-2" not in text
    assert 'id="article-28"' in text
    assert "部分条文" not in text


def test_a_text_at_hand_in_part_says_so_and_keeps_its_numbers(tmp_path: Path) -> None:
    text = shown("national-2025", tmp_path)
    assert "本站只收录了该文件的部分条文；未收录的条文不作推断。" in text
    assert 'id="article-21"' in text
    assert 'id="article-16"' not in text


@pytest.mark.parametrize(("id_", "lapsed"), [("yichuan-2020", True), ("shaoyang-2022", False)])
def test_a_lapsed_regulation_is_marked(id_: str, lapsed: bool, tmp_path: Path) -> None:
    sentence = "该文件有效期至2022年10月11日，现已失效。"
    assert (sentence in shown(id_, tmp_path)) == lapsed
