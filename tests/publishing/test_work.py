"""Packaging happens once for each content, goes on after an interruption, and is the same anywhere."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from datetime import date
from pathlib import Path

import pytest
from tests.portals import files, many, small_portal, write

from kaishu.base import progress
from kaishu.catalog.load import load
from kaishu.packaging.model import Package
from kaishu.publishing.cache import RECORD
from kaishu.publishing.work import Made, package_all

UPDATED = {"mzj/parks": date(2026, 3, 2)}
KAISHU = shutil.which("kaishu") or ".venv/bin/kaishu"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def packaged(root: Path, output: Path, engine: str = "local", jobs: int = 1) -> Made:
    return package_all(load(root), output, UPDATED, engine=engine, jobs=jobs)


def test_what_did_not_change_is_never_packaged_again(root: Path, tmp_path: Path) -> None:
    first = packaged(root, tmp_path / "out")
    before = files(tmp_path / "out/packages")
    second = packaged(root, tmp_path / "out")
    assert (first.reused, second.reused) == (0, 3)
    assert first.packages == second.packages
    assert files(tmp_path / "out/packages") == before


def test_a_large_table_is_shown_as_it_goes_by_whichever_process_writes_it(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[object] = []

    class Seen:
        def begin(self, words: str, total: int) -> int:
            told.append(words)
            return len(told)

        def advance(self, work: int) -> None:
            """A step more."""

        def end(self, work: int) -> None:
            told.append(-work)

    monkeypatch.setattr(progress, "_LARGE", 1_000_000)
    rows = "".join(f"{n},第{n}座公园\n" for n in range(100_000))
    write(root, "datasets/mzj/parks/data/parks.csv", f"code,name\n{rows}")
    with progress.shown_by(Seen()):
        packaged(root, tmp_path / "out", jobs=2)
    assert "正在写入 parks（MB）" in told
    assert -told.index("正在写入 parks（MB）") - 1 in told


def test_a_change_packages_its_own_dataset_alone(root: Path, tmp_path: Path) -> None:
    packaged(root, tmp_path / "out")
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n7,新公园\n")
    made = packaged(root, tmp_path / "out")
    assert made.reused == 2
    assert "新公园" in (tmp_path / "out/packages/mzj/parks/data/parks.csv").read_text()
    # What was published before is still in the cache, for a return to it.
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n1,中心公园\n2,东公园\n")
    assert packaged(root, tmp_path / "out").reused == 3


def test_a_change_of_the_portals_name_or_address_packages_anew(root: Path, tmp_path: Path) -> None:
    packaged(root, tmp_path / "out")
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(
        root, "catalog.yaml", text.replace("https://data.example.org", "https://open.example.org")
    )
    assert packaged(root, tmp_path / "out").reused == 0


@pytest.mark.parametrize("harm", ["record", "file", "gone"])
def test_an_entry_that_is_not_whole_is_made_again(root: Path, tmp_path: Path, harm: str) -> None:
    first = packaged(root, tmp_path / "out")
    [entry] = [
        path.parent for path in (tmp_path / "out/cache/packages").glob(f"*/{RECORD}")
        if json.loads(path.read_bytes())["key"] == "mzj/parks"
    ]  # fmt: skip
    if harm == "record":
        (entry / RECORD).write_text('{"key": 1')
    elif harm == "file":
        (entry / "data/parks.csv").unlink()
        (entry / "data/parks.csv").write_text("cut")
    else:
        shutil.rmtree(entry)
    second = packaged(root, tmp_path / "out")
    assert second.reused == 2
    assert first.packages == second.packages


def test_a_dataset_that_is_gone_leaves_no_files(root: Path, tmp_path: Path) -> None:
    packaged(root, tmp_path / "out")
    shutil.rmtree(root / "datasets/jtj/permits")
    packaged(root, tmp_path / "out")
    assert not (tmp_path / "out/packages/jtj/permits").exists()


def test_a_package_is_the_same_after_it_was_written_down(root: Path, tmp_path: Path) -> None:
    for made in packaged(root, tmp_path / "out").packages.values():
        assert Package.from_dict(json.loads(json.dumps(made.as_dict()))) == made


def test_a_file_edited_in_the_packages_is_made_again(root: Path, tmp_path: Path) -> None:
    packaged(root, tmp_path / "out")
    before = files(tmp_path / "out/packages")
    place = tmp_path / "out/packages/mzj/parks/data/parks.csv"
    place.chmod(0o644)
    text = place.read_bytes()
    place.write_bytes(bytes(reversed(text)))
    assert place.stat().st_size == len(text)
    made = packaged(root, tmp_path / "out")
    assert made.reused == 2
    assert files(tmp_path / "out/packages") == before


def test_what_was_laid_out_before_is_not_touched_again(root: Path, tmp_path: Path) -> None:
    packaged(root, tmp_path / "out")
    folder = tmp_path / "out/packages/mzj/parks"
    before = folder.stat().st_mtime_ns
    packaged(root, tmp_path / "out")
    assert folder.stat().st_mtime_ns == before
    (folder / "data/stray").write_text("left here")
    packaged(root, tmp_path / "out")
    assert not (folder / "data/stray").exists()


def test_packages_are_shared_by_way_of_a_place(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_CACHE", str(tmp_path / "shared"))
    packaged(root, tmp_path / "one")
    again = packaged(root, tmp_path / "two")
    assert again.reused == 3
    assert files(tmp_path / "two/packages") == files(tmp_path / "one/packages")
    # What was harmed in the shared place is made again, not taken.
    [harmed] = (tmp_path / "shared").rglob("parks.csv")
    harmed.write_text("other")
    assert packaged(root, tmp_path / "three").reused == 2
    assert files(tmp_path / "three/packages") == files(tmp_path / "one/packages")


@pytest.mark.slow
def test_several_processes_give_the_same_bytes(root: Path, tmp_path: Path) -> None:
    many(root, 12)
    packaged(root, tmp_path / "one")
    packaged(root, tmp_path / "two", jobs=3)
    expected = files(tmp_path / "one/packages")
    assert len(expected) > 100
    assert files(tmp_path / "two/packages") == expected


@pytest.mark.slow
def test_a_build_that_was_killed_goes_on_where_it_stopped(root: Path, tmp_path: Path) -> None:
    many(root, 60)
    output = tmp_path / "out"
    command = [KAISHU, "build", "--root", str(root), "--output", str(output), "--jobs", "1"]
    started = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    cache = output / "cache/packages"
    deadline = time.monotonic() + 120
    while len(list(cache.glob(f"*/{RECORD}"))) < 10 and time.monotonic() < deadline:
        time.sleep(0.02)
    started.kill()
    started.wait()
    finished = len(list(cache.glob(f"*/{RECORD}")))
    assert 10 <= finished < 63
    assert not (output / "site").exists()
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert f"沿用 {finished} 个" in again.stdout
    assert (output / "site/index.html").is_file()
