"""`kaishu worker` and the one beside `kaishu serve`, as processes of their own."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

import psutil
import pytest
from tests.cases.conftest import FIELDS
from tests.cases.mail.servers import running
from tests.portals import small_portal
from tests.servers import run, serving

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.slow


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    """Whether `holds` becomes true in time; what is asked for is another process's doing."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def filed(url: str) -> None:
    """File an application as a browser does."""
    import http.cookiejar
    import re
    import urllib.parse
    import urllib.request

    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"{url}/cases/apply/?dataset=mzj/visits"
    page = browser.open(address, timeout=20).read().decode()
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
    fields = {**FIELDS, **hidden, "undertaking": "on"}
    body = urllib.parse.urlencode(fields).encode()
    assert "/receipt/" in browser.open(address, body, timeout=20).geturl()


def test_the_receipt_is_mailed_by_the_worker_beside_the_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    with running() as mood:
        monkeypatch.setenv("KAISHU_SMTP", mood.address)
        with serving(root) as served:
            filed(served.url)
            assert within(60, lambda: len(mood.taken) == 1)
    assert mood.taken[0]["To"] == FIELDS["email"]
    assert run("worker", "--once", root=root) == ""


def test_the_worker_ends_with_a_server_that_is_killed(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    with serving(root):
        own = [
            process
            for process in psutil.process_iter(["cmdline"])
            if str(root) in " ".join(process.info["cmdline"] or ())
        ]
        worker = next(one for one in own if "worker" in one.cmdline())
        os.kill(worker.ppid(), signal.SIGKILL)
        assert within(60, lambda: not worker.is_running() or worker.status() == "zombie")
