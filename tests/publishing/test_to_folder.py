"""A folder holds one release or the other; what is the same is not copied again."""

from __future__ import annotations

import shutil
import threading
from pathlib import Path

import pytest
from tests.publishing.sites import AFTER, ONE, THREE, TWO, public, released

from kaishu.base.errors import BuildError, StoreError, UsageError
from kaishu.publishing import to_folder


def test_the_folder_holds_the_release(tmp_path: Path) -> None:
    found = to_folder.send(released(tmp_path / "out", ONE), tmp_path / "www")
    assert set(found.changed) == set(ONE)
    assert found.changed[-1] == "index.html"
    assert public(tmp_path / "www") == ONE
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "www/site").resolve().rglob("*.*")}
    assert modes == {0o644}


def test_only_what_differs_is_copied(tmp_path: Path) -> None:
    to_folder.send(released(tmp_path / "out", ONE), tmp_path / "www")
    before = (tmp_path / "www/site/datasets/a/data.csv").stat().st_ino
    found = to_folder.send(released(tmp_path / "out", TWO), tmp_path / "www")
    assert set(found.changed) == set(TWO) - {"datasets/a/data.csv"}
    assert found.gone == ("old/index.html",)
    assert public(tmp_path / "www") == AFTER
    assert (tmp_path / "www/site/datasets/a/data.csv").stat().st_ino == before
    again = to_folder.send(released(tmp_path / "out", TWO), tmp_path / "www")
    assert (again.changed, again.gone, again.size) == ((), (), 0)
    to_folder.send(released(tmp_path / "out", THREE), tmp_path / "www")
    assert public(tmp_path / "www") == THREE


def test_a_dry_run_changes_nothing(tmp_path: Path) -> None:
    found = to_folder.send(released(tmp_path / "out", ONE), tmp_path / "www", dry_run=True)
    assert set(found.changed) == set(ONE)
    assert not (tmp_path / "www").exists()


def test_what_was_sent_before_an_interruption_is_not_sent_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_folder.send(released(tmp_path / "out", ONE), tmp_path / "www")
    two = released(tmp_path / "out", TWO)
    copy, copied = shutil.copyfile, []

    def power_cut(source: Path, target: Path) -> None:
        if len(copied) == 2:
            target.write_text("half")
            raise KeyboardInterrupt
        copied.append(target.name)
        copy(source, target)

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(shutil, "copyfile", power_cut)
        to_folder.send(two, tmp_path / "www")
    assert public(tmp_path / "www") == ONE
    copied.clear()
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copyfile", lambda *one: (copied.append(""), copy(*one)))
        to_folder.send(two, tmp_path / "www")
    assert len(copied) == 2
    assert public(tmp_path / "www") == AFTER
    assert not list((tmp_path / "www").glob(".sending-*"))


def test_a_reader_never_sees_a_mixture(tmp_path: Path) -> None:
    output = tmp_path / "out"
    made = [released(output, {f"p{n}": f"{which}" for n in range(20)}) for which in ("one", "two")]
    target = tmp_path / "www"
    to_folder.send(made[0], target)
    mixed, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            folder = target / (target / "site").readlink()
            seen = {(folder / f"p{n}").read_text() for n in range(20)}
            if len(seen) != 1:
                mixed.append(seen)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(40):
        to_folder.send(made[n % 2], target)
    done.set()
    reader.join()
    assert mixed == []


def test_what_is_no_longer_kept_here_goes_there_and_the_public_one_stays(tmp_path: Path) -> None:
    """As after a purge, which leaves no release with the data that were published by mistake."""
    here, there = tmp_path / "out/releases", tmp_path / "www/releases"
    for n in range(3):
        to_folder.send(released(tmp_path / "out", {"index.html": str(n)}), tmp_path / "www")
    assert len(list(there.iterdir())) == 3
    for folder in here.iterdir():
        shutil.rmtree(folder)
    to_folder.send(released(tmp_path / "out", {"index.html": "3"}), tmp_path / "www")
    assert [one.name for one in there.iterdir()] == [one.name for one in here.iterdir()]
    assert public(tmp_path / "www") == {"index.html": "3"}


def test_what_is_not_ours_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "www/site").mkdir(parents=True)
    (tmp_path / "www/site/precious").write_text("mine")
    with pytest.raises(BuildError, match="site"):
        to_folder.send(released(tmp_path / "out", ONE), tmp_path / "www")
    assert (tmp_path / "www/site/precious").read_text() == "mine"


def test_what_cannot_be_used_is_said(tmp_path: Path) -> None:
    release = released(tmp_path / "out", ONE)
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="file"):
        to_folder.send(release, tmp_path / "file")
    with pytest.raises(UsageError, match="out"):
        to_folder.send(release, tmp_path / "out")
    (release.site / "index.html").write_text("changed by hand")
    with pytest.raises(StoreError, match=r"index\.html"):
        to_folder.send(release, tmp_path / "www")
    shutil.rmtree(release.folder)
    with pytest.raises(BuildError, match=release.id):
        to_folder.send(release, tmp_path / "www")
