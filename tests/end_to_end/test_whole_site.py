"""The public site is whole at every moment, as readers meet it over HTTP while others publish.

Departments and the operator push to a bare repository whose gate builds; `kaishu serve` serves what
it built. Meanwhile readers fetch pages and follow every link in them, also those of pages that they
fetched before a release was switched.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

import pytest
from tests.gate.conftest import MZJ, OPERATOR, Clone, bare, clone
from tests.gate.test_publish import public
from tests.gate.test_robust import add_row, is_whole
from tests.portals import OPEN
from tests.servers import serving

from kaishu.publishing import release as releases

__all__ = ["bare", "clone", "public"]

pytestmark = pytest.mark.slow

KAISHU = str(Path(sys.executable).with_name("kaishu"))
PARKS, VISITS, PERMITS = (f"datasets/{key}" for key in ("mzj/parks", "mzj/visits", "jtj/permits"))
READERS = 2


class Reader(threading.Thread):
    """Fetches the home page and follows every link of every page, over and over.

    Each round begins with the links of the round before, as of pages that stayed open meanwhile.
    """

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.host = urlsplit(url).netloc
        self.stopped = threading.Event()
        self.failed: list[str] = []
        # Path → hashes of all that was answered there.
        self.answers: dict[str, set[str]] = {}
        self.opened: list[tuple[str, str]] = []
        self.rounds, self.ended = 0, False
        self.turned = threading.Condition()

    def run(self) -> None:
        self.connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            while not self.stopped.is_set() or not self.rounds:
                self._round()
                with self.turned:
                    self.rounds += 1
                    self.turned.notify_all()
        finally:
            self.connection.close()
            with self.turned:
                self.ended = True
                self.turned.notify_all()

    def wait_for_rounds(self, count: int) -> None:
        """Until so many more rounds were begun and ended."""
        with self.turned:
            wanted = self.rounds + 1 + count
            self.turned.wait_for(lambda: self.rounds >= wanted or self.ended)

    def _round(self) -> None:
        waiting = [*dict(self.opened).items(), ("/", "the start")]
        self.opened = []
        seen = {address for address, _page in waiting}
        while waiting:
            address, page = waiting.pop()
            status, kind, place, content = self._get(address)
            if status != 200:
                self.failed.append(f"{status} {address} on {page}")
                continue
            path = unquote(urlsplit(place).path.lstrip("/"))
            path = f"{path}index.html" if not path or path.endswith("/") else path
            self.answers.setdefault(path, set()).add(hashlib.sha256(content).hexdigest())
            if not kind.startswith("text/html"):
                continue
            for link in re.findall(r'(?:href|src)="([^"#]+)"', content.decode()):
                target = urljoin(place, link.replace("&amp;", "&"))
                ours = target.startswith("/") and not target.startswith(("/cases", "/desk"))
                if ours:
                    self.opened.append((target, place))
                if ours and target not in seen:
                    seen.add(target)
                    waiting.append((target, place))

    def _get(self, address: str) -> tuple[int, str, str, bytes]:
        """Status, type, address in the end, content."""
        for _redirect in range(5):
            self.connection.request("GET", quote(address, safe="/?=&%"))
            answer = self.connection.getresponse()
            content = answer.read()
            if answer.status not in (303, 307, 308):
                break
            address = urljoin(address, answer.headers["Location"])
        return answer.status, answer.headers.get("Content-Type", ""), address, content


def edit(one: Clone, path: str, old: str, new: str) -> None:
    text = (one.folder / path).read_text(encoding="utf-8")
    assert old in text
    one.write(path, text.replace(old, new))


def publish(one: Clone, message: str) -> None:
    one.commit(message)
    done = one.push()
    assert done.returncode == 0, done.stderr
    assert "已发布版本" in done.stderr, done.stderr


def new_dataset(mz: Clone, name: str) -> None:
    entry = OPEN.replace("name: parks\n", f"name: {name}\n", 1).replace("id: 6f1f", "id: 8888")
    mz.write(f"datasets/mzj/{name}/datapackage.yaml", entry.replace("城市公园", "郊野公园"))
    mz.write(f"datasets/mzj/{name}/data/parks.csv", "code,name\n1,西山公园\n")
    publish(mz, "新的数据集")


def withdraw(mz: Clone) -> None:
    edit(
        mz,
        f"{PARKS}/datapackage.yaml",
        "  update_cycle",
        "  withdrawn: {date: 2026-03-02, reason: 停止采集}\n  update_cycle",
    )
    shutil.rmtree(mz.folder / PARKS / "data")
    publish(mz, "停止公开")


def merge_departments(ops: Clone) -> None:
    """The department of transport becomes a part of that of civil affairs."""
    ops.git("pull", "-q", "--rebase")
    ops.git("mv", PERMITS, "datasets/mzj/permits")
    edit(
        ops,
        "datasets/mzj/permits/datapackage.yaml",
        "  update_cycle",
        "  aliases: [jtj/permits]\n  update_cycle",
    )
    catalogue = (ops.folder / "catalog.yaml").read_text(encoding="utf-8")
    lines = [line for line in catalogue.splitlines() if "id: jtj" not in line]
    lines.append("former_departments: [{id: jtj, merged_into: mzj}]")
    ops.write("catalog.yaml", "\n".join(lines) + "\n")
    publish(ops, "机构改革")


def remember(output: Path, known: dict[str, set[str]]) -> None:
    """Add what every release that is kept now holds: path → hashes of its contents."""
    for one, _made in releases.kept(output):
        for path, digest in one.manifest.items():
            known.setdefault(path, set()).add(digest)


def test_readers_meet_one_whole_release_whatever_is_published(
    bare: Path,
    public: Path,
    clone: Callable[..., Clone],
) -> None:
    mz, ops, output = clone(MZJ), clone(OPERATOR), public / "build"
    add_row(mz, "9,新公园")
    assert "已发布版本" in mz.push().stderr
    known: dict[str, set[str]] = {}
    remember(output, known)

    def rollback(*release: str) -> None:
        command = [KAISHU, "rollback", *release, "--root", str(public)]
        subprocess.run(command, check=True, capture_output=True)

    def rows(count: int) -> None:
        for n in range(count):
            mz.git("pull", "-q", "--rebase")
            path = mz.folder / VISITS / "datapackage.yaml"
            text = path.read_text(encoding="utf-8")
            path.write_text(re.sub("(?m)^title: .*", f"title: 公园客流明细第{n}版", text))
            publish(mz, "多次更新")
            remember(output, known)

    steps: list[Callable[[], object]] = [
        lambda: new_dataset(mz, "hills"),
        lambda: withdraw(mz),
        rollback,
        lambda: rows(2),
        lambda: merge_departments(ops),
        rollback,
        lambda: rows(4),
    ]
    with serving(public) as served:
        readers = [Reader(served.url) for _n in range(READERS)]
        for one in readers:
            one.start()
        for step in steps:
            step()
            remember(output, known)
            assert is_whole(output)
            for one in readers:
                one.wait_for_rounds(1)
        for one in readers:
            one.stopped.set()
        for one in readers:
            one.join()
    assert [one.failed for one in readers] == [[]] * READERS
    for one in readers:
        assert one.rounds > len(steps)
        strange = {path for path, found in one.answers.items() if not found <= known[path]}
        assert not strange
    seen = {path for one in readers for path in one.answers}
    # They were there before the withdrawal, and after the reorganisation.
    assert f"{PARKS}/data/parks.csv" in seen
    assert "datasets/mzj/permits/index.html" in seen
    table = json.loads((output / "site/redirects.json").read_bytes())
    assert table == {
        f"{PERMITS}/": "datasets/mzj/permits/",
        "departments/jtj/": "departments/mzj/",
        f"{PARKS}/": f"{PARKS}/",
    }
