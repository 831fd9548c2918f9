"""Whatever is cut off in the middle, the repository stays whole and the public site is one release."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import resource
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

import psutil
import pytest
from tests.gate.conftest import JTJ, MZJ, OPERATOR, Clone, git
from tests.gate.test_publish import public  # noqa: F401
from tests.gate.test_push import PARKS, tip
from tests.gate.together import assert_all_are_there, push_at_once
from werkzeug.test import Client

from kaishu.backend.static import ReleaseFiles
from kaishu.gate import log
from kaishu.gate import settings as gate_settings
from kaishu.gate.settings import Settings
from kaishu.publishing import release as releases

pytestmark = pytest.mark.slow
Make = Callable[..., Clone]


def pushing(one: Clone) -> subprocess.Popen[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return subprocess.Popen(
        ["git", "-C", str(one.folder), "push", "origin", "HEAD:main"],
        env={**environment, "KAISHU_PUSHER": one.person, "LC_ALL": "C.UTF-8"},
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def killed(push: subprocess.Popen[str], hook: str, when: Callable[[], bool]) -> str:
    """Kill the hook of this push as soon as it runs and `when` is so; what the pusher was told."""
    while push.poll() is None:
        with contextlib.suppress(psutil.NoSuchProcess):
            for process in psutil.Process(push.pid).children(recursive=True):
                if hook in process.cmdline() and when():
                    process.send_signal(signal.SIGKILL)
                    return push.communicate()[1]
    raise AssertionError(f"{hook} was never seen: {push.communicate()[1]}")


def add_row(one: Clone, row: str) -> None:
    one.write(PARKS, (one.folder / PARKS).read_text(encoding="utf-8") + f"{row}\n")
    one.commit()


def is_whole(output: Path) -> bool:
    found = releases.current(output)
    return found is not None and releases.manifest_of(found.site) == found.manifest


def test_a_hook_killed_in_the_middle_takes_nothing(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    add_row(mz, "9,新公园")
    before = tip(bare)
    push = pushing(mz)
    killed(push, "pre-receive", lambda: True)
    assert push.returncode != 0
    assert tip(bare) == before
    assert git(bare, "fsck", "--strict").returncode == 0
    assert mz.push().returncode == 0
    assert tip(bare) == mz.git("rev-parse", "HEAD")


def test_a_build_killed_in_the_middle_leaves_the_release_before(
    bare: Path,
    public: Path,  # noqa: F811
    clone: Make,
) -> None:
    mz, output = clone(MZJ), public / "build"
    add_row(mz, "9,新公园")
    assert mz.push().returncode == 0
    before = (output / "site").readlink()
    add_row(mz, "10,再新的公园")
    killed(pushing(mz), "post-receive", lambda: any(output.glob(".staging-*")))
    assert is_whole(output)
    killed_at = (output / "site").readlink()
    add_row(mz, "11,最新的公园")
    done = mz.push()
    assert done.returncode == 0, done.stderr
    assert is_whole(output)
    assert (output / "site").readlink() not in (before, killed_at)
    page = (output / "site" / PARKS).read_text(encoding="utf-8")
    assert "再新的公园" in page
    assert "最新的公园" in page
    assert not list(output.glob(".staging-*"))


@dataclass
class Disk:
    """A disk of 96 MB, or, where nothing may be mounted, a limit on the size of files."""

    folder: Path
    mounted: bool

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """Nothing more can be written meanwhile."""
        if self.mounted:
            path = self.folder / "filler"
            with contextlib.suppress(OSError), path.open("wb", buffering=0) as target:
                while target.write(b"\0" * 65536):
                    pass
            yield
            path.unlink()
            return
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=96m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    yield Disk(folder, mounted)
    if mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_leaves_the_public_site_whole_and_is_said(
    bare: Path, clone: Make, small_disk: Disk
) -> None:
    portal = small_disk.folder / "portal"
    settings = Settings(operators=(OPERATOR,), portal=str(portal))
    (bare / gate_settings.FILE).write_text(gate_settings.as_yaml(settings), encoding="utf-8")
    mz = clone(MZJ)
    add_row(mz, "9,新公园")
    done = mz.push()
    assert "已发布版本" in done.stderr, done.stderr
    before = (portal / "build/site").readlink()
    add_row(mz, "10,再新的公园")
    with small_disk.full():
        done = mz.push()
    assert done.returncode == 0
    assert "公开的网站保持原样" in done.stderr
    assert (portal / "build/site").readlink() == before
    assert is_whole(portal / "build")
    assert "unpublished" in list(log.read(bare))[-1]
    add_row(mz, "11,最新的公园")
    assert "已发布版本" in mz.push().stderr
    assert "再新的公园" in (portal / "build/site" / PARKS).read_text(encoding="utf-8")


def test_what_cannot_be_logged_is_refused_and_it_is_said_why(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    add_row(mz, "9,新公园")
    before = tip(bare)
    (bare / log.FILE).rename(bare / "kept")
    (bare / log.FILE).mkdir()
    done = mz.push()
    assert done.returncode != 0
    assert tip(bare) == before
    assert "自身出错" in done.stderr
    (bare / log.FILE).rmdir()
    assert mz.push().returncode == 0


class Reader(threading.Thread):
    """Fetches pages and follows their links, over and over, until it is stopped."""

    def __init__(self, output: Path) -> None:
        super().__init__(daemon=True)
        self.client = Client(ReleaseFiles(output))
        self.stopped = threading.Event()
        self.failed: list[str] = []
        self.fetched: dict[tuple[str, str], bytes] = {}
        self.rounds = 0

    def run(self) -> None:
        while not self.stopped.is_set() or not self.rounds:
            self._round()
            self.rounds += 1

    def _round(self) -> None:
        waiting, seen = ["/"], {"/"}
        while waiting:
            address = waiting.pop()
            answer = self.client.get(address)
            if answer.status_code != 200:
                self.failed.append(f"{answer.status_code} {address}")
                continue
            etag = answer.headers.get("ETag", "").strip('"')
            self.fetched[address.partition("?")[0], etag] = answer.data
            if not answer.headers["Content-Type"].startswith("text/html"):
                continue
            for link in re.findall(r'(?:href|src)="([^"#]+)"', answer.text):
                target = urljoin(address, link.replace("&amp;", "&"))
                is_here = target.startswith("/") and not target.startswith(("/cases", "/desk"))
                if is_here and target not in seen:
                    seen.add(target)
                    waiting.append(target)


def test_a_reader_never_meets_a_failed_link_or_half_a_release(
    bare: Path,
    public: Path,  # noqa: F811
    clone: Make,
) -> None:
    mz, output = clone(MZJ), public / "build"
    add_row(mz, "9,新公园")
    assert mz.push().returncode == 0
    reader = Reader(output)
    reader.start()
    known: dict[str, set[str]] = {}

    def remember() -> None:
        for one, _made in releases.kept(output):
            for path, sha256 in one.manifest.items():
                known.setdefault(path, set()).add(sha256)

    for n in range(3):
        add_row(mz, f"{20 + n},第{n}座新公园")
        remember()
        assert mz.push().returncode == 0
        remember()
    reader.stopped.set()
    reader.join()
    assert not reader.failed
    assert reader.rounds
    for (address, _etag), content in reader.fetched.items():
        path = address.lstrip("/")
        path = f"{path}index.html" if not path or path.endswith("/") else path
        assert hashlib.sha256(content).hexdigest() in known[path], path
    pages = {address for address, _etag in reader.fetched}
    assert len(pages) > 30


def test_many_people_push_at_once_and_one_history_holds_them_all(bare: Path, clone: Make) -> None:
    push_at_once(clone(MZJ), clone(JTJ), clone(OPERATOR))
    assert_all_are_there(bare)
