"""The page for developers names addresses that exist and code that fetches this portal's data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.portals import small_portal
from tests.site.made import edition_of, texts

from kaishu.site import developers_page

if TYPE_CHECKING:
    from pathlib import Path


def test_its_code_fetches_a_dataset_of_the_portal(tmp_path: Path) -> None:
    edition = edition_of(small_portal(tmp_path / "portal"), tmp_path / "packages")
    shown = texts(edition)[developers_page.PATH]
    assert (
        "curl -L -o parks.csv https://data.example.org/datasets/mzj/parks/data/parks.csv" in shown
    )
    assert 'href="../catalog.jsonld"' in shown
    assert 'href="../schema/datapackage.json"' in shown


def test_every_address_that_it_names_is_built(example: Path) -> None:
    text = (example / developers_page.PATH / "index.html").read_text(encoding="utf-8")
    named = [part.split("<")[0] for part in text.split("<code>/")[1:]]
    assert len(named) > 10
    assert [path for path in named if not (example / path).is_file()] == []
