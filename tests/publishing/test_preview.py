"""A preview shows what changed as it would be published, and leaves out what is not right."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.catalog.test_reviews import DATA, change
from tests.portals import small_portal

from kaishu.publishing.preview import render

pytestmark = pytest.mark.slow


def test_the_pages_of_the_datasets_asked_for_are_there_and_no_others(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    made = render(root, ["mzj/parks"], tmp_path / "site")
    assert made.shown == ("mzj/parks",)
    page = tmp_path / "site/datasets/mzj/parks/index.html"
    assert "中心公园" in page.read_text(encoding="utf-8")
    assert (tmp_path / "site/datasets/mzj/parks/data/parks.csv").is_file()
    assert (tmp_path / "site/assets/kaishu.css").is_file()
    assert not (tmp_path / "site/datasets/mzj/visits").exists()


def test_what_is_not_right_is_left_out_and_said(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    change(root, DATA, "1,中心公园", "一,中心公园")
    made = render(root, ["mzj/parks", "mzj/visits"], tmp_path / "site")
    assert (made.shown, made.left_out) == (("mzj/visits",), ("mzj/parks",))
    assert "type-error" in [one.code for one in made.problems]
