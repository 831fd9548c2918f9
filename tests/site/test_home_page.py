"""The home page: search, figures, ways in, themes, what is new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.portals import ON_REQUEST, small_portal, write
from tests.site.made import edition_of, texts

from kaishu.catalog import register
from kaishu.site import home_page
from kaishu.site.home_page import examples, newest, themes
from kaishu.site.listings import listed

if TYPE_CHECKING:
    from pathlib import Path

# Answered within its term; answered after it.
COMMON = "open-application,mzj/visits,mzj,2026-09-18T10:00:00+08:00,yingkou-2022,第二十九条"
CASES = (
    f"1,{COMMON},2026-10-09,false,2026-10-09T17:00:00+08:00,granted,,",
    f"2,{COMMON},2026-10-09,false,2026-10-12T17:00:00+08:00,granted,,",
)


def test_it_leads_into_the_catalogue_and_to_every_form(tmp_path: Path) -> None:
    shown = texts(edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages"))[""]
    for address in ("datasets/", "departments/mzj/", "themes/society/", "developers/", "help/", "feed.xml",
                    "cases/demand/", "cases/correct/", "cases/track/", "datasets/mzj/parks/"):  # fmt: skip
        assert f'href="./{address}"' in shown, address
    assert shown.count('role="search"') == 1


def test_its_figures_are_those_of_the_catalogue(tmp_path: Path) -> None:
    shown = texts(edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages"))[""]
    figures = shown.split('class="ks-figures"')[1].split("</dl>")[0]
    for label, value in (("数据集", "3"), ("数据行数", "2"), ("部门", "2"), ("依申请开放", "1")):
        assert f"<dt>{label}</dt>" in figures
        assert f">{value}</a>" in figures


def test_the_share_answered_in_time_comes_from_the_public_register(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, str(register.FILE), "\n".join((",".join(register.COLUMNS), *CASES)) + "\n")
    shown = texts(edition_of(root, tmp_path / "packages"))[""]
    figures = shown.split('class="ks-figures"')[1].split("</dl>")[0]
    assert "<dt>申请按期答复</dt>" in figures
    assert ">50%</a>" in figures


def test_of_very_many_themes_the_largest_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    assert [one.id for one, _count in themes(edition)] == ["society", "transport"]
    monkeypatch.setattr(home_page, "THEMES", 1)
    assert [one.id for one, _count in themes(edition)] == ["society"]


def test_words_to_begin_with_are_the_keywords_that_most_entries_share(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    more = ON_REQUEST.replace("resources:", "keywords: [客流, 公园]\nresources:", 1)
    write(root, "datasets/mzj/visits/datapackage.yaml", more)
    edition = edition_of(root, tmp_path / "packages")
    assert examples(list(edition.catalog.datasets)) == ["公园", "客流"]


def test_what_states_no_day_is_not_called_new(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    found = newest(edition, listed(edition.catalog.datasets))
    assert [item.path for item in found] == ["datasets/mzj/parks/"]
