"""What a build reads is known by its content, whatever the clock and the file system say."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.portals import small_portal, write

from kaishu.packaging.store import COPIES
from kaishu.publishing import inputs

PARKS = "datasets/mzj/parks/data/parks.csv"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    for path in root.rglob("*"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    return root


def read(root: Path) -> inputs.Inputs:
    return inputs.read(root, root.parent / "index")


def test_an_index_changes_nothing_that_is_found(root: Path, tmp_path: Path) -> None:
    first = read(root)
    assert read(root) == first == inputs.read(root, tmp_path / "another index")
    assert {"catalog.yaml", PARKS} <= set(first.hashes)
    assert set(first.datasets) == {"jtj/permits", "mzj/parks", "mzj/visits"}


@pytest.mark.parametrize("text", ["code,name\n1,中心公园\n2,西公园\n", "code,name\n"])
def test_a_change_is_seen_even_where_the_times_are_set_back(root: Path, text: str) -> None:
    first = read(root)
    write(root, PARKS, text)
    os.utime(root / PARKS, (1_700_000_000, 1_700_000_000))
    second = read(root)
    assert second.datasets["mzj/parks"] != first.datasets["mzj/parks"]
    assert second.datasets["mzj/visits"] == first.datasets["mzj/visits"]
    assert (second.common, second.all == first.all) == (first.common, False)


def test_a_change_right_after_a_look_is_seen(root: Path) -> None:
    seen = set()
    for n in range(50):
        # The same size each time, and as fast as the machine allows.
        write(root, PARKS, f"code,name\n{n:02d},公园\n")
        seen.add(read(root).all)
    assert len(seen) == 50


def test_what_is_no_datasets_own_is_common_to_all(root: Path) -> None:
    first = read(root)
    write(root, "governance/events/note.yaml", "a: 1\n")
    write(root, "datasets/mzj/attestations.yaml", "a: 1\n")
    second = read(root)
    assert second.common != first.common
    assert second.datasets == first.datasets


def test_files_that_come_and_go_are_seen(root: Path) -> None:
    first = read(root)
    write(root, "datasets/mzj/parks/notes.md", "注\n")
    assert read(root).datasets["mzj/parks"] != first.datasets["mzj/parks"]
    (root / "datasets/mzj/parks/notes.md").unlink()
    assert read(root) == first


@pytest.mark.parametrize("damage", [b"", b"i\x00", b"\xff"])
def test_a_damaged_index_is_made_anew(root: Path, damage: bytes) -> None:
    first = read(root)
    (root.parent / "index").write_bytes(damage)
    assert read(root) == first


def test_what_was_fetched_from_a_store_is_no_input_of_its_own(root: Path) -> None:
    before = read(root)
    copy = root / COPIES / "sha256/ab/abcd"
    copy.parent.mkdir(parents=True)
    copy.write_text("a large table")
    os.link(copy, root / "datasets/mzj/parks/data/large.csv")
    assert read(root) == before
    write(root, "datasets/mzj/parks/data/other.csv", "a large table")
    assert read(root) != before


def test_a_process_beside_finds_the_same(root: Path, tmp_path: Path) -> None:
    reading = inputs.Reading(root, tmp_path / "beside")
    assert reading.result() == read(root)


def test_what_a_process_beside_cannot_read_is_told_here(root: Path) -> None:
    # A folder where the index belongs.
    (root.parent / "beside").mkdir()
    reading = inputs.Reading(root, root.parent / "beside")
    with pytest.raises(OSError, match="beside"):
        reading.result()
