"""A unit is called by all that decides its bytes, and by nothing else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.portals import small_portal, write

from kaishu.base.i18n import use
from kaishu.catalog.load import load
from kaishu.publishing.unit import unit_of

DAY = date(2026, 3, 2)
VISITS = "datasets/mzj/visits/datapackage.yaml"
SCHEMA = "fields: [{name: park, type: integer}, {name: hour, type: string}]\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    text = (root / VISITS).read_text(encoding="utf-8")
    start, end = text.index("    schema:"), text.index("catalogue:")
    write(root, VISITS, f"{text[:start]}    schema: schema.yaml\n{text[end:]}")
    write(root, "datasets/mzj/visits/schema.yaml", SCHEMA)
    return root


def key(root: Path, name: str) -> str:
    catalog = load(root)
    return unit_of(catalog.by_key[name], catalog, {"mzj/parks": DAY}).key


def test_a_schema_in_a_file_of_its_own_counts_though_the_data_are_restricted(root: Path) -> None:
    before = key(root, "mzj/visits")
    write(root, "datasets/mzj/visits/schema.yaml", SCHEMA.replace("string", "datetime"))
    assert key(root, "mzj/visits") != before


def test_other_files_beside_a_restricted_entry_are_never_read(root: Path) -> None:
    before = key(root, "mzj/visits")
    write(root, "datasets/mzj/visits/notes.md", "for ourselves")
    assert key(root, "mzj/visits") == before
    catalog = load(root)
    assert set(unit_of(catalog.by_key["mzj/visits"], catalog, {}).inputs) == {"schema.yaml"}


def test_data_and_language_count(root: Path) -> None:
    before = key(root, "mzj/parks")
    with use("en"):
        assert key(root, "mzj/parks") != before
    assert key(root, "mzj/parks") == before
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n7,新公园\n")
    assert key(root, "mzj/parks") != before
