"""Figures of quality name what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.portals import small_portal, write
from tests.site.made import edition_of, texts

from kaishu.base.i18n import use
from kaishu.base.problems import Problem, Severity
from kaishu.site.dataset_quality import Check, checks

if TYPE_CHECKING:
    from pathlib import Path

KEY = "mzj/parks"


def made(root: Path, tmp_path: Path, *problems: Problem) -> dict[str, Check]:
    edition = edition_of(root, tmp_path / "packages")
    with use("zh-CN"):
        found = checks(edition.catalog.by_key[KEY], edition.packages[KEY], problems)
    return {one.title: one for one in found}


def test_empty_cells_are_counted_by_column(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n1,\n2,东公园\n3,\n")
    filled = made(root, tmp_path)["单元格填写"]
    assert filled.value == "66.6 %（6 格中的 4 格）"
    assert filled.failures == ("名称：2 个空值",)


def test_fields_without_an_explanation_are_named(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    explained = made(root, tmp_path)["有说明的数据项"]
    assert explained.value == "2 项中的 0 项"
    assert [one.partition("：")[0] for one in explained.failures] == ["编号", "名称"]
    entry = root / "datasets/mzj/parks/datapackage.yaml"
    text = entry.read_text(encoding="utf-8").replace(
        "title: 编号}", "title: 编号, description: 内部编号}"
    )
    entry.write_text(text, encoding="utf-8")
    assert len(made(root, tmp_path)["有说明的数据项"].failures) == 1


def test_remarks_of_the_check_are_repeated_each_once(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    remark = Problem(
        code="few-rows", severity=Severity.WARNING, message="只有两行", hint="", dataset=KEY
    )
    found = made(root, tmp_path, remark, remark)["自动检查"]
    assert (found.value, found.failures, found.passed) == ("1 条提示", ("只有两行",), False)
    assert made(root, tmp_path)["自动检查"].passed


def test_what_is_in_order_has_no_failures(tmp_path: Path) -> None:
    found = made(small_portal(tmp_path / "portal"), tmp_path)
    assert found["单元格填写"].value.startswith("100 %")
    for title in ("单元格填写", "机器可读格式", "许可", "联系方式"):
        assert found[title].passed, title


def test_a_remark_stands_on_the_dataset_s_page_and_on_no_other(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    remark = Problem(
        code="few-rows", severity=Severity.WARNING, message="只有两行", hint="", dataset=KEY
    )
    pages = texts(replace(edition, problems=[remark]))
    assert "只有两行" in pages[f"datasets/{KEY}/"]
    assert "只有两行" not in pages["datasets/mzj/visits/"]
