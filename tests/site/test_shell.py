"""What surrounds every page: a government site's foot, and a policy that allows what is listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.portals import CATALOG, small_portal, write
from tests.site.made import edition_of, texts

from kaishu.catalog.load import load
from kaishu.site.shell import Here, Shell

if TYPE_CHECKING:
    from pathlib import Path

FOOTER = """\
footer:
  icp: 辽ICP备00000000号-1
  police: 辽公网安备21080000000000号
  site_id: "2108000000"
  mark: https://example.org/mark
  errors: https://example.org/errors
"""


def home(tmp_path: Path, catalog: str) -> str:
    root = small_portal(tmp_path / "portal")
    write(root, "catalog.yaml", catalog)
    return texts(edition_of(root, tmp_path / "packages"))[""]


def test_in_production_the_foot_has_all_that_a_government_site_shows(tmp_path: Path) -> None:
    page = home(tmp_path, CATALOG.replace("mode: example", "mode: production") + FOOTER)
    foot = page.partition("<footer")[2]
    for words in ("测试市大数据管理局", "12345", "open@example.org", "辽ICP备00000000号-1", "辽公网安备21080000000000号",
                  "2108000000", "党政机关网站", "我为政府网站找错", "网站地图"):  # fmt: skip
        assert words in foot, words
    assert 'href="https://example.org/mark"' in foot
    assert 'href="https://example.org/errors"' in foot
    assert "示例" not in page


def test_an_empty_place_leaves_nothing_behind(tmp_path: Path) -> None:
    foot = home(tmp_path, CATALOG.replace("mode: example", "mode: production")).partition(
        "<footer"
    )[2]
    assert "党政机关" not in foot
    assert 'href=""' not in foot


def test_a_policy_adds_what_a_page_needs_to_what_all_pages_may(tmp_path: Path) -> None:
    shell = Shell(load(small_portal(tmp_path)).portal, {})
    plain = Here("help/", "", "", shell).policy
    assert "script-src 'self'; worker-src 'none'" in plain
    more = {"worker-src": ("'self'",), "img-src": ("https://tiles.example.org",)}
    policy = Here("datasets/a/b/", "", "", shell, more).policy
    assert "worker-src 'self'" in policy
    assert "img-src 'self' data: https://tiles.example.org" in policy
    assert "object-src 'none'" in policy
