"""What lies in a store is fetched by its hash, verified, and judged like any other file."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest
from tests.portals import files, git_commit, small_portal, write
from tests.s3 import BUCKET, s3

from kaishu.catalog.content import content_hash
from kaishu.catalog.load import load
from kaishu.packaging import stored
from kaishu.packaging.check import check_portal
from kaishu.packaging.store import COPIES
from kaishu.packaging.storing import put
from kaishu.publishing.build import build

# A server of S3 answers, in a process of its own.
pytestmark = pytest.mark.slow

__all__ = ["s3"]

PARKS = "datasets/mzj/parks"
FILE = f"{PARKS}/data/parks.csv"
ROWS = "code,name\n1,中心公园\n2,东公园\n"


@pytest.fixture(params=["folder", "s3"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A portal whose parks lie in a store, and nowhere else."""
    root = portal_of(request, tmp_path)
    put(root, load(root).portal, root / FILE)
    forget(root)
    return root


def portal_of(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A portal with a store of the kind that a fixture's parameter names."""
    if request.param == "s3":
        request.getfixturevalue("s3")
    url = f"s3://{BUCKET}/data" if request.param == "s3" else str(tmp_path / "store")
    return portal_with(tmp_path / "portal", url)


def portal_with(root: Path, url: str) -> Path:
    small_portal(root)
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", f"{text}stores: [{{id: archive, url: '{url}'}}]\n")
    return root


def forget(root: Path) -> None:
    """Nothing of the content is left on this machine."""
    (root / FILE).unlink(missing_ok=True)
    shutil.rmtree(root / COPIES, ignore_errors=True)


def errors(root: Path) -> list[tuple[str, int | None]]:
    return [(one.code, one.line) for one in check_portal(root)[1] if one.severity == "error"]


def store_of(root: Path) -> Path:
    return root.parent / "store"


def test_a_check_fetches_and_judges_what_is_in_the_store(root: Path) -> None:
    assert errors(root) == []
    assert (root / FILE).read_text() == ROWS
    # A table that is wrong is found wrong, as if it had been committed.
    forget(root)
    write(root, FILE, "code,name\nx,中心公园\n")
    put(root, load(root).portal, root / FILE)
    forget(root)
    assert "type-error" in [code for code, _line in errors(root)]


def test_what_was_fetched_once_is_not_fetched_again(root: Path) -> None:
    assert errors(root) == []
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", text.replace("url: '", "url: '/nowhere/").replace("s3://", ""))
    assert errors(root) == []
    # Nor where the file itself is gone: this machine has a copy.
    (root / FILE).unlink()
    assert errors(root) == []
    assert (root / FILE).read_text() == ROWS
    assert (root / FILE).stat().st_nlink == 2


def test_a_build_is_the_same_from_a_store_and_from_git(root: Path, tmp_path: Path) -> None:
    plain = portal_with(tmp_path / "plain", "/nowhere")
    shutil.copyfile(root / f"{PARKS}/datapackage.yaml", plain / f"{PARKS}/datapackage.yaml")
    plain_catalog = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(plain, "catalog.yaml", plain_catalog)
    write(root, f"{PARKS}/.gitignore", "/data/parks.csv\n")
    build(root, tmp_path / "one")
    build(plain, tmp_path / "two")
    name = "packages/mzj/parks"
    assert files(tmp_path / "one" / name) == files(tmp_path / "two" / name)


def test_the_reviewed_content_is_the_same_fetched_or_not(root: Path) -> None:
    before = content_hash(load(root).by_key["mzj/parks"])
    assert errors(root) == []
    assert content_hash(load(root).by_key["mzj/parks"]) == before


def test_a_file_that_somebody_works_on_is_kept_and_told(root: Path) -> None:
    assert errors(root) == []
    (root / FILE).unlink()
    write(root, FILE, "code,name\n3,西公园\n")
    [(code, line)] = errors(root)
    assert code == "content-changed"
    assert line is not None
    assert (root / FILE).read_text() == "code,name\n3,西公园\n"


def test_a_copy_of_an_earlier_version_gives_way_to_the_one_named(root: Path) -> None:
    assert errors(root) == []
    old = (root / f"{PARKS}/datapackage.yaml").read_text(encoding="utf-8")
    (root / FILE).unlink()
    write(root, FILE, "code,name\n3,西公园\n")
    put(root, load(root).portal, root / FILE)
    assert errors(root) == []
    write(root, f"{PARKS}/datapackage.yaml", old)
    assert errors(root) == []
    assert (root / FILE).read_text() == ROWS


def test_absent_content_is_told_at_its_line(root: Path) -> None:
    text = (root / f"{PARKS}/datapackage.yaml").read_text(encoding="utf-8")
    start = text.index("sha256:") + len("sha256:")
    write(root, f"{PARKS}/datapackage.yaml", f"{text[:start]}{'0' * 64}{text[start + 64 :]}")
    [(code, line)] = errors(root)
    assert code == "not-in-store"
    assert line == text[:start].count("\n") + 1


def test_a_hash_of_another_form_is_told(root: Path) -> None:
    text = (root / f"{PARKS}/datapackage.yaml").read_text(encoding="utf-8")
    write(root, f"{PARKS}/datapackage.yaml", text.replace("sha256:", "md5:"))
    write(root, FILE, ROWS)
    assert [code for code, _line in errors(root)] == ["unknown-hash"]


def test_without_a_store_a_missing_file_is_missing(root: Path) -> None:
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", text[: text.index("stores:")])
    assert [code for code, _line in errors(root)] == ["missing-file"]


def test_changed_and_unreachable_stores_are_told(tmp_path: Path) -> None:
    root = portal_with(tmp_path / "portal", str(tmp_path / "store"))
    put(root, load(root).portal, root / FILE)
    forget(root)
    [content] = [one for one in store_of(root).rglob("*/*/*") if one.is_file()]
    content.write_text("somebody else's")
    assert [code for code, _line in errors(root)] == ["store-failed"]
    assert not (root / FILE).exists()
    shutil.rmtree(store_of(root))
    store_of(root).write_text("no folder any more")
    assert [code for code, _line in errors(root)] == ["store-failed"]


def test_a_bucket_without_credentials_is_told(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = portal_with(tmp_path / "portal", f"s3://{BUCKET}/data")
    put(root, load(root).portal, root / FILE)
    forget(root)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    assert [code for code, _line in errors(root)] == ["store-failed"]


def test_a_harmed_copy_is_fetched_anew(root: Path) -> None:
    assert errors(root) == []
    (root / FILE).chmod(0o644)
    (root / FILE).write_text("harmed in place, and this machine's copy with it")
    (root / FILE).unlink()
    assert errors(root) == []
    assert (root / FILE).read_text() == ROWS


def test_copies_that_nothing_is_linked_to_go_after_a_while(root: Path) -> None:
    assert errors(root) == []
    [copy] = [one for one in (root / COPIES).rglob("*/*/*") if one.is_file()]
    moment = time.time() - 30 * 86_400
    os.utime(copy, (moment, moment))
    stored.prune(root / COPIES)
    assert copy.exists()


@pytest.mark.parametrize(
    "url", ["data/store", "http://example.org/x", "s3://me:" + "secret@bucket", "s3://"]
)
def test_a_store_is_s3_or_an_absolute_folder_without_credentials(tmp_path: Path, url: str) -> None:
    root = portal_with(tmp_path / "portal", url)
    assert [code for code, _line in errors(root)] == ["bad-value"]


@pytest.mark.slow
def test_a_new_version_in_the_store_is_published_and_compared_with_the_one_before(
    tmp_path: Path,
) -> None:
    root = portal_with(tmp_path / "portal", str(tmp_path / "store"))
    write(root, ".gitignore", "build/\n")
    put(root, load(root).portal, root / FILE)
    git_commit(root, "2026-03-02T09:00:00+08:00")
    build(root, root / "build")
    (root / FILE).unlink()
    write(root, FILE, f"{ROWS}3,西公园\n")
    put(root, load(root).portal, root / FILE)
    git_commit(root, "2026-04-05T09:00:00+08:00")
    forget(root)
    build(root, root / "build")
    site = root / "build/site/datasets/mzj/parks"
    assert (site / "data/parks.csv").read_text() == f"{ROWS}3,西公园\n"
    assert "新增 1 行" in (site / "index.html").read_text(encoding="utf-8")
    # What was fetched on the way is no change of the portal's.
    assert build(root, root / "build").unchanged
