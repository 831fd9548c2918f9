"""A file goes into the store, its hash into the descriptor, and nothing else is touched."""

from __future__ import annotations

import shutil
import subprocess
from hashlib import sha256
from pathlib import Path

import pytest
from tests.portals import OPEN, git_commit, small_portal, write
from tests.servers import KAISHU

from kaishu.base.errors import NotFound, StoreError, UsageError
from kaishu.catalog.load import load
from kaishu.packaging.storing import put, with_facts

FACTS: dict[str, str | int] = {"hash": "sha256:ab", "bytes": 5}
PARKS = "datasets/mzj/parks"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", f"{text}stores: [{{id: disk, url: {tmp_path / 'store'}}}]\n")
    return root


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "resources:\n  - name: a\n    path: a.csv  # 原始\n    schema: {}\n",
            (
                "resources:\n  - name: a\n    path: a.csv  # 原始\n"
                '    hash: "sha256:ab"\n    bytes: 5\n    schema: {}\n'
            ),
        ),
        (
            "resources:\n- path: a.csv",
            'resources:\n- path: a.csv\n  hash: "sha256:ab"\n  bytes: 5',
        ),
        (
            "resources: [{path: a.csv, name: a}]\n",
            'resources: [{path: a.csv, hash: "sha256:ab", bytes: 5, name: a}]\n',
        ),
        (
            '{"resources": [{"name": "a", "path": "a.csv"}]}',
            '{"resources": [{"name": "a", "path": "a.csv", "hash": "sha256:ab", "bytes": 5}]}',
        ),
        (
            "resources:\n  - hash: sha256:old\n    path: a.csv\n    bytes: 77  # 旧\n",
            'resources:\n  - hash: "sha256:ab"\n    path: a.csv\n    bytes: 5  # 旧\n',
        ),
    ],
)
def test_facts_are_written_where_a_person_would(before: str, after: str) -> None:
    assert with_facts(before, 0, FACTS) == after


def test_what_is_put_in_is_there_and_named(root: Path, tmp_path: Path) -> None:
    file = root / PARKS / "data/parks.csv"
    done = put(root, load(root).portal, file)
    digest = sha256(file.read_bytes()).hexdigest()
    assert (done.path, done.digest, done.store) == ("data/parks.csv", digest, "disk")
    assert (tmp_path / f"store/sha256/{digest[:2]}/{digest}").read_bytes() == file.read_bytes()
    text = (root / PARKS / "datapackage.yaml").read_text(encoding="utf-8")
    size = file.stat().st_size
    assert text == OPEN.replace(
        "    path: data/parks.csv\n",
        f'    path: data/parks.csv\n    hash: "sha256:{digest}"\n    bytes: {size}\n',
    )
    assert (root / PARKS / ".gitignore").read_text() == "/data/parks.csv\n"
    # Once more changes nothing.
    put(root, load(root).portal, file)
    assert (root / PARKS / "datapackage.yaml").read_text(encoding="utf-8") == text
    assert (root / PARKS / ".gitignore").read_text() == "/data/parks.csv\n"


def test_a_store_that_refuses_leaves_the_descriptor_as_it_was(root: Path, tmp_path: Path) -> None:
    (tmp_path / "store").write_text("a file where a folder should be")
    with pytest.raises(StoreError):
        put(root, load(root).portal, root / PARKS / "data/parks.csv")
    assert (root / PARKS / "datapackage.yaml").read_text(encoding="utf-8") == OPEN
    assert not (root / PARKS / ".gitignore").exists()


def test_what_cannot_be_put_in_is_said(root: Path, tmp_path: Path) -> None:
    portal = load(root).portal
    write(root, f"{PARKS}/data/other.csv", "x\n")
    write(tmp_path, "outside.csv", "x\n")
    with pytest.raises(NotFound, match=r"data/other\.csv"):
        put(root, portal, root / PARKS / "data/other.csv")
    with pytest.raises(NotFound, match=r"outside\.csv"):
        put(root, portal, tmp_path / "outside.csv")
    with pytest.raises(UsageError, match=r"tape.*disk"):
        put(root, portal, root / PARKS / "data/parks.csv", "tape")
    with pytest.raises(UsageError, match=r"stores: \[\{id"):
        put(root, portal.model_copy(update={"stores": ()}), root / PARKS / "data/parks.csv")


def test_the_command_says_what_is_left_to_do(root: Path) -> None:
    git_commit(root, "2026-03-02T09:00:00+08:00")
    file = root / PARKS / "data/parks.csv"
    command = [KAISHU, "store", "put", str(file), "--root", str(root)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "git rm --cached" in done.stdout
    assert sha256(file.read_bytes()).hexdigest() in done.stdout
    assert done.stderr == ""
    subprocess.run(["git", "-C", str(root), "rm", "-q", "--cached", str(file)], check=True)
    git_commit(root, "2026-03-03T09:00:00+08:00")
    again = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "git rm --cached" not in again.stdout
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files"], capture_output=True, text=True, check=True
    ).stdout
    assert "parks.csv" not in listed


def killed_at(command: list[str], folder: Path, pattern: str) -> bool:
    """Kill a command once a file of the pattern lies below `folder`; whether it was in time."""
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while running.poll() is None:
        if next(folder.rglob(pattern), None) is not None:
            running.kill()
            return running.wait() != 0
    return False


LINES = "".join(f"{n},第{n}个公园\n" for n in range(100_000))


@pytest.mark.slow
def test_a_killed_put_leaves_nothing_half_written_and_can_be_said_again(
    root: Path, tmp_path: Path
) -> None:
    file = root / PARKS / "data/parks.csv"
    file.write_text("code,name\n" + LINES * 20, encoding="utf-8")
    command = [KAISHU, "store", "put", str(file), "--root", str(root)]
    store, in_time = tmp_path / "store", False
    for _attempt in range(5):
        in_time = killed_at(command, store, ".part-*")
        if in_time:
            break
        shutil.rmtree(store)
    assert in_time
    assert [
        one for one in store.rglob("*") if one.is_file() and not one.name.startswith(".part-")
    ] == []
    assert (root / PARKS / "datapackage.yaml").read_text(encoding="utf-8") == OPEN
    subprocess.run(command, check=True, capture_output=True)
    digest = sha256(file.read_bytes()).hexdigest()
    assert sha256((store / f"sha256/{digest[:2]}/{digest}").read_bytes()).hexdigest() == digest


@pytest.mark.slow
def test_a_killed_add_leaves_no_dataset(root: Path, tmp_path: Path) -> None:
    table = tmp_path / "gongyuan.csv"
    table.write_text("编号,名称\n" + LINES, encoding="utf-8")
    command = [KAISHU, "add", str(table), "--department", "mzj", "--root", str(root)]
    assert killed_at(command, root / "datasets/mzj", "gongyuan/data")
    assert not (root / "datasets/mzj/gongyuan").exists()
    # What was begun is no dataset to anybody.
    assert len(load(root).datasets) == 3
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert len(load(root).datasets) == 4
