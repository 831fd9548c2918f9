"""What a dataset's page shows above the fold, and that nothing is lost by it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.portals import small_portal
from tests.site.made import AS_OF, edition_of, texts

from kaishu.packaging.versions import Past, Version
from kaishu.site.dataset_page import SENTENCE

if TYPE_CHECKING:
    from pathlib import Path

PATH = "datasets/mzj/parks/"


def page(tmp_path: Path, description: str) -> str:
    root = small_portal(tmp_path / "portal")
    entry = root / "datasets" / "mzj" / "parks" / "datapackage.yaml"
    text = entry.read_text(encoding="utf-8")
    entry.write_text(text.replace("城市公园的编号与名称。", description), encoding="utf-8")
    return texts(edition_of(root, tmp_path / "packages"))[PATH]


def test_a_long_summary_is_cut_above_the_fold_and_whole_below(tmp_path: Path) -> None:
    sentence = "，".join(["城市公园的编号与名称"] * 30) + "。"
    shown = page(tmp_path, sentence)
    lead = shown.partition('<p class="ks-lead">')[2].partition("</p>")[0]
    assert len(lead) <= SENTENCE + 1
    assert lead.endswith("…")
    assert f"<p>{sentence}</p>" in shown


def test_a_short_summary_is_not_repeated(tmp_path: Path) -> None:
    shown = page(tmp_path, "园林清单。每年一月更新。")
    assert shown.count("园林清单。</p>") == 1
    assert "<p>每年一月更新。</p>" in shown


def test_the_basis_of_a_restriction_stands_beside_its_name(tmp_path: Path) -> None:
    shown = texts(edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages"))
    head = shown["datasets/mzj/visits/"].partition('class="ks-lead"')[0]
    assert "《中华人民共和国数据安全法》 第三十八条" in head
    assert "依据" not in shown[PATH].partition('class="ks-lead"')[0].partition("<main")[2]


def test_each_column_has_its_own_way_to_report_an_error(tmp_path: Path) -> None:
    shown = texts(edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages"))[PATH]
    for name in ("code", "name"):
        assert f"cases/correct/?dataset=mzj/parks&amp;field=parks.{name}" in shown


def test_what_is_not_open_has_versions_but_no_data_of_this_one(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    past = Past((Version("0a1b2c", AS_OF, None),))
    edition = replace(edition, pasts={"mzj/visits": past, "mzj/parks": past}, updated={})
    shown = texts(edition)
    assert "0a1b2c" in shown["datasets/mzj/visits/"]
    assert "当前版本" not in shown["datasets/mzj/visits/"]
    assert "当前版本" in shown[PATH]


SECOND = """\
  - name: opinions
    title: 意见汇总
    path: data/opinions.txt
    format: txt
    mediatype: text/plain
"""


def test_of_several_contents_the_first_offered_is_named_and_leads_to_all(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    folder = root / "datasets" / "mzj" / "parks"
    (folder / "data" / "opinions.txt").write_text("没有意见。\n", encoding="utf-8")
    described = (folder / "datapackage.yaml").read_text(encoding="utf-8")
    # What is no table stands first in the package, and the table is still offered first.
    text = described.replace("resources:\n", f"resources:\n{SECOND}")
    (folder / "datapackage.yaml").write_text(text, encoding="utf-8")
    shown = texts(edition_of(root, tmp_path / "packages"))[PATH]
    action = shown.partition('ks-act">')[2].partition("ks-keyfacts")[0]
    assert "下载 CSV" in action
    assert "下载内容为“parks”。" in action
    assert '<a href="#files">共 2 项，可逐项下载</a>' in action
    assert "data/parks.xlsx" in action
    assert "opinions" not in action


def test_what_is_one_table_needs_no_name(tmp_path: Path) -> None:
    shown = texts(edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages"))[PATH]
    assert "下载内容为" not in shown


def test_each_section_named_above_is_there_and_each_version_can_be_gone_to(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    past = Past((Version("0a1b2c", AS_OF, None),))
    shown = texts(replace(edition, pasts={"mzj/visits": past}))
    for path in (PATH, "datasets/mzj/visits/"):
        named = re.findall(r'<li><a href="#([a-z]+)">', shown[path])
        assert "versions" in named
        assert all(f'id="{one}"' in shown[path] for one in named)
