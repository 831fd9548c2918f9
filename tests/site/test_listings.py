"""Lists in pages, and the letters under which titles stand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.portals import OPEN, small_portal, write
from tests.site.made import edition_of, texts

from kaishu.site.listings import ON_A_PAGE, letter_of, paged
from kaishu.site.shell import Page

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("公交站点", "g"),
        ("重庆路名录", "c"),
        ("《办法》条文", "other"),
        ("2026年收支", "other"),
        ("GB/T 2312 汉字表", "g"),
    ],
)
def test_a_title_stands_under_the_letter_of_its_first_syllable(title: str, letter: str) -> None:
    assert letter_of(title) == letter


@pytest.mark.parametrize(("entries", "pages"), [(0, 1), (1, 1), (ON_A_PAGE, 1), (ON_A_PAGE + 1, 2)])
def test_a_list_has_as_many_pages_as_it_needs(entries: int, pages: int) -> None:
    made = list(paged(Page("a/", "a.html", "A"), "datasets", list(range(entries))))
    assert [page.path for page in made] == ["a/", "a/2/"][:pages]
    shown = [one for page in made for one in page.values["datasets"]]
    assert shown == list(range(entries))
    assert [page.values["further"] for page in made] == [False, True][:pages]


def test_pages_of_a_list_lead_to_each_other(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    for n in range(ON_A_PAGE):
        text = OPEN.replace("name: parks\ntitle", f"name: parks-{n}\ntitle").replace(
            "id: 6f1f7a52", f"id: {n:08x}"
        )
        write(root, f"datasets/mzj/parks-{n}/datapackage.yaml", text)
        write(root, f"datasets/mzj/parks-{n}/data/parks.csv", "code,name\n1,中心公园\n")
    shown = texts(edition_of(root, tmp_path / "packages"))
    first, second = shown["departments/mzj/"], shown["departments/mzj/2/"]
    assert 'rel="next" href="../../departments/mzj/2/"' in first
    assert 'rel="prev" href="../../../departments/mzj/"' in second
    assert "民政局（第 2 页）" in second
    assert first.count('class="ks-result"') == ON_A_PAGE
    assert second.count('class="ks-result"') == 2
    assert "lists/letters/c/2/" in shown
    assert shown["datasets/"].count('class="ks-result"') == 20 + 1  # and the one to be filled
