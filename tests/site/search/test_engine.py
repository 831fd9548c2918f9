"""Records go into Pagefind, an index comes out."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

import pytest

from kaishu.base.errors import BuildError
from kaishu.publishing.release import manifest_of
from kaishu.site.search import engine
from kaishu.site.search.records import Record

if TYPE_CHECKING:
    from pathlib import Path


def record(path: str, words: str) -> Record:
    return Record(path, f'<html lang="x"><body data-pagefind-body>{words}</body></html>')


def fragment(folder: Path, identifier: str) -> dict[str, object]:
    content = gzip.decompress((folder / f"fragment/x_{identifier}.pf_fragment").read_bytes())
    found: dict[str, object] = json.loads(content.removeprefix(b"pagefind_dcd"))
    return found


def test_each_record_is_told_apart_by_its_identifier(tmp_path: Path) -> None:
    given = [record(f"datasets/a/{n}/", f"公交 第{n}") for n in range(300)]
    engine.make(given, tmp_path)
    found = engine.identifiers(tmp_path, given)
    assert len(set(found)) == len(given)
    for identifier, one in zip(found, given, strict=True):
        assert fragment(tmp_path, identifier)["url"] == one.path


def test_pieces_stay_as_they_are(tmp_path: Path) -> None:
    given = [record("a/", "公交 交线 线路")]
    engine.make(given, tmp_path)
    (identifier,) = engine.identifiers(tmp_path, given)
    assert fragment(tmp_path, identifier)["content"] == "公交 交线 线路"


def test_only_what_our_page_uses_is_published(tmp_path: Path) -> None:
    written = engine.make([record("a/", "公交")], tmp_path)
    assert written == manifest_of(tmp_path)
    names = {path.name.split(".")[0] for path in tmp_path.iterdir()}
    assert names == {"pagefind", "pagefind-worker", "pagefind-entry", "wasm", "fragment", "index"}


def test_a_catalogue_without_entries_has_an_index_too(tmp_path: Path) -> None:
    engine.make([], tmp_path)
    assert engine.identifiers(tmp_path, []) == []


def test_without_its_engine_the_build_stops_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.pagefind_bin, "get_executable", lambda: tmp_path / "none")
    with pytest.raises(BuildError, match="none"):
        engine.make([record("a/", "公交")], tmp_path / "index")


def test_an_engine_that_ends_early_stops_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = tmp_path / "ended"
    ended.write_text("#!/bin/sh\nexit 3\n")
    ended.chmod(0o755)
    monkeypatch.setattr(engine.pagefind_bin, "get_executable", lambda: ended)
    with pytest.raises(BuildError):
        engine.make([record("a/", "公交")], tmp_path / "index")


def test_an_index_of_other_entries_has_another_version(tmp_path: Path) -> None:
    for name, words in (("one", "公交"), ("other", "地铁")):
        (tmp_path / name).mkdir()
        engine.make([record("a/", words)], tmp_path / name)
    assert engine.version_of(tmp_path / "one") != engine.version_of(tmp_path / "other")
