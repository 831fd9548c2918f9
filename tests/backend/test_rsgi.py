"""How requests are taken in and answers given: a real server, and clients that are no browsers."""

from __future__ import annotations

import contextlib
import json
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.backend.answers import LINE, WRONG
from tests.cli.test_serve import ask
from tests.portals import small_portal, write
from tests.servers import REPOSITORY, Served, free_port, run, serving, wait_until_it_answers

from kaishu.base.parallel import each

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

LARGE = "/datasets/mzj/parks/data/parks.csv"
FORM = "/cases/apply/?dataset=mzj/visits"
ROWS = 300_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A portal with a file of some megabytes, behind one proxy."""
    root = small_portal(tmp_path_factory.mktemp("portal") / "portal")
    rows = "".join(f"{n},公园{n}\n" for n in range(1, ROWS))
    write(root, "datasets/mzj/parks/data/parks.csv", f"code,name\n{rows}")
    run("build", root=root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KAISHU_BEHIND_PROXY", "1")
        with serving(root) as running:
            yield running


def connected(served: Served) -> socket.socket:
    address = urllib.parse.urlsplit(served.url)
    return socket.create_connection((address.hostname or "", address.port or 0), timeout=20)


def said(served: Served, request: bytes) -> bytes:
    """Everything that comes back until the server closes, or says nothing for a second."""
    with connected(served) as link:
        link.sendall(request)
        link.settimeout(1)
        answer = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while block := link.recv(65536):
                answer += block
    return answer


def post(body: bytes, *, length: int | None = None, more: str = "") -> bytes:
    size = len(body) if length is None else length
    head = f"POST {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {size}\r\n{more}\r\n"
    return head.encode() + body


def test_who_sends_or_reads_slowly_keeps_nobody_waiting(served: Served) -> None:
    with contextlib.ExitStack() as links:
        for _number in range(40):
            sends = links.enter_context(connected(served))
            sends.sendall(post(b"purpose=", length=100_000))
            reads = links.enter_context(connected(served))
            reads.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reads.sendall(f"GET {LARGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            links.enter_context(connected(served)).sendall(b"GET / HT")
        for _number in range(10):
            begun = time.monotonic()
            assert ask(served, FORM)[0] == 200
            assert time.monotonic() - begun < 5


def test_a_form_that_comes_byte_by_byte_is_read_whole(served: Served) -> None:
    _status, headers, page = ask(served, FORM)
    token = page.decode().split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    cookie = headers["set-cookie"].split(";")[0]
    body = urllib.parse.urlencode(
        {"csrfmiddlewaretoken": token, "purpose": "慢慢送来的用途"}
    ).encode()
    head = f"Content-Type: application/x-www-form-urlencoded\r\nCookie: {cookie}\r\n"
    request = post(body, more=f"{head}Connection: close\r\n")
    with connected(served) as link:
        for number in range(len(request)):
            link.sendall(request[number : number + 1])
        answer = b"".join(iter(lambda: link.recv(65536), b""))
    assert answer.startswith(b"HTTP/1.1 422 ")
    assert "慢慢送来的用途".encode() in answer


def test_a_body_that_breaks_off_reaches_nobody(served: Served) -> None:
    before = logged(served)
    with connected(served) as link:
        link.sendall(post(b"purpose=half", length=5000))
        link.shutdown(socket.SHUT_WR)
        assert not link.recv(65536).startswith(b"HTTP/1.1 2")
    assert ask(served, "/healthz")[0] == 200
    assert all(line["method"] != "POST" for line in logged(served)[len(before) :])


def test_a_large_body_is_taken_in_and_one_too_large_is_not_waited_for(served: Served) -> None:
    body = b"--x\r\nContent-Disposition: form-data; name=a; filename=a\r\n\r\n" + bytes(25_000_000)
    kind = "Content-Type: multipart/form-data; boundary=x\r\n"
    # Without the form's token it is refused, but only once it has come whole.
    assert said(served, post(body + b"\r\n--x--\r\n", more=kind)).startswith(b"HTTP/1.1 403 ")
    assert said(served, post(b"", length=150_000_000)).startswith(b"HTTP/1.1 413 ")
    longer = post(b"", length=150_000_000).replace(FORM.encode(), b"/desk/publish/", 1)
    assert said(served, longer) == b""
    site = f"POST {LARGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999\r\n\r\n"
    assert said(served, site.encode()).startswith(b"HTTP/1.1 405 ")


@pytest.mark.parametrize(
    "lines",
    [
        "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 44\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5 44\r\n",
        "Content-Length : 5\r\n",
        "Transfer-Encoding\r\n : chunked\r\n",
    ],
)
def test_no_second_request_hides_in_the_first(served: Served, lines: str) -> None:
    hidden = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    head = f"POST {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n"
    answer = said(served, head.encode() + b"0\r\n\r\n" + hidden)
    assert b'"status"' not in answer
    assert answer.split(b" ")[1:2] in ([b"400"], [b"411"])


def test_a_header_with_underscores_is_no_proxys_word(served: Served) -> None:
    lines = "X_Forwarded_For: 203.0.113.9\r\nX-Forwarded-For: 192.0.2.1\r\nConnection: close\r\n"
    said(served, f"GET {FORM} HTTP/1.1\r\nHost: 127.0.0.1\r\n{lines}\r\n".encode())
    assert logged(served)[-1]["address"] == "192.0.2.1"
    said(
        served, b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX_Forwarded_For: 203.0.113.9\r\n\r\n"
    )
    assert logged(served)[-1]["address"] == "127.0.0.1"


def test_whatever_http_a_client_speaks(served: Served) -> None:
    old = said(served, b"GET /healthz HTTP/1.0\r\n\r\n")
    assert old.startswith(b"HTTP/1.0 200 ")
    assert old.endswith(b'{"status": "ok"}')
    head = said(served, b"HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert head.endswith(b"\r\n\r\n")
    expecting = post(b"", length=10, more="Expect: 100-continue\r\n")
    assert said(served, expecting) == b"HTTP/1.1 100 Continue\r\n\r\n"
    assert b" 400 " in said(served, b"GET / HTTP/1.1\r\nHost: a b\r\nno header\r\n\r\n")
    long = b"x" * 200_000
    for request in (
        b"GET /" + long + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + long + b"\r\n\r\n",
    ):
        assert said(served, request)[9:12] in (b"", b"400", b"414", b"431")
    both = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 2
    assert said(served, both).count(b'{"status": "ok"}') == 2
    odd = said(served, b"GET /cases/%ff%00%e4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert odd[9:12] in (b"400", b"404")


def test_large_files_come_whole_and_in_parts(served: Served) -> None:
    status, headers, whole = ask(served, LARGE)
    size = int(headers["content-length"])
    assert (status, len(whole)) == (200, size)
    assert size > 4 * 1024 * 1024
    for span in ((0, size - 1), (1, size - 2), (size - 10, size - 1), (7, 7)):
        status, headers, part = ask(served, LARGE, Range=f"bytes={span[0]}-{span[1]}")
        assert status == 206
        assert headers["content-range"] == f"bytes {span[0]}-{span[1]}/{size}"
        assert zlib.crc32(part) == zlib.crc32(whole[span[0] : span[1] + 1])
    assert ask(served, LARGE, Range=f"bytes={size}-")[0] == 416
    etag = headers["etag"]
    assert ask(served, LARGE, If_None_Match=etag)[::2] == (304, b"")
    assert ask(served, LARGE, "HEAD")[::2] == (200, b"")


@pytest.fixture
def answering(tmp_path: Path) -> Iterator[Served]:
    """The application of `answers`, in one process and one thread."""
    port, log = free_port(), tmp_path / "log"
    worker = ["-k", "kaishu.backend.worker.Answering", "--threads", "1", "-b", f"127.0.0.1:{port}"]
    command = [sys.executable, "-m", "gunicorn", *worker, "tests.backend.answers:app()"]
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=REPOSITORY, stdout=output, stderr=output)
    try:
        wait_until_it_answers(f"http://127.0.0.1:{port}/", process, log)
        yield Served(f"http://127.0.0.1:{port}", tmp_path, tmp_path)
    finally:
        process.terminate()
        process.wait(timeout=20)
    # Nothing that was answered is broken off at the end.
    assert "Application callable" not in log.read_text()


def test_an_answer_comes_whole_or_is_an_error(answering: Served) -> None:
    assert ask(answering, "/")[2] == LINE
    assert ask(answering, "/short")[2] == LINE * 2
    status, headers, content = ask(answering, "/long")
    assert (status, len(content)) == (200, len(LINE) * 200_000)
    assert headers["content-length"] == str(len(content))
    assert ask(answering, "/wrapped")[2] == LINE
    for path in ("/raises", "/breaks"):
        assert ask(answering, path)[::2] == (500, b"")
    log = (answering.root / "log").read_text()
    assert "before anything was said" in log
    assert "in the midst" in log
    assert ask(answering, "/")[0] == 200


def test_what_could_not_be_stored_with_others_is_worked_on_again_by_itself(
    answering: Served,
) -> None:
    def stored(row: bytes) -> bytes:
        with urllib.request.urlopen(f"{answering.url}/stored", row, timeout=20) as answer:
            return answer.read()

    rows = [b"one", WRONG, b"two", WRONG, b"three"]
    found = list(each(stored, rows))
    assert found == [(b"alone: " if row == WRONG else b"together: ") + row for row in rows]


def test_who_sends_too_slowly_is_let_go(answering: Served) -> None:
    with connected(answering) as link:
        begun = time.monotonic()
        link.sendall(post(b"half", length=10))
        assert ask(answering, "/")[2] == LINE
        answer = link.recv(65536)
        assert answer.startswith(b"HTTP/1.1 408 ")
        assert 0.9 < time.monotonic() - begun < 10
        assert link.recv(65536) == b""


def logged(served: Served) -> list[dict[str, str]]:
    lines = [
        line
        for path in sorted((served.var / "access").glob("*.jsonl"))
        for line in path.read_text().splitlines()
    ]
    return [json.loads(line) for line in lines]
