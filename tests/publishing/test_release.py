"""Releases: whole, switched in one step, kept and pruned."""

from __future__ import annotations

import json
import os
import threading
from hashlib import sha256
from pathlib import Path

import pytest

from kaishu.base.errors import BuildError
from kaishu.publishing import copies
from kaishu.publishing import release as releases


def staged(output: Path, **files: str) -> Path:
    folder = output / f".staging-{len(list(output.glob('.staging-*')))}-{id(files)}"
    folder.mkdir(parents=True)
    for name, text in files.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def publish(output: Path, **files: str) -> releases.Release:
    release = releases.make(staged(output, **files), output, "inputs")
    releases.switch(output, release)
    return release


def test_the_manifest_holds_the_hash_of_every_public_file(tmp_path: Path) -> None:
    release = publish(tmp_path, index="hello", sub__page="there")
    assert release.manifest == {
        "index": sha256(b"hello").hexdigest(),
        "sub/page": sha256(b"there").hexdigest(),
    }
    assert releases.current(tmp_path) == release


def test_nothing_is_public_before_the_first_switch(tmp_path: Path) -> None:
    releases.make(staged(tmp_path, index="hello"), tmp_path, "inputs")
    assert releases.current(tmp_path) is None
    assert not (tmp_path / "site").exists()


def test_equal_files_make_the_same_release(tmp_path: Path) -> None:
    first = publish(tmp_path, index="one")
    publish(tmp_path, index="two")
    assert publish(tmp_path, index="one").id == first.id
    assert (tmp_path / "site/index").read_text() == "one"


def test_a_reader_sees_one_release_or_the_other_at_every_moment(tmp_path: Path) -> None:
    made = [publish(tmp_path, a=str(n), b=str(n)) for n in range(2)]
    mixed: list[tuple[str, str]] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            folder = tmp_path / (tmp_path / "site").readlink()
            seen = (folder / "a").read_text(), (folder / "b").read_text()
            if seen[0] != seen[1]:
                mixed.append(seen)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(500):
        releases.switch(tmp_path, made[n % 2])
    done.set()
    reader.join()
    assert mixed == []


def test_a_symbolic_link_is_never_public(tmp_path: Path) -> None:
    folder = staged(tmp_path, index="hello")
    (folder / "leak").symlink_to("/etc/hostname")
    with pytest.raises(BuildError, match="leak"):
        releases.make(folder, tmp_path, "inputs")


def test_a_site_folder_made_by_someone_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site/precious").write_text("mine")
    release = releases.make(staged(tmp_path, index="hello"), tmp_path, "inputs")
    with pytest.raises(BuildError):
        releases.switch(tmp_path, release)
    assert (tmp_path / "site/precious").read_text() == "mine"


def test_pruning_keeps_the_newest_and_always_the_public_one(tmp_path: Path) -> None:
    made = [publish(tmp_path, index=str(n)) for n in range(3)]
    for n, release in enumerate(made):
        os.utime(release.folder, (n, n))
    releases.switch(tmp_path, made[0])
    releases.prune(tmp_path, keep=1)
    left = {path.name for path in (tmp_path / "releases").iterdir()}
    assert left == {made[0].id, made[2].id}


def test_a_release_without_its_manifest_is_an_error(tmp_path: Path) -> None:
    release = publish(tmp_path, index="hello")
    (release.folder / "manifest.json").unlink()
    with pytest.raises(BuildError, match=release.id):
        releases.current(tmp_path)


def test_builds_of_one_folder_wait_for_each_other(tmp_path: Path) -> None:
    order: list[str] = []
    inside = threading.Event()

    def second() -> None:
        inside.wait()
        with releases.locked(tmp_path):
            order.append("second")

    thread = threading.Thread(target=second)
    thread.start()
    with releases.locked(tmp_path):
        inside.set()
        thread.join(timeout=0.3)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def inodes(site: Path) -> dict[str, int]:
    return {
        path.relative_to(site).as_posix(): path.stat().st_ino
        for path in sorted(site.rglob("*"))
        if path.is_file()
    }


def test_releases_share_what_they_have_in_common_and_nothing_else(tmp_path: Path) -> None:
    first = publish(tmp_path, same="same", sub__other="one", sub__gone="gone")
    releases.prepare(tmp_path)
    second = publish(tmp_path, same="same", sub__other="two", new="new")
    one, two = inodes(first.site), inodes(second.site)
    assert set(two) == {"same", "sub/other", "new"}
    assert one["same"] == two["same"]
    assert one["sub/other"] != two["sub/other"]
    assert (first.site / "sub/other").read_text() == "one"
    assert (second.site / "sub/other").read_text() == "two"


