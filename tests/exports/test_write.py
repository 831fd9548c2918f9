"""Every machine-readable form is at its address."""

from __future__ import annotations

from pathlib import Path

from tests.exports.exported import DAY, Exported

from kaishu.exports.write import write


def test_every_form_is_written_at_its_address(exported: Exported, tmp_path: Path) -> None:
    write(exported.catalog, exported.packages, exported.updated, DAY, tmp_path)
    written = {
        path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()
    }
    assert written == {
        "catalog.jsonld",
        "catalog.ttl",
        "data.json",
        "catalog.csv",
        "catalog.xlsx",
        "feed.xml",
        "lists/on-request.csv",
        "lists/closed.csv",
        "lists/sharing.csv",
        "datasets/mzj/parks/feed.xml",
        "datasets/mzj/visits/feed.xml",
        "datasets/mzj/people/feed.xml",
    }
