"""`kaishu build`: what it says, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.test_main import kaishu
from tests.portals import small_portal, write

from kaishu.site.libraries import Brought

pytestmark = pytest.mark.slow


def test_a_build_says_what_was_published_and_where(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    answer = kaishu("build", "--root", str(root), "--jobs", "1")
    assert answer.returncode == 0
    assert "3 个数据集" in answer.stdout
    assert (root / "build/site/index.html").is_file()
    assert "没有变化" in kaishu("build", "--root", str(root)).stdout


def test_a_failed_build_prints_the_problems_and_publishes_nothing(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\nx,a\n")
    answer = kaishu("build", "--root", str(root))
    assert answer.returncode == 1
    assert "[type-error]" in answer.stdout
    assert "未发布任何内容" in answer.stderr
    assert not (root / "build/site").exists()
    assert (root / "build/reports/check.json").is_file()


def test_the_output_can_be_elsewhere(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    output = tmp_path / "elsewhere"
    assert kaishu("build", "--root", str(root), "--output", str(output)).returncode == 0
    assert (output / "site/index.html").is_file()
    assert not (root / "build").exists()


def test_a_portal_without_a_mkdocs_yml_has_its_pages_where_the_others_are(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    assert kaishu("build", folder=root).returncode == 0
    assert (root / "build/site/help/index.html").is_file()


def test_a_build_without_browser_libraries_says_what_it_leaves_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_LIBRARIES", str(tmp_path / "none"))
    root = small_portal(tmp_path / "portal")
    answer = kaishu("build", "--root", str(root))
    assert answer.returncode == 0
    assert "不含：图表 · 地图" in answer.stderr


def test_libraries_that_are_there_are_named_with_their_versions(
    tmp_path: Path, brought: Brought
) -> None:
    root = small_portal(tmp_path / "portal")
    answer = kaishu("libraries", "--root", str(root))
    assert answer.returncode == 0
    assert f"leaflet {brought.version('leaflet')}" in answer.stdout
    assert "不含" not in kaishu("build", "--root", str(root)).stderr
