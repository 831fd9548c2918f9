"""Serving a release: whole files, ranges, ETags, following a switch."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from kaishu.backend import static
from kaishu.backend.static import ReleaseFiles
from kaishu.backend.wsgi import Dispatcher
from kaishu.base.errors import BuildError
from kaishu.publishing import release as releases

PAGE = "<h1>开放数据</h1>"
TABLE = "code,name\n210802,站前区\n"


def publish(output: Path, files: dict[str, str]) -> None:
    staging = output / ".staging"
    for name, text in files.items():
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    releases.switch(output, releases.make(staging, output, "inputs"))


@pytest.fixture
def output(tmp_path: Path) -> Path:
    publish(
        tmp_path,
        {"index.html": PAGE, "404.html": "none such", "a/index.html": "A", "a/data/t.csv": TABLE},
    )
    return tmp_path


@pytest.fixture
def client(output: Path) -> Client:
    return Client(ReleaseFiles(output))


def test_a_folder_is_served_by_its_index(client: Client) -> None:
    answer = client.get("/")
    assert (answer.status_code, answer.text) == (200, PAGE)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert client.get("/a/").text == "A"


def test_a_folder_without_its_slash_is_redirected_with_its_query(client: Client) -> None:
    answer = client.get("/a?q=公交")
    assert answer.status_code == 308
    assert client.get("/a?q=x", follow_redirects=True).text == "A"


def test_a_table_is_csv_in_utf8(client: Client) -> None:
    answer = client.get("/a/data/t.csv")
    assert answer.text == TABLE
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_head_gives_the_headers_without_the_bytes(client: Client) -> None:
    answer = client.head("/a/data/t.csv")
    assert answer.data == b""
    assert answer.headers["Content-Length"] == str(len(TABLE.encode()))


@pytest.mark.parametrize(
    ("asked", "given"),
    [("bytes=0-0", slice(0, 1)), ("bytes=5-8", slice(5, 9)), ("bytes=-4", slice(-4, None))],
)
def test_a_range_gives_those_bytes(client: Client, asked: str, given: slice) -> None:
    answer = client.get("/a/data/t.csv", headers={"Range": asked})
    assert answer.status_code == 206
    assert answer.data == TABLE.encode()[given]
    assert answer.headers["Content-Range"].endswith(f"/{len(TABLE.encode())}")


def test_a_range_beyond_the_end_is_refused(client: Client) -> None:
    answer = client.get("/a/data/t.csv", headers={"Range": "bytes=9999-"})
    assert answer.status_code == 416


def test_an_unchanged_file_is_not_sent_again(client: Client) -> None:
    etag = client.get("/").headers["ETag"]
    assert client.get("/", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/", headers={"If-None-Match": '"other"'}).status_code == 200


def test_a_range_of_a_changed_file_is_answered_with_the_whole(client: Client) -> None:
    headers = {"Range": "bytes=0-3", "If-Range": '"of another release"'}
    answer = client.get("/a/data/t.csv", headers=headers)
    assert (answer.status_code, answer.text) == (200, TABLE)


def test_a_switch_is_followed_at_the_next_request(client: Client, output: Path) -> None:
    before = client.get("/")
    publish(output, {"index.html": "new"})
    after = client.get("/")
    assert after.text == "new"
    assert after.headers["ETag"] != before.headers["ETag"]
    assert client.get("/b/").status_code == 404


@pytest.mark.parametrize("when", ["manifest", "file"])
def test_a_release_that_goes_in_the_middle_of_a_request_is_not_missed(
    output: Path, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    """As the release of a few changed pages goes when the whole follows it."""
    client, gone = Client(ReleaseFiles(output)), (output / "site").resolve().parent

    again = iter([True])

    def switched() -> None:
        if next(again, False):
            publish(output, {"a/index.html": "new"})
            shutil.rmtree(gone)

    if when == "manifest":
        load = releases.load

        def late(folder: Path) -> releases.Release:
            switched()
            return load(folder)

        monkeypatch.setattr(releases, "load", late)
    else:
        send = static.send_file

        def later(*given: Any, **named: Any) -> Any:
            switched()
            return send(*given, **named)

        monkeypatch.setattr(static, "send_file", later)
    answer = client.get("/a/")
    assert (answer.status_code, answer.text) == (200, "new")
    assert not gone.exists()


def test_a_portal_without_its_release_says_so(client: Client, output: Path) -> None:
    shutil.rmtree((output / "site").resolve().parent)
    with pytest.raises(BuildError):
        client.get("/")


def test_what_a_page_opened_before_a_switch_leads_to_leads_to_the_nearest_page(
    client: Client, output: Path
) -> None:
    publish(output, {"index.html": "new", "404.html": "none", "a/index.html": "withdrawn"})
    for path, place in {"/a/data/t.csv": "/a/", "/a/": None, "/a/data/u.csv": None}.items():
        answer = client.get(path)
        assert answer.headers.get("Location") == place
        if place:
            assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-cache")
    assert client.get("/a/data/t.csv", follow_redirects=True).text == "withdrawn"
    assert client.get("/a/data/u.csv").status_code == 404
    publish(output, {"index.html": "newest", "assets/one.css": "1"})
    for path in ("/a/data/t.csv", "/a/"):
        assert client.get(path).headers["Location"] == "/"
    publish(output, {"index.html": "home", "404.html": "none"})
    assert client.get("/assets/one.css").status_code == 200
    # Only releases that are kept are looked at: what was purged is nowhere.
    for release, _made in releases.kept(output)[1:]:
        shutil.rmtree(release.folder)
    for path in ("/a/data/t.csv", "/a/", "/assets/one.css"):
        assert client.get(path).status_code == 404


def test_what_has_moved_is_redirected_files_included(output: Path) -> None:
    table = {
        "datasets/ylj/gardens/": "datasets/mzj/parks/",
        "departments/ylj/": "departments/mzj/",
        "datasets/mzj/withdrawn/": "datasets/mzj/withdrawn/",
    }
    publish(
        output,
        {
            "404.html": "none",
            "redirects.json": json.dumps(table),
            "datasets/ylj/gardens/index.html": "moved",
            "datasets/mzj/parks/index.html": "here",
            "datasets/mzj/parks/data/公园.csv": TABLE,
            "datasets/mzj/parks/parks.zip": "all",
            "departments/ylj/index.html": "moved",
            "departments/mzj/index.html": "department",
            "datasets/mzj/withdrawn/index.html": "why",
        },
    )
    for base in ("", "/open"):
        client = Client(Dispatcher(ReleaseFiles(output), ReleaseFiles(output), base))
        for path, (place, text) in {
            "datasets/ylj/gardens/": ("datasets/mzj/parks/", "here"),
            "datasets/ylj/gardens": ("datasets/mzj/parks/", "here"),
            "datasets/ylj/gardens/index.html": ("datasets/mzj/parks/", "here"),
            "datasets/ylj/gardens/data/公园.csv": ("datasets/mzj/parks/data/公园.csv", TABLE),
            "datasets/ylj/gardens/gardens.zip?x=1": ("datasets/mzj/parks/parks.zip", "all"),
            "departments/ylj/": ("departments/mzj/", "department"),
            "datasets/ylj/gardens/data/gone.csv": ("datasets/mzj/parks/", "here"),
            "datasets/mzj/withdrawn/data/gone.csv": ("datasets/mzj/withdrawn/", "why"),
            "datasets/mzj/withdrawn/": ("datasets/mzj/withdrawn/", "why"),
        }.items():
            answer = client.get(f"{base}/{path}", follow_redirects=True)
            assert (answer.status_code, answer.text) == (200, text)
            assert answer.request.path == f"{base}/{place}"
        assert client.get(f"{base}/datasets/ylj/").status_code == 404
        assert client.get(f"{base}/datasets/mzj/parks/data/none.csv").status_code == 404
        for folder in ("datasets/ylj/gardens", "datasets/mzj/withdrawn"):
            assert client.get(f"{base}/{folder}/data/gone.csv").status_code == 303
    answer = client.get("/open/datasets/ylj/gardens/gardens.zip?x=1")
    assert (answer.status_code, answer.headers["Cache-Control"]) == (308, "no-cache")
    assert answer.headers["Location"] == "/open/datasets/mzj/parks/parks.zip?x=1"


@pytest.mark.parametrize("path", ["/none", "/../manifest.json", "/%2e%2e/manifest.json", "/a/%00"])
def test_what_is_not_in_the_release_is_not_found(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "release" not in answer.text


def test_only_reading_is_allowed(client: Client) -> None:
    answer = client.post("/")
    assert answer.status_code == 405
    assert answer.headers["Allow"] == "GET, HEAD"


def test_before_a_first_release_the_answer_says_so(tmp_path: Path) -> None:
    assert Client(ReleaseFiles(tmp_path)).get("/").status_code == 503


def test_a_page_opened_before_a_switch_still_finds_its_own_assets(tmp_path: Path) -> None:
    for text in ("one", "two"):
        publish(tmp_path, {"404.html": "none", "assets/site.css": text, f"assets/{text}.js": text})
    client = Client(ReleaseFiles(tmp_path))
    versions = {text: hashlib.sha256(text.encode()).hexdigest()[:8] for text in ("one", "two")}
    for text, version in versions.items():
        assert client.get(f"/assets/site.css?v={version}").text == text
        assert client.get(f"/assets/{text}.js?v={version}").text == text
    assert client.get("/assets/site.css").text == "two"
    assert client.get("/assets/site.css?v=00000000").text == "two"
    assert client.get("/assets/none.js?v=00000000").status_code == 404


LONG = "".join(f"<p>第{n}段：城市公园名单</p>\n" for n in range(200))


@pytest.fixture
def long(output: Path) -> Client:
    publish(output, {"index.html": LONG, "assets/site.css": LONG, "a.zip": LONG, "404.html": LONG})
    return Client(ReleaseFiles(output))


def test_text_is_sent_compressed_to_those_who_take_it(long: Client) -> None:
    plain = long.get("/")
    packed = long.get("/", headers={"Accept-Encoding": "br, gzip"})
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data == LONG.encode()
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 5
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"
    assert packed.headers["Content-Type"] == plain.headers["Content-Type"]
    head = long.head("/", headers={"Accept-Encoding": "gzip"})
    assert (head.data, head.headers["Content-Length"]) == (b"", str(len(packed.data)))


@pytest.mark.parametrize("asked", ["gzip;q=0", "br", "identity", ""])
def test_text_stays_plain_for_those_who_do_not(long: Client, asked: str) -> None:
    assert long.get("/", headers={"Accept-Encoding": asked}).data == LONG.encode()


def test_each_encoding_has_its_own_etag_and_is_not_sent_again(long: Client) -> None:
    plain, packed = ({}, {"Accept-Encoding": "gzip"})
    tags = [long.get("/", headers=one).headers["ETag"] for one in (plain, packed)]
    assert len(set(tags)) == 2
    for one, tag in zip((plain, packed), tags, strict=True):
        again = long.get("/", headers={**one, "If-None-Match": tag})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["ETag"] == tag
        assert again.headers["Vary"] == "Accept-Encoding"


def test_a_range_is_of_the_file_itself(long: Client) -> None:
    answer = long.get("/", headers={"Accept-Encoding": "gzip", "Range": "bytes=3-9"})
    assert (answer.status_code, answer.data) == (206, LONG.encode()[3:10])
    assert "Content-Encoding" not in answer.headers


def test_what_is_packed_already_is_sent_as_it_is(long: Client) -> None:
    answer = long.get("/a.zip", headers={"Accept-Encoding": "gzip"})
    assert answer.data == LONG.encode()
    assert "Vary" not in answer.headers


def test_an_address_with_its_contents_hash_is_kept_and_any_other_asked_for_again(
    long: Client,
) -> None:
    version = sha256(LONG.encode()).hexdigest()[:8]
    kept = "/assets/site.css?v=" + version
    for headers in ({}, {"Accept-Encoding": "gzip"}):
        assert "immutable" in long.get(kept, headers=headers).headers["Cache-Control"]
        for other in (
            "/",
            "/assets/site.css",
            "/assets/site.css?v=",
            "/assets/site.css?v=1",
            "/no",
        ):
            assert long.get(other, headers=headers).headers["Cache-Control"] == "no-cache"


def test_a_page_that_is_missing_says_so_compressed_too(long: Client) -> None:
    answer = long.get("/none", headers={"Accept-Encoding": "gzip"})
    assert (answer.status_code, gzip.decompress(answer.data)) == (404, LONG.encode())
