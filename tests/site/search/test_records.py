"""What the index holds of an entry."""

from __future__ import annotations

import marshal
from typing import TYPE_CHECKING

from tests.portals import OPEN, small_portal, write
from tests.site.made import edition_of

from kaishu.site.listings import listed
from kaishu.site.search.pieces import pieces
from kaishu.site.search.records import Record, document, records

if TYPE_CHECKING:
    from pathlib import Path

    from kaishu.site.edition import Edition


def documents(edition: Edition) -> dict[str, str]:
    datasets = edition.catalog.datasets
    return {one.path: one.document for one in records(datasets, edition.packages, edition.updated)}


def test_every_text_that_a_search_looks_through_is_there_in_pieces(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    text = documents(edition)["datasets/mzj/visits/"]
    # Title, description, department, theme, titles and names of columns.
    for words in ("公园客流明细", "逐小时客流", "民政局", "社会民生", "公园编号", "visitors"):
        assert f" {' '.join(pieces(words))} " in text.replace(">", "> ").replace("<", " <"), words


def test_the_title_weighs_more_than_any_other_text(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    text = documents(edition)["datasets/mzj/parks/"]
    assert f'weight="10">{" ".join(pieces("城市公园名单"))}<' in text
    assert f'weight="0.5">{" ".join(pieces("编号"))} ' in text


def test_display_texts_and_facets_are_kept_as_they_are(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(root, "datasets/mzj/parks/datapackage.yaml", OPEN.replace("城市公园名单", "“园”<名>&"))
    edition = edition_of(root, tmp_path / "packages")
    dataset = edition.catalog.by_key["mzj/parks"]
    text = document(dataset, edition.packages["mzj/parks"])
    assert 'data-pagefind-meta="title[content]" content="“园”&lt;名&gt;&amp;"' in text
    for name, value in (("openness", "unconditional"), ("theme", "society"), ("department", "mzj"),
                        ("format", "csv"), ("cycle", "yearly")):  # fmt: skip
        assert f'data-pagefind-filter="{name}[content]" content="{value}"' in text


def test_the_data_themselves_are_not_searched(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    assert "中心" not in documents(edition)["datasets/mzj/parks/"]


def test_what_was_kept_comes_back_equal_and_in_the_order_of_titles(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    found = records(listed(edition.catalog.datasets), edition.packages, edition.updated)
    assert len(found) == 3
    assert [Record(*marshal.loads(marshal.dumps(one.kept()))) for one in found] == found
    other_way = found[::-1]
    assert sorted(other_way, key=lambda one: one.place) == found
