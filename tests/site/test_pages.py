"""What the pages made from data show of the catalogue, each without a whole build."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write
from tests.site.made import edition_of, texts

from kaishu.base.formats import long_date
from kaishu.regulation import library

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shown(tmp_path: Path) -> dict[str, str]:
    """The small portal's pages by their paths."""
    return texts(edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages"))


def under(id_: str, tmp_path: Path) -> str:
    """The regulation's page of a portal that works under `id_`."""
    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", text.replace("yingkou-2022", id_))
    return texts(edition_of(root, tmp_path / "packages"))["regulation/"]


def test_the_home_page_leads_into_the_catalogue(shown: dict[str, str]) -> None:
    assert "datasets/mzj/parks/" in shown[""]
    assert "departments/mzj/" in shown[""]


def test_the_catalogue_lists_every_entry_whatever_its_class(shown: dict[str, str]) -> None:
    for title in ("城市公园名单", "公园客流明细", "车辆通行许可明细"):
        assert title in shown["datasets/"]
    for openness in ("无条件开放", "依申请开放", "不予开放"):
        assert openness in shown["datasets/"]


def test_an_entry_shows_what_the_guide_asks_of_it(shown: dict[str, str]) -> None:
    text = shown["datasets/mzj/visits/"]
    for fact in (
        "民政局",
        "依申请开放",
        "有条件共享",
        "因履行职责需要",
        "每月",
        "部门信息资源",
        "公园编号",
    ):
        assert fact in text


def test_an_entry_names_whom_to_ask(shown: dict[str, str]) -> None:
    for path in ("datasets/mzj/parks/", "datasets/mzj/visits/", "datasets/jtj/permits/"):
        assert "信息科" in shown[path]
        assert "12345" in shown[path]


def test_an_entry_shows_the_review_before_opening(shown: dict[str, str]) -> None:
    text = shown["datasets/mzj/parks/"]
    assert "开放前审查" in text
    assert "2026年1月4日" in text


def test_an_entry_shows_when_its_data_are_to_be_updated(shown: dict[str, str]) -> None:
    assert 'data-due="2027-01-05"' in shown["datasets/mzj/parks/"]


def test_open_data_are_taken_without_an_application(shown: dict[str, str]) -> None:
    text = shown["datasets/mzj/parks/"]
    for name in ("parks.csv", "parks.json", "parks.xlsx"):
        assert f'href="data/{name}" download' in text
    assert "cases/apply/" not in text


def test_data_open_on_request_lead_to_the_form_with_term_and_article(
    shown: dict[str, str],
) -> None:
    text = shown["datasets/mzj/visits/"]
    assert "cases/apply/?dataset=mzj" in text
    assert "第二十九条" in text
    assert "download" not in text.split('id="entry"')[0]


def test_the_basis_of_a_restriction_is_on_the_entrys_page(shown: dict[str, str]) -> None:
    assert "《中华人民共和国数据安全法》" in shown["datasets/mzj/visits/"]
    text = shown["datasets/jtj/permits/"]
    assert "《中华人民共和国政府信息公开条例》" in text
    assert "第十五条" in text


def test_a_department_has_a_page_of_its_entries_and_contact(shown: dict[str, str]) -> None:
    text = shown["departments/jtj/"]
    assert "车辆通行许可明细" in text
    assert "城市公园名单" not in text
    assert "信息科" in text


def test_the_statistics_count_each_department(shown: dict[str, str]) -> None:
    assert 'href="../departments/mzj/"' in shown["statistics/"]
    assert 'href="../departments/jtj/"' in shown["statistics/"]


def test_the_regulation_is_there_article_by_article(shown: dict[str, str]) -> None:
    assert shown["regulation/"].count('<article class="ks-article"') == 40
    assert 'id="article-40"' in shown["regulation/"]


def test_a_priority_theme_is_marked(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    text = text.replace("name: 社会民生}", "name: 社会民生, priority: true}")
    write(root, "catalog.yaml", text)
    shown = texts(edition_of(root, tmp_path / "packages"))
    assert "优先开放领域" in shown["themes/society/"]


@pytest.mark.parametrize("id_", library.ids())
def test_the_regulations_page_says_from_when_it_is_in_force(id_: str, tmp_path: Path) -> None:
    assert f">{long_date(library.load(id_).in_force_from)}<" in under(id_, tmp_path)


@pytest.mark.parametrize(
    ("id_", "duty", "words"),
    [
        ("shuozhou-2021", "change-notice", "至少提前一个月通知政务数据资源使用部门"),
        ("shuozhou-2021", "opening-plan", "制定本部门政务数据开放年度工作计划"),
        ("yichuan-2020", "annual-report", "每年1月底前"),
    ],
    ids=["change-notice", "opening-plan", "annual-report"],
)
def test_the_regulations_page_lists_its_standing_duties(
    id_: str, duty: str, words: str, tmp_path: Path
) -> None:
    listed = under(id_, tmp_path).split('id="duties"')[1].split("</table>")[0]
    assert library.load(id_).duties[duty].matter in listed
    assert words in listed


def test_the_lists_name_every_restricted_entry_with_its_basis(shown: dict[str, str]) -> None:
    on_request, closed = shown["lists/on-request/"], shown["lists/closed/"]
    assert "公园客流明细" in on_request
    assert "《中华人民共和国数据安全法》" in on_request
    assert "车辆通行许可明细" not in on_request
    assert "车辆通行许可明细" in closed
    assert "《中华人民共和国政府信息公开条例》" in closed
    for title in ("公园客流明细", "车辆通行许可明细"):
        assert title in shown["lists/sharing/"]


def test_improvement_opinions_stand_beside_the_figures(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    said = "title: 评估意见\nby: 县人民政府\nopinions:\n  - {department: jtj, text: 尽快更新逾期的数据集。}\n"
    write(root, "governance/opinions/2026-10-15-evaluation.yaml", said)
    text = texts(edition_of(root, tmp_path / "packages"))["statistics/"]
    assert "评估意见" in text
    assert "尽快更新逾期的数据集。" in text
