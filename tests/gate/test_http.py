"""Pushes over http: the login before git's own backend says who pushes."""

from __future__ import annotations

import base64
import os
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from tests.gate.conftest import JTJ, MZJ, OPERATOR, Clone, git
from tests.gate.test_push import PARKS
from tests.gate.together import assert_all_are_there, push_at_once

pytestmark = pytest.mark.slow


class _Backend(BaseHTTPRequestHandler):
    """`git http-backend` behind a login, as a web server runs it."""

    root = ""

    def do_GET(self) -> None:
        path, _mark, query = self.path.partition("?")
        given = self.headers.get("Authorization", "")
        if not given:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="git"')
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        person = base64.b64decode(given.split()[1]).decode().partition(":")[0]
        environment = {
            key: value for key, value in os.environ.items() if not key.startswith("GIT_")
        }
        environment |= {
            "GIT_PROJECT_ROOT": self.root, "GIT_HTTP_EXPORT_ALL": "1", "PATH_INFO": path,
            "QUERY_STRING": query, "REQUEST_METHOD": self.command, "REMOTE_USER": person,
            "REMOTE_ADDR": "127.0.0.1", "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "LC_ALL": "C.UTF-8",
        }  # fmt: skip
        length = int(self.headers.get("Content-Length") or 0)
        done = subprocess.run(
            ["git", "http-backend"], input=self.rfile.read(length), env=environment,
            capture_output=True, check=False,
        )  # fmt: skip
        head, _blank, body = done.stdout.partition(b"\r\n\r\n")
        status, lines = 200, []
        for line in head.decode().splitlines():
            name, _colon, value = line.partition(": ")
            if name.lower() == "status":
                status = int(value.split()[0])
            else:
                lines.append((name, value))
        self.send_response(status)
        for name, value in lines:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_GET

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def address(bare: Path) -> Iterator[str]:
    git(bare, "config", "http.receivepack", "true")
    handler = type("Handler", (_Backend,), {"root": str(bare.parent)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}/{bare.name}"
    server.shutdown()


def cloned(address: str, person: str, folder: Path) -> Clone:
    login = person.replace("@", "%40")
    url = "http://" + f"{login}:word@" + address
    done = git(folder.parent, "clone", "-q", url, str(folder))
    assert done.returncode == 0, done.stderr
    return Clone(folder, "")


def test_the_login_decides_who_may_change_what(address: str, tmp_path: Path, bare: Path) -> None:
    mz, jt = (cloned(address, person, tmp_path / person[:2]) for person in (MZJ, JTJ))
    jt.write(PARKS, (jt.folder / PARKS).read_text() + "9,新公园\n")
    jt.commit()
    refused = jt.push()
    assert refused.returncode != 0
    assert PARKS in refused.stderr
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    taken = mz.push()
    assert taken.returncode == 0, taken.stderr
    assert "通过：1 个数据集有变动。" in taken.stderr
    assert git(bare, "rev-parse", "main").stdout.strip() == mz.git("rev-parse", "HEAD")


def test_many_people_push_at_once_over_http(address: str, tmp_path: Path, bare: Path) -> None:
    people = [cloned(address, person, tmp_path / person[:2]) for person in (MZJ, JTJ, OPERATOR)]
    push_at_once(*people)
    assert_all_are_there(bare)
