"""The command sends what is public, and says what it sent."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal
from tests.publishing.sites import ONE, public, released
from tests.servers import KAISHU

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def publish(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [KAISHU, "publish", "--root", str(root), *arguments],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_the_public_release_is_sent(root: Path, tmp_path: Path) -> None:
    released(root / "build", ONE)
    target = tmp_path / "www"
    dry = publish(root, "--to", str(target), "--dry-run")
    assert dry.returncode == 0
    assert set(dry.stdout.splitlines()[:-1]) == {f"+ {path}" for path in ONE}
    assert not target.exists()
    done = publish(root, "--to", str(target))
    assert done.returncode == 0, done.stderr
    assert f"已发送 {len(ONE)} 个文件" in done.stdout
    assert done.stderr == ""
    assert public(target) == ONE


def test_without_a_release_it_says_what_to_do(root: Path, tmp_path: Path) -> None:
    done = publish(root, "--to", str(tmp_path / "www"))
    assert done.returncode == 1
    assert "kaishu build" in done.stderr


def test_wrong_targets_are_refused_with_their_form(root: Path) -> None:
    released(root / "build", ONE)
    for target in ("ftp://host/x", "s3://"):
        done = publish(root, "--to", target)
        assert done.returncode == 2, target
        assert target in done.stderr


@pytest.mark.slow
def test_a_sending_that_was_killed_is_not_public_and_goes_on(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "www"
    released(root / "build", ONE)
    assert publish(root, "--to", str(target)).returncode == 0
    # A machine may be so busy that all is sent before anybody looks; then there is another release.
    for attempt in range(10):
        before = public(target)
        many = {f"data/{n}.csv": f"{attempt},{n}\n" * 20_000 for n in range(300)}
        release = released(root / "build", many)
        staging = target / f".sending-{release.id}"
        command = [KAISHU, "publish", "--root", str(root), "--to", str(target)]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
            while running.poll() is None and len(list(staging.glob("data/[0-9]*.csv"))) < 5:
                pass
            running.kill()
        left = {path.name: path.stat().st_ino for path in staging.glob("data/[0-9]*.csv")}
        if left:
            break
    assert 5 <= len(left) < 300
    assert public(target) == before
    assert publish(root, "--to", str(target)).returncode == 0
    assert public(target).items() >= many.items()
    again = (target / "site").resolve()
    assert not list(again.rglob(".part-*"))
    assert {name: (again / "data" / name).stat().st_ino for name in left} == left
