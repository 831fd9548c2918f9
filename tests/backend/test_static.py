"""Serving a release: whole files, ranges, ETags, following a switch."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from werkzeug.test import Client

from kaishu.backend.static import ReleaseFiles
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
    assert client.get("/a/").status_code == 404


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
