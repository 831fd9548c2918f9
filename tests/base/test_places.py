"""A folder and a bucket are used the same way; what cannot be used is said."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
from tests.s3 import BUCKET, s3

from kaishu.base.errors import StoreError, UsageError
from kaishu.base.places import Place, place

__all__ = ["s3"]


@pytest.fixture(params=["folder", "file", "bucket", "prefix"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    if request.param in ("bucket", "prefix"):
        request.getfixturevalue("s3")
    urls = {
        "folder": "shared/files",
        "file": (tmp_path / "其他").as_uri(),
        "bucket": f"s3://{BUCKET}",
        "prefix": f"s3://{BUCKET}/some/where",
    }
    return place(urls[request.param], root=tmp_path)


def test_what_was_put_is_there_and_nothing_else(where: Place, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"abc")
    assert not where.has("a/b")
    assert where.read("a/b") is None
    assert where.names() == {}
    where.put(source, "a/b")
    where.write("a/数据.csv", b"def")
    assert where.has("a/b")
    assert not where.has("a")
    assert set(where.names()) == {"a/b", "a/数据.csv"}
    assert set(where.names("a")) == {"a/b", "a/数据.csv"}
    assert where.read("a/数据.csv") == b"def"
    assert where.get("a/b", target)
    assert target.read_bytes() == b"abc"
    assert not where.get("a/c", target)
    assert where.copy("a/数据.csv", "c/d")
    assert where.read("c/d") == b"def"
    assert not where.copy("never/there", "c/e")
    where.remove(["a/b", "c/d", "never/there"])
    assert set(where.names()) == {"a/数据.csv"}


def test_a_place_can_be_used_from_another_process(where: Place) -> None:
    where.write("a", b"abc")
    assert pickle.loads(pickle.dumps(where)).read("a") == b"abc"


def test_headers_reach_the_bucket(s3: Any, tmp_path: Path) -> None:
    (tmp_path / "page").write_text("hello")
    bucket = place(f"s3://{BUCKET}/site")
    bucket.put(tmp_path / "page", "index.html", {"ContentType": "text/html", "CacheControl": "x"})
    bucket.copy("index.html", "copy.html")
    bucket.write("note", b"", {"ContentType": "text/html", "CacheControl": "x"})
    for name in ("index.html", "copy.html", "note"):
        facts = s3.call_s3("head_object", Bucket=BUCKET, Key=f"site/{name}")
        assert (facts["ContentType"], facts["CacheControl"]) == ("text/html", "x")


def test_a_bucket_that_does_not_exist_is_said(s3: Any) -> None:
    for use in (lambda one: one.names(), lambda one: one.write("a", b"")):
        with pytest.raises(StoreError, match="s3://nowhere"):
            use(place("s3://nowhere/x"))


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StoreError, match="file"):
        place("file", root=tmp_path).write("a/b", b"")


@pytest.mark.parametrize(
    "url",
    ["http://example.org/x", "s3://", "s3://me:" + "secret@bucket/x", "s3://a b", "ftp://x/y", ""],
)
def test_what_is_no_place_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="s3://存储桶"):
        place(url)
