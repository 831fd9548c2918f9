"""Objects on S3: readers see one release or the other; only what differs is sent."""

from __future__ import annotations

import json
import re
import threading
from pathlib import Path
from typing import Any

import pytest
from tests.publishing.sites import AFTER, ONE, THREE, TWO, released
from tests.s3 import BUCKET, s3

from kaishu.base.errors import BuildError, StoreError
from kaishu.base.places import Bucket
from kaishu.publishing import to_bucket
from kaishu.publishing.release import Release

# A server of S3 answers, and many sendings of whole portals.
pytestmark = pytest.mark.slow

__all__ = ["s3"]

TARGET = f"s3://{BUCKET}/site"


def send(release: Release, scratch: Path, **options: bool) -> Any:
    return to_bucket.send(release, TARGET, scratch, **options)


def slot(client: Any) -> str:
    """The public slot, as a web server learns of it."""
    facts = client.call_s3("head_object", Bucket=BUCKET, Key="site/current")
    return str(facts["Metadata"]["slot"])


def held(client: Any, name: str) -> dict[str, str]:
    """The text of every object of a slot."""
    top = f"{BUCKET}/site/{name}/"
    return {path.removeprefix(top): client.cat_file(path).decode() for path in client.find(top)}


def public(client: Any) -> dict[str, str]:
    return held(client, slot(client))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was sent, copied, written and removed, in order, without the slot that it is in."""
    steps: list[str] = []
    put, copy, write, remove = Bucket.put, Bucket.copy, Bucket.write, Bucket.remove

    def note(sign: str, name: str) -> None:
        steps.append(sign + re.sub(r"^[abc](?=[./])", "", name))

    def put_(self: Bucket, source: Path, name: str, headers: Any = None) -> None:
        put(self, source, name, headers)
        note("+", name)

    def copy_(self: Bucket, source: str, name: str) -> bool:
        note("~", name)
        return copy(self, source, name)

    def write_(self: Bucket, name: str, content: bytes, headers: Any = None) -> None:
        write(self, name, content, headers)
        note("=", name)

    def remove_(self: Bucket, names: Any) -> None:
        names = list(names)
        remove(self, names)
        for name in names:
            note("-", name)

    monkeypatch.setattr(Bucket, "put", put_)
    monkeypatch.setattr(Bucket, "copy", copy_)
    monkeypatch.setattr(Bucket, "write", write_)
    monkeypatch.setattr(Bucket, "remove", remove_)
    monkeypatch.setattr("kaishu.base.parallel.AT_ONCE", 1)
    return steps


def test_the_bucket_holds_the_release_with_its_types(s3: Any, tmp_path: Path) -> None:
    release = released(tmp_path / "out", ONE)
    send(release, tmp_path / "scratch")
    send(released(tmp_path / "out", TWO), tmp_path / "scratch")
    send(release, tmp_path / "scratch")
    assert public(s3) == ONE
    for path, kind in {
        "index.html": "text/html; charset=utf-8",
        "datasets/a/data.csv": "text/csv; charset=utf-8",
        "assets/site.css": "text/css; charset=utf-8",
    }.items():
        for name in {slot(s3), "c", "b"}:
            facts = s3.call_s3("head_object", Bucket=BUCKET, Key=f"site/{name}/{path}")
            assert (facts["ContentType"], facts["CacheControl"]) == (kind, "no-cache")
    facts = s3.call_s3("head_object", Bucket=BUCKET, Key="site/current")
    assert facts["CacheControl"] == "no-cache"
    assert json.loads(s3.cat_file(f"{TARGET}/current"))["release"] == release.id


def test_only_what_differs_is_sent_and_the_switch_comes_last(
    s3: Any, tmp_path: Path, asked: list[str]
) -> None:
    output, scratch = tmp_path / "out", tmp_path / "scratch"
    send(released(output, ONE), scratch)
    asked.clear()
    found = send(released(output, TWO), scratch)
    assert public(s3) == AFTER
    sent = {"+assets/site.css", "+datasets/a/index.html", "+datasets/新/index.html", "+index.html"}
    assert {step.replace("+/", "+") for step in asked if step[0] == "+"} == sent
    # What the public slot has already is copied from there.
    assert {step for step in asked if step[0] == "~"} == {
        "~/datasets/a/data.csv", "~/pagefind/1a2b.pf_index",
    }  # fmt: skip
    assert asked[0] == asked[-2] == "=.json"
    assert asked[-1] == "=current"
    assert found.gone == ("old/index.html",)
    asked.clear()
    again = send(released(output, TWO), scratch)
    assert (again.changed, again.gone, asked) == ((), (), [])
    for files in (THREE, *({**THREE, "index.html": f"home of {n}"} for n in range(4))):
        asked.clear()
        send(released(output, files), scratch)
        assert [step for step in asked if step[0] == "+"] == ["+/index.html"]
        assert public(s3) == files


def test_the_release_before_is_public_again_by_one_object(
    s3: Any, tmp_path: Path, asked: list[str]
) -> None:
    output, scratch = tmp_path / "out", tmp_path / "scratch"
    one, two, three = (released(output, files) for files in (ONE, TWO, THREE))
    for release in (one, two, three):
        send(release, scratch)
    asked.clear()
    send(two, scratch)
    assert public(s3) == AFTER
    assert asked == ["=current"]
    # The one that was public just now is not what is changed next.
    left = held(s3, "a")
    send(released(output, {"index.html": "another"}), scratch)
    assert public(s3)["index.html"] == "another"
    assert held(s3, "a") == left == THREE


def test_a_dry_run_writes_nothing(s3: Any, tmp_path: Path) -> None:
    found = send(released(tmp_path / "out", ONE), tmp_path / "scratch", dry_run=True)
    assert set(found.changed) == set(ONE)
    assert s3.find(TARGET) == []


@pytest.mark.parametrize("after", range(8))
def test_an_interrupted_sending_is_not_public_and_goes_on(
    s3: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: list[str], after: int
) -> None:
    scratch = tmp_path / "scratch"
    one = released(tmp_path / "out", ONE)
    send(one, scratch)
    two = released(tmp_path / "out", TWO)
    asked.clear()
    with monkeypatch.context() as patched:
        for name in ("put", "copy", "write", "remove"):
            do = getattr(Bucket, name)

            def cut(self: Bucket, *given: Any, do: Any = do) -> Any:
                if len(asked) >= after:
                    raise KeyboardInterrupt
                return do(self, *given)

            patched.setattr(Bucket, name, cut)
        with pytest.raises(KeyboardInterrupt):
            send(two, scratch)
    assert public(s3) == ONE
    sent = [step for step in asked if step[0] == "+"]
    asked.clear()
    send(two, scratch)
    assert not set(sent) & set(asked)
    assert public(s3) == AFTER
    three = released(tmp_path / "out", THREE)
    for release, files in ((one, ONE), (three, THREE), (one, ONE)):
        send(release, scratch)
        assert public(s3).items() >= files.items()


def test_a_reader_never_sees_a_mixture_nor_a_failed_link(s3: Any, tmp_path: Path) -> None:
    """Pages that are added, that go, and that link each other, in many releases one after another."""
    output, rounds = tmp_path / "out", 12

    def files(n: int) -> dict[str, str]:
        pages = [f"p{k}.html" for k in range(n, n + 8)]
        return {
            "index.html": f"release {n}: {' '.join(pages)}",
            **dict.fromkeys(pages, f"release {n}: index.html"),
            "same.csv": "a,b\n",
        }

    def read() -> None:
        while not done.is_set():
            # As somebody who opens the site and goes on in what was public then.
            where = slot(s3)
            home = s3.cat_file(f"{TARGET}/{where}/index.html").decode()
            which = home.partition(":")[0]
            for link in home.partition(": ")[2].split():
                page = s3.cat_file(f"{TARGET}/{where}/{link}").decode()
                if not page.startswith(f"{which}:"):
                    mixed.append((home, page))
            seen.add(which)

    made = [released(output, files(n)) for n in range(2)]
    send(made[0], tmp_path / "scratch")
    mixed: list[tuple[str, str]] = []
    failed: list[BaseException] = []
    seen: set[str] = set()
    done = threading.Event()

    def reading() -> None:
        try:
            read()
        except OSError as error:
            failed.append(error)

    readers = [threading.Thread(target=reading) for _n in range(2)]
    for one in readers:
        one.start()
    for n in range(1, rounds):
        send(released(output, files(n)), tmp_path / "scratch")
    done.set()
    for one in readers:
        one.join()
    assert (mixed, failed) == ([], [])
    assert len(seen) > 1
    assert public(s3) == files(rounds - 1)


def test_what_is_no_longer_kept_here_goes_there(s3: Any, tmp_path: Path) -> None:
    """As after a purge, which leaves no release with the data that were published by mistake."""
    output, scratch = tmp_path / "out", tmp_path / "scratch"
    wrong = {"index.html": "home", "data.csv": "a secret\n"}
    release = released(output, wrong)
    send(release, scratch)
    send(released(output, {**wrong, "index.html": "another home"}), scratch)
    assert len([one for one in s3.find(TARGET) if b"secret" in s3.cat_file(one)]) == 2
    right = released(output, {"index.html": "home", "data.csv": "no such thing\n"})
    for folder in right.folder.parent.iterdir():
        if folder.name != right.id:
            (folder / "manifest.json").unlink()
            folder.rename(output / folder.name)
    send(right, scratch)
    assert not [one for one in s3.find(TARGET) if b"secret" in s3.cat_file(one)]
    for n in range(4):
        files = {"index.html": f"home {n}", "data.csv": f"{n}\n"}
        send(released(output, files), scratch)
        assert public(s3) == files


def test_other_objects_in_the_bucket_are_left_alone(s3: Any, tmp_path: Path) -> None:
    s3.pipe_file(f"{TARGET}/theirs.txt", b"theirs")
    send(released(tmp_path / "out", ONE), tmp_path / "scratch")
    send(released(tmp_path / "out", TWO), tmp_path / "scratch")
    assert s3.cat_file(f"{TARGET}/theirs.txt") == b"theirs"


def test_what_cannot_be_used_is_said(s3: Any, tmp_path: Path) -> None:
    release = released(tmp_path / "out", ONE)
    with pytest.raises(StoreError, match="s3://nowhere"):
        to_bucket.send(release, "s3://nowhere/site", tmp_path / "scratch")
    for name, content in (("a.json", b"{}"), ("current", b"[]"), ("current", b"not a record")):
        s3.pipe_file(f"{TARGET}/{name}", content)
        with pytest.raises(BuildError, match=name):
            send(release, tmp_path / "scratch")