def test_a_release_made_of_an_earlier_ones_folder_holds_its_own_files_alone(
    tmp_path: Path,
) -> None:
    for n in range(releases.RELEASES_KEPT + 3):
        made = publish(tmp_path, **{f"only{n}": str(n), "same": "same", f"sub{n}__page": str(n)})
        releases.prune(tmp_path)
        releases.prepare(tmp_path)
        assert releases.manifest_of(made.site) == made.manifest
        for release, _made in releases.kept(tmp_path):
            assert releases.manifest_of(release.site) == release.manifest
        assert not [
            path for path in made.site.iterdir() if path.is_dir() and not any(path.iterdir())
        ]


def test_a_copy_that_was_not_finished_is_not_begun_from(tmp_path: Path) -> None:
    publish(tmp_path, page="one")
    releases.prepare(tmp_path)
    (tmp_path / copies.NEXT / "manifest.json").unlink()
    (tmp_path / copies.NEXT / "site" / "left").write_text("left by a build that was cut off")
    assert set(inodes(publish(tmp_path, page="two").site)) == {"page"}


def test_what_lies_elsewhere_is_public_without_being_staged(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_text("there")
    linked = {"a/b": releases.Linked(tmp_path / "elsewhere", sha256(b"there").hexdigest())}
    release = releases.make(staged(tmp_path, index="hello"), tmp_path, "inputs", linked=linked)
    assert (release.site / "a/b").read_text() == "there"
    assert releases.manifest_of(release.site) == release.manifest


def test_a_release_of_an_earlier_version_can_still_be_read(tmp_path: Path) -> None:
    release = publish(tmp_path, index="hello")
    (release.folder / "release.json").unlink()
    document = {"release": release.id, "inputs": "inputs", "files": dict(release.manifest)}
    (release.folder / "manifest.json").write_text(json.dumps(document))
    assert releases.current(tmp_path) == release


def test_with_enough_releases_the_next_one_is_made_of_the_oldest(tmp_path: Path) -> None:
    for n in range(releases.RELEASES_KEPT):
        publish(tmp_path, same="same", own=str(n))
        os.utime((tmp_path / "site").resolve().parent, (n, n))
    folders = {
        path.name: (path / "site").stat().st_ino for path in (tmp_path / "releases").iterdir()
    }
    made = publish(tmp_path, same="same", own="new")
    assert made.site.stat().st_ino in folders.values()
    assert releases.manifest_of(made.site) == made.manifest
    assert len(releases.kept(tmp_path)) == releases.RELEASES_KEPT


def test_a_second_copy_is_the_beginning_after_the_next(tmp_path: Path) -> None:
    publish(tmp_path, same="same", page="one")
    releases.prepare(tmp_path)
    releases.reserve(tmp_path)
    reserved = (tmp_path / copies.SPARE / "site").stat().st_ino
    publish(tmp_path, same="same", page="two")
    releases.prepare(tmp_path)
    assert (tmp_path / copies.NEXT / "site").stat().st_ino == reserved
    made = publish(tmp_path, page="three")
    assert made.site.stat().st_ino == reserved
    assert (
        releases.manifest_of(made.site) == made.manifest == {"page": sha256(b"three").hexdigest()}
    )


def test_a_second_copy_that_was_not_finished_is_not_begun_from(tmp_path: Path) -> None:
    publish(tmp_path, page="one")
    releases.prepare(tmp_path)
    releases.reserve(tmp_path)
    (tmp_path / copies.SPARE / "manifest.json").unlink()
    (tmp_path / copies.SPARE / "site" / "left").write_text("left by a build that was cut off")
    publish(tmp_path, page="two")
    assert set(inodes(publish(tmp_path, page="three").site)) == {"page"}


def test_no_second_copy_stays_once_an_earlier_release_can_be_taken(tmp_path: Path) -> None:
    publish(tmp_path, page="0")
    releases.prepare(tmp_path)
    releases.reserve(tmp_path)
    for n in range(1, releases.RELEASES_KEPT):
        assert (tmp_path / copies.SPARE).exists()
        publish(tmp_path, page=str(n))
        releases.prune(tmp_path)
        releases.prepare(tmp_path)
        releases.reserve(tmp_path)
    assert not (tmp_path / copies.SPARE).exists()
