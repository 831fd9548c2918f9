"""data.json: what harvesters read."""

from __future__ import annotations

import json

from tests.exports.exported import DAY, Exported

from kaishu.exports.write import write


def entries(exported: Exported) -> dict[str, dict[str, object]]:
    write(exported.catalog, exported.packages, exported.updated, DAY, exported.folder)
    document = json.loads((exported.folder / "data.json").read_bytes())
    return {entry["landingPage"].split("/")[-2]: entry for entry in document["dataset"]}


def test_every_entry_has_its_publisher_and_level_of_access(exported: Exported) -> None:
    found = entries(exported)
    assert {name: entry["accessLevel"] for name, entry in found.items()} == {
        "parks": "public",
        "visits": "restricted public",
        "people": "non-public",
    }
    assert all(entry["publisher"]["name"] == "民政局" for entry in found.values())  # type: ignore[index]


def test_only_open_datasets_have_files(exported: Exported) -> None:
    assert [name for name, entry in entries(exported).items() if "distribution" in entry] == [
        "parks"
    ]


def test_a_date_that_is_not_known_is_left_out(exported: Exported) -> None:
    found = entries(exported)
    assert found["parks"]["modified"] == "2026-03-02"
    assert "modified" not in found["visits"]
