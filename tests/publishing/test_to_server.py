"""A server reached by rsync over a real ssh: one release or the other, only what differs sent."""

from __future__ import annotations

import getpass
import shlex
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests import sshd
from tests.publishing.sites import AFTER, ONE, THREE, TWO, public, released

from kaishu.base.errors import StoreError
from kaishu.publishing import to_server

pytestmark = pytest.mark.slow


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An ssh server of this test's own; gives `user@host`, and the environment the way to it."""
    home = tmp_path / "ssh"
    home.mkdir(mode=0o700)
    sshd.key(home / "own")
    with sshd.serving(home, home / "own.pub") as port:
        monkeypatch.setenv("RSYNC_RSH", shlex.join(sshd.client(home, "own", port)))
        yield f"{getpass.getuser()}@127.0.0.1"


def test_the_server_holds_one_release_then_the_next(server: str, tmp_path: Path) -> None:
    www, scratch = tmp_path / "the www", tmp_path / "scratch"
    found = to_server.send(released(tmp_path / "out", ONE), f"{server}:{www}", scratch)
    assert set(found.changed) == set(ONE)
    assert public(www) == ONE
    modes = {path.stat().st_mode & 0o777 for path in (www / "site").resolve().rglob("*.*")}
    assert modes == {0o644}
    before = (www / "site/datasets/a/data.csv").stat().st_ino
    found = to_server.send(released(tmp_path / "out", TWO), f"{server}:{www}/", scratch)
    assert set(found.changed) == set(TWO) - {"datasets/a/data.csv"}
    assert found.gone == ("old/index.html",)
    assert public(www) == AFTER
    # What is the same was not sent, but linked.
    assert (www / "site/datasets/a/data.csv").stat().st_ino == before
    again = to_server.send(released(tmp_path / "out", TWO), f"{server}:{www}", scratch)
    assert (again.changed, again.gone) == ((), ())
    to_server.send(released(tmp_path / "out", THREE), f"{server}:{www}", scratch)
    assert public(www) == THREE


def test_equal_sizes_are_told_apart(server: str, tmp_path: Path) -> None:
    www, scratch = tmp_path / "www", tmp_path / "scratch"
    for text in ("first", "third"):
        to_server.send(released(tmp_path / "out", {"index.html": text}), f"{server}:{www}", scratch)
        assert public(www) == {"index.html": text}


def test_a_dry_run_changes_nothing(server: str, tmp_path: Path) -> None:
    www, scratch = tmp_path / "www", tmp_path / "scratch"
    release = released(tmp_path / "out", ONE)
    found = to_server.send(release, f"{server}:{www}", scratch, dry_run=True)
    assert set(found.changed) == set(ONE)
    assert not www.exists()


def test_an_interrupted_sending_is_not_public_and_goes_on(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    www, scratch = tmp_path / "www", tmp_path / "scratch"
    to_server.send(released(tmp_path / "out", ONE), f"{server}:{www}", scratch)
    two = released(tmp_path / "out", TWO)

    def power_cut(_self: object, _release: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(to_server._Server, "publish", power_cut)
        to_server.send(two, f"{server}:{www}", scratch)
    assert public(www) == ONE
    sent = www / "releases" / two.id / "site/index.html"
    before = sent.stat().st_ino
    to_server.send(two, f"{server}:{www}", scratch)
    assert public(www) == AFTER
    assert sent.stat().st_ino == before


def test_a_reader_never_sees_a_mixture(server: str, tmp_path: Path) -> None:
    www, scratch = tmp_path / "www", tmp_path / "scratch"
    made = [
        released(tmp_path / "out", {f"p{n}": f"{which}" for n in range(20)})
        for which in ("one", "two")
    ]
    to_server.send(made[0], f"{server}:{www}", scratch)
    mixed, done = [], threading.Event()

    def read() -> None:
        while not done.is_set():
            folder = www / (www / "site").readlink()
            seen = {(folder / f"p{n}").read_text() for n in range(20)}
            if len(seen) != 1:
                mixed.append(seen)

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(1, 5):
        to_server.send(made[n % 2], f"{server}:{www}", scratch)
    done.set()
    reader.join()
    assert mixed == []


def test_old_releases_go_and_a_server_that_refuses_is_said(server: str, tmp_path: Path) -> None:
    www, scratch = tmp_path / "www", tmp_path / "scratch"
    for n in range(5):
        to_server.send(
            released(tmp_path / "out", {"index.html": str(n)}), f"{server}:{www}", scratch
        )
    kept = {one.name for one in (tmp_path / "out/releases").iterdir()}
    assert {one.name for one in (www / "releases").iterdir()} == kept
    assert len(kept) == 3
    assert public(www) == {"index.html": "4"}
    with pytest.raises(StoreError, match="nobody@"):
        to_server.send(released(tmp_path / "out", ONE), f"nobody@127.0.0.1:{www}", scratch)
