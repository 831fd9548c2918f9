"""An entry is there whole or not at all; what somebody may come back to stays."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from tests.portals import small_portal

from kaishu.catalog.load import load
from kaishu.packaging.model import Package
from kaishu.publishing.cache import Cache, is_linked, link
from kaishu.publishing.unit import Unit, unit_of

DAY = 86_400


@pytest.fixture
def unit(tmp_path: Path) -> Unit:
    catalog = load(small_portal(tmp_path / "portal"))
    return unit_of(catalog.by_key["mzj/parks"], catalog, {})


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def age(path: Path, days: int) -> None:
    moment = time.time() - days * DAY
    os.utime(path, (moment, moment))


def test_an_entry_is_found_again(unit: Unit, cache: Cache) -> None:
    assert cache.find(unit.key) is None
    made = unit.do(cache)
    assert cache.find(unit.key) == made
    assert [path.name for path in cache.folder.iterdir()] == [unit.key]


def test_a_file_that_only_looks_different_is_believed_by_its_hash(unit: Unit, cache: Cache) -> None:
    made = unit.do(cache)
    file = cache.entry(unit.key) / "data/parks.csv"
    os.utime(file)
    assert cache.find(unit.key) == made
    file.chmod(0o644)
    file.write_bytes(bytes(reversed(file.read_bytes())))
    assert cache.find(unit.key) is None


def test_kept_files_are_read_only(unit: Unit, cache: Cache) -> None:
    made = unit.do(cache)
    modes = {(cache.entry(unit.key) / one.path).stat().st_mode & 0o777 for one in made.files}
    assert modes == {0o444}


def test_an_entry_made_twice_is_the_later_one(unit: Unit, cache: Cache) -> None:
    unit.do(cache)
    assert unit.do(cache) == cache.find(unit.key)
    assert [path.name for path in cache.folder.iterdir()] == [unit.key]


def test_links_are_known_from_copies_and_from_more(
    unit: Unit, cache: Cache, tmp_path: Path
) -> None:
    made: Package = unit.do(cache)
    target = tmp_path / "out"
    assert not is_linked(made, cache.entry(unit.key), target)
    link(made, cache.entry(unit.key), target)
    assert is_linked(made, cache.entry(unit.key), target)
    (target / "more").write_text("")
    assert not is_linked(made, cache.entry(unit.key), target)


def test_what_no_kept_release_and_no_recent_build_used_goes(cache: Cache) -> None:
    for name in ("kept", "built-lately", "made-lately", "nobodys", ".part-left-by-a-power-cut"):
        (cache.folder / name).mkdir(parents=True)
        if name != "made-lately":
            age(cache.folder / name, 30)
    cache.used("release-kept", ["kept"])
    cache.used("release-lately", ["built-lately"])
    cache.used("release-gone", ["nobodys"])
    for name in ("release-kept", "release-gone"):
        age(cache.folder / f"uses/{name}.json", 30)
    cache.prune(["release-kept"])
    left = {path.name for path in cache.folder.iterdir()}
    assert left == {"kept", "built-lately", "made-lately", "uses"}
    assert not (cache.folder / "uses/release-gone.json").exists()
