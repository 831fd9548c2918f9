"""`kaishu worker` and the one beside `kaishu serve`, as processes of their own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import psutil
import pytest
from tests.cases.conftest import FIELDS
from tests.cases.mail.servers import running
from tests.portals import small_portal, write
from tests.servers import KAISHU, run, serving

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
            # The receipt, and the request to confirm a form without proof of work.
            assert within(60, lambda: len(mood.taken) == 2)
    assert {str(one["To"]) for one in mood.taken} == {FIELDS["email"]}
    assert run("worker", "--once", root=root) == ""


def test_a_failed_build_is_mailed_to_the_operator_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    write(root, "mkdocs.yml", "site_name: [\n")
    done = subprocess.run([KAISHU, "build", "--root", str(root)], capture_output=True, check=False)
    assert done.returncode == 1
    monkeypatch.setenv("KAISHU_VAR", str(tmp_path / "var"))
    with running() as mood:
        monkeypatch.setenv("KAISHU_SMTP", mood.address)
        for _n in range(2):
            run("worker", "--once", root=root)
    (mail,) = mood.taken
    assert str(mail["To"]) == "open@example.org"
    assert "没有发布" in str(mail["Subject"])
    assert "mkdocs.yml" in mail.get_content()


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


QUEUE = """
import django
django.setup()
from kaishu.cases import outbox
from kaishu.cases.storage import writing
with writing():
    outbox.queue(outbox.prepare(f"m{n}", "wang@example.org", f"{n}", "x") for n in range(60))
"""


def shared_by_several_workers(root: Path, environment: dict[str, str]) -> None:
    """Sixty mails, three workers at once: every mail arrives, and none twice."""
    with running() as mood:
        environment = {**os.environ, **environment, "KAISHU_SMTP": mood.address}
        command = [KAISHU, "worker", "--once", "--root", str(root)]
        subprocess.run(command, env=environment, check=True)
        settings = {"KAISHU_ROOT": str(root), "DJANGO_SETTINGS_MODULE": "kaishu.backend.settings"}
        subprocess.run([sys.executable, "-c", QUEUE], env={**environment, **settings}, check=True)
        workers = [subprocess.Popen(command, env=environment) for _n in range(3)]
        assert [one.wait(timeout=120) for one in workers] == [0, 0, 0]
    names = [str(one["Message-ID"]) for one in mood.taken]
    assert len(names) == len(set(names)) == 60


def test_several_workers_share_the_work_and_send_nothing_twice(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    shared_by_several_workers(root, {"KAISHU_VAR": str(tmp_path / "var")})
