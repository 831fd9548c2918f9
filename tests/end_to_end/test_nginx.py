"""A site on S3 behind nginx, set up word for word as docs/installing.md says."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from tests.publishing.sites import ONE, TWO, released
from tests.s3 import BUCKET, s3
from tests.servers import free_port

from kaishu.publishing import to_bucket

__all__ = ["s3"]

pytestmark = pytest.mark.slow
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
GUIDE = Path(__file__).parents[2] / "docs/installing.md"
AROUND = """\
daemon off; pid nginx.pid; error_log stderr warn; {user}
events {{}}
http {{
  access_log off; client_body_temp_path body; proxy_temp_path proxy;
  fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  {server}
}}
"""


def block(word: str) -> str:
    """The guide's nginx block that holds `word`."""
    found = re.findall(r"```nginx\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.S)
    (chosen,) = (one for one in found if word in one)
    return str(chosen)


@pytest.fixture
def site(s3: Any, tmp_path: Path) -> Iterator[str]:
    """Serves `site` of the bucket through nginx; gives its address."""
    assert NGINX, "nginx is not installed; scripts/test installs it"
    # As the guide asks: whoever reads here is let read, and nothing more.
    statement = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                 "Resource": f"arn:aws:s3:::{BUCKET}/*"}  # fmt: skip
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.call_s3("put_bucket_policy", Bucket=BUCKET, Policy=policy)
    port, store = free_port(), os.environ["AWS_ENDPOINT_URL"]
    server = block("auth_request")
    for said, here in (
        ("listen 443 ssl", f"listen 127.0.0.1:{port}"),
        ("https://s3.example.org", store),
        ("s3.example.org", store.removeprefix("http://")),
        ("/open-data/", f"/{BUCKET}/"),
    ):
        assert said in server
        server = server.replace(said, here)
    user = "user root;" if os.geteuid() == 0 else ""
    prefix = tmp_path / "nginx"
    prefix.mkdir()
    (prefix / "nginx.conf").write_text(AROUND.format(user=user, server=server), encoding="utf-8")
    running = subprocess.Popen([NGINX, "-p", str(prefix), "-c", "nginx.conf"])
    address = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                requests.get(address, timeout=5)
                break
            except requests.ConnectionError:
                assert running.poll() is None, "nginx did not start"
                time.sleep(0.05)
        yield address
    finally:
        running.terminate()
        running.wait()


def send(tmp_path: Path, files: dict[str, str]) -> None:
    release = released(tmp_path / "out", files)
    to_bucket.send(release, f"s3://{BUCKET}/site", tmp_path / "scratch")


def text(address: str) -> str:
    answer = requests.get(address, timeout=30)
    assert answer.status_code == 200, (address, answer.status_code)
    answer.encoding = "utf-8"
    return answer.text


def test_pages_files_and_what_is_missing(site: str, tmp_path: Path) -> None:
    send(tmp_path, {**ONE, "404.html": "no such page"})
    assert text(f"{site}/") == "home of one"
    assert text(f"{site}/datasets/a/") == "page of one"
    assert text(f"{site}/datasets/a/data.csv") == "a,b\n1,2\n"
    answer = requests.get(f"{site}/datasets/a", timeout=30, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"].endswith("/datasets/a/")) == (302, True)
    answer = requests.get(f"{site}/datasets/b/", timeout=30)
    assert (answer.status_code, answer.text) == (404, "no such page")
    for hidden in ("/.current", "/current", "/a/index.html"):
        assert requests.get(f"{site}{hidden}", timeout=30).status_code == 404
    send(tmp_path, TWO)
    assert text(f"{site}/") == "home of two"
    assert text(f"{site}/datasets/新/") == "new page"


def test_a_reader_meets_one_release_or_the_next(site: str, tmp_path: Path) -> None:
    send(tmp_path, {"index.html": "0", "a/index.html": "0"})
    stopped, seen, failed = threading.Event(), [], []

    def read() -> None:
        while not stopped.is_set():
            try:
                first, second = text(f"{site}/"), text(f"{site}/a/")
            except (AssertionError, requests.RequestException) as error:
                failed.append(str(error))
                continue
            seen.append((int(first), int(second)))

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(1, 5):
        send(tmp_path, {"index.html": str(n), "a/index.html": str(n)})
    stopped.set()
    reader.join()
    assert not failed
    assert seen
    # A page read later is never older than one read before it.
    flat = [n for pair in seen for n in pair]
    assert flat == sorted(flat)
