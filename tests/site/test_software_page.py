"""Third-party software is named with its version and the text of its licence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.portals import small_portal
from tests.site.made import edition_of, texts
from tests.site.test_libraries import filled

from kaishu.site.libraries import LIBRARIES, Brought


def test_each_library_is_listed_with_version_and_licence(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    with_all = replace(edition, libraries=Brought(filled(tmp_path / "libraries")))
    page = texts(with_all)["software/"]
    for one in LIBRARIES:
        assert f"libraries/{one.name}/LICENSE.txt?v=" in page
        assert one.licence in page
    assert page.count("1.2.3") == len(LIBRARIES)


def test_without_libraries_the_page_says_so(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    assert "未包含图表、地图和浏览器内 SQL" in texts(edition)["software/"]
