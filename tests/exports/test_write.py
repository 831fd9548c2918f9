"""Every machine-readable form is at its address."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.exports.exported import DAY, Exported

from kaishu.base.kept import Kept
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


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_what_was_kept_gives_the_same_bytes_as_making_it_anew(
    exported: Exported, tmp_path: Path
) -> None:
    given = exported.catalog, exported.packages, exported.updated, DAY
    hashes = {one.key: one.key for one in exported.catalog.datasets}
    write(*given, tmp_path / "plain")
    for name in ("first", "again"):
        kept = Kept(tmp_path / "kept", "1")
        write(*given, tmp_path / name, contents=hashes, kept=kept)
        kept.save()
        assert contents(tmp_path / name) == contents(tmp_path / "plain")


def test_a_change_of_the_portal_is_never_answered_by_what_was_kept(
    exported: Exported, tmp_path: Path
) -> None:
    hashes = {one.key: one.key for one in exported.catalog.datasets}
    kept = Kept(tmp_path / "kept", "1")
    given = exported.packages, exported.updated, DAY
    write(exported.catalog, *given, tmp_path / "before", contents=hashes, kept=kept)
    moved = exported.catalog.portal.model_copy(update={"url": "https://moved.example.org"})
    catalog = replace(exported.catalog, portal=moved)
    write(catalog, *given, tmp_path / "after", contents=hashes, kept=kept)
    write(catalog, *given, tmp_path / "plain")
    assert contents(tmp_path / "after") == contents(tmp_path / "plain")
