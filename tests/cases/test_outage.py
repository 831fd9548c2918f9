"""Where nothing can be stored, the answer is 503; reading goes on, and afterwards all is as before.

A real server, whose worker's files may grow no further: the same that a full disk does.
"""

from __future__ import annotations

import errno
import http.client
import os
import re
import resource
import urllib.parse
from typing import TYPE_CHECKING

import psutil
import pytest
from django.db import DataError, OperationalError
from tests.cases.conftest import FIELDS
from tests.portals import small_portal
from tests.servers import Served, run, serving

from kaishu.cases.outage import is_outage

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("error", "outage"),
    [
        (OperationalError("database or disk is full"), True),
        (OSError(errno.ENOSPC, "full"), True),
        (OSError(errno.ENOENT, "none"), False),
        (DataError(), False),
        (ValueError(), False),
    ],
)
def test_what_counts_as_an_outage(error: Exception, outage: bool) -> None:
    assert is_outage(error) is outage


def ask(
    served: Served, path: str, body: bytes | None = None, cookie: str = ""
) -> tuple[int, str, str]:
    """Status, text, and the cookies that were set."""
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(served.url).netloc, timeout=30)
    headers = {"Cookie": cookie} if cookie else {}
    if body is not None:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("GET" if body is None else "POST", path, body, headers)
    answer = connection.getresponse()
    text = answer.read().decode() or answer.getheader("Location", "")
    cookies = "; ".join(
        value.split(";")[0] for name, value in answer.getheaders() if name.lower() == "set-cookie"
    )
    connection.close()
    return answer.status, text, cookies


def number_in(answer: tuple[int, str, str]) -> str:
    found = re.search(r"/cases/(\d{15})/receipt/", answer[1])
    assert found
    return found[1]


def limit_files(served: Served, size: int) -> None:
    """No process of the server may let a file grow beyond `size` bytes."""
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or ()
        if "serve" in line and str(served.root) in line:
            resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


@pytest.mark.slow
def test_a_full_disk_stops_writing_alone_and_passes(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    address = "/cases/apply/?dataset=mzj/visits"
    with serving(root) as served:
        status, page, cookie = ask(served, address)
        assert status == 200
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        body = urllib.parse.urlencode({**FIELDS, **hidden, "undertaking": "on"}).encode()
        other = {**FIELDS, **hidden, "undertaking": "on", "idempotency_key": "e" * 32}
        before = ask(served, address, urllib.parse.urlencode(other).encode(), cookie)
        assert before[0] == 302
        standing = f"/cases/{number_in(before)}/"
        mine = f"{cookie}; {before[2]}"

        limit_files(served, 0)
        for _again in range(3):
            status, page, _cookies = ask(served, address, body, cookie)
            assert status == 503
            assert "Traceback" not in page
        assert ask(served, "/datasets/mzj/parks/data/parks.csv")[0] == 200
        assert ask(served, address)[0] == 200
        assert ask(served, standing, cookie=mine)[0] == 200

        limit_files(served, resource.RLIM_INFINITY)
        first = ask(served, address, body, cookie)
        assert first[0] == 302
        assert ask(served, address, body, cookie)[0] == 302
    import sqlite3

    stored = sqlite3.connect(os.fspath(served.var / "kaishu.sqlite3"))
    assert stored.execute("select count(*) from cases_case").fetchone() == (2,)
    assert stored.execute("pragma integrity_check").fetchone() == ("ok",)
    stored.close()
