"""Old addresses lead to new ones; an address that is in use never leads elsewhere."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write

from kaishu.packaging.check import check_portal
from kaishu.publishing.build import build

if TYPE_CHECKING:
    from pathlib import Path

ENTRY = "datasets/mzj/parks/datapackage.yaml"


def reorganised(root: Path, aliases: str) -> Path:
    small_portal(root)
    text = (root / ENTRY).read_text(encoding="utf-8")
    write(
        root,
        ENTRY,
        text.replace("  update_cycle: yearly", f"  aliases: {aliases}\n  update_cycle: yearly"),
    )
    catalogue = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(
        root, "catalog.yaml", catalogue + "former_departments:\n  - {id: ylj, merged_into: mzj}\n"
    )
    return root


@pytest.mark.slow
def test_former_addresses_of_datasets_and_departments_lead_to_the_new_ones(tmp_path: Path) -> None:
    root = reorganised(tmp_path / "portal", "[ylj/gardens]")
    build(root, tmp_path / "out")
    site = tmp_path / "out/site"
    page = (site / "datasets/ylj/gardens/index.html").read_text(encoding="utf-8")
    assert '<meta http-equiv="refresh" content="0; url=../../../datasets/mzj/parks/">' in page
    assert "城市公园名单" in page
    assert 'rel="canonical"' not in page
    moved = (site / "departments/ylj/index.html").read_text(encoding="utf-8")
    assert 'url=../../departments/mzj/"' in moved
    assert json.loads((site / "redirects.json").read_bytes()) == {
        "datasets/ylj/gardens/": "datasets/mzj/parks/", "departments/ylj/": "departments/mzj/",
    }  # fmt: skip
    sitemap = (site / "sitemap.xml").read_text(encoding="utf-8")
    assert "ylj" not in sitemap
    assert "mzj/parks" in sitemap


@pytest.mark.parametrize(
    ("aliases", "codes"), [("[ylj/gardens]", set()), ("[mzj/visits]", {"taken-alias"})]
)
def test_an_address_in_use_is_no_former_address(
    tmp_path: Path, aliases: str, codes: set[str]
) -> None:
    root = reorganised(tmp_path, aliases)
    found = {one.code for one in check_portal(root)[1] if one.severity == "error"}
    assert found == codes
