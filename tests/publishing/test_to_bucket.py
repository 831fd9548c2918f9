"""Objects on S3: only what differs, in an order that breaks no link, taken up where it stopped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.publishing.sites import AFTER, ONE, THREE, TWO, released
from tests.s3 import BUCKET, s3

from kaishu.base.errors import BuildError, StoreError
from kaishu.base.places import Bucket
from kaishu.publishing import to_bucket
from kaishu.publishing.release import Release

__all__ = ["s3"]

TARGET = f"s3://{BUCKET}/site"


def send(release: Release, scratch: Path, **options: bool) -> Any:
    return to_bucket.send(release, TARGET, scratch, **options)


def there(client: Any) -> dict[str, str]:
    """The text of every object of the site."""
    paths = {path.removeprefix(f"{BUCKET}/site/"): path for path in client.find(TARGET)}
    return {
        name: client.cat_file(path).decode()
        for name, path in paths.items()
        if name != to_bucket.RECORD
    }


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was written and removed, in order."""
    steps: list[str] = []
    put, write, remove = Bucket.put, Bucket.write, Bucket.remove

    def put_(self: Bucket, source: Path, name: str, headers: Any = None) -> None:
        put(self, source, name, headers)
        steps.append(f"+{name}")

    def write_(self: Bucket, name: str, content: bytes) -> None:
        write(self, name, content)
        steps.append(f"={name}")

    def remove_(self: Bucket, names: Any) -> None:
        remove(self, names)
        steps.extend(f"-{name}" for name in names)

    monkeypatch.setattr(Bucket, "put", put_)
    monkeypatch.setattr(Bucket, "write", write_)
    monkeypatch.setattr(Bucket, "remove", remove_)
    return steps


def test_the_bucket_holds_the_release_with_its_types(s3: Any, tmp_path: Path) -> None:
    send(released(tmp_path / "out", ONE), tmp_path / "scratch")
    assert there(s3) == ONE
    for path, kind in {
        "index.html": "text/html; charset=utf-8",
        "datasets/a/data.csv": "text/csv; charset=utf-8",
        "assets/site.css": "text/css; charset=utf-8",
    }.items():
        facts = s3.call_s3("head_object", Bucket=BUCKET, Key=f"site/{path}")
        assert (facts["ContentType"], facts["CacheControl"]) == (kind, "no-cache")


def test_only_what_differs_is_sent_data_first_home_last_removals_after(
    s3: Any, tmp_path: Path, asked: list[str]
) -> None:
    send(released(tmp_path / "out", ONE), tmp_path / "scratch")
    asked.clear()
    found = send(released(tmp_path / "out", TWO), tmp_path / "scratch")
    assert there(s3) == AFTER
    record = f"={to_bucket.RECORD}"
    assert asked[0] == asked[-1] == record
    assert asked[1] == "+assets/site.css"
    assert set(asked[2:4]) == {"+datasets/a/index.html", "+datasets/新/index.html"}
    assert asked[4:-1] == ["+index.html", "-old/index.html"]
    assert found.gone == ("old/index.html",)
    asked.clear()
    again = send(released(tmp_path / "out", TWO), tmp_path / "scratch")
    assert (again.changed, again.gone) == ((), ())
    assert asked == []
    send(released(tmp_path / "out", THREE), tmp_path / "scratch")
    assert there(s3) == THREE


def test_a_dry_run_writes_nothing(s3: Any, tmp_path: Path) -> None:
    found = send(released(tmp_path / "out", ONE), tmp_path / "scratch", dry_run=True)
    assert set(found.changed) == set(ONE)
    assert s3.find(TARGET) == []


@pytest.mark.parametrize("after", range(6))
def test_an_interrupted_sending_leaves_nothing_of_it_behind(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    scratch = tmp_path / "scratch"
    one = released(tmp_path / "out", ONE)
    send(one, scratch)
    two = released(tmp_path / "out", TWO)
    sent: list[str] = []
    put = Bucket.put

    def cut(self: Bucket, source: Path, name: str, headers: Any = None) -> None:
        if len(sent) >= after:
            raise KeyboardInterrupt
        sent.append(name)
        put(self, source, name, headers)

    with monkeypatch.context() as patched:
        patched.setattr(Bucket, "put", cut)
        patched.setattr("kaishu.base.parallel.AT_ONCE", 1)
        if after < 4:
            with pytest.raises(KeyboardInterrupt):
                send(two, scratch)
        else:
            send(two, scratch)
    # The same release goes on, and sends nothing twice; an older one finds its own way back.
    assert sorted(send(two, scratch, dry_run=True).changed) == sorted(
        set(TWO) - {"datasets/a/data.csv"} - set(sent)
    )
    send(one, scratch)
    assert there(s3) == ONE
    send(two, scratch)
    assert there(s3) == AFTER


def test_other_objects_in_the_bucket_are_left_alone(s3: Any, tmp_path: Path) -> None:
    s3.pipe_file(f"{TARGET}/theirs.txt", b"theirs")
    send(released(tmp_path / "out", ONE), tmp_path / "scratch")
    send(released(tmp_path / "out", TWO), tmp_path / "scratch")
    assert there(s3) == {**AFTER, "theirs.txt": "theirs"}


def test_what_cannot_be_used_is_said(s3: Any, tmp_path: Path) -> None:
    release = released(tmp_path / "out", ONE)
    with pytest.raises(StoreError, match="s3://nowhere"):
        to_bucket.send(release, "s3://nowhere/site", tmp_path / "scratch")
    s3.pipe_file(f"{TARGET}/{to_bucket.RECORD}", b"not a record")
    with pytest.raises(BuildError, match=r"\.kaishu-release\.json"):
        send(release, tmp_path / "scratch")
