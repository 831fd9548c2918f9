"""What was acknowledged is there, once and whole, however often the server is killed meanwhile."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import secrets
import signal
import sqlite3
import threading
import time
import urllib.parse
from typing import TYPE_CHECKING

import psutil
import pytest
from tests.cases.conftest import FIELDS
from tests.portals import small_portal
from tests.servers import Served, run, serving

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

KILLS = 100
CLIENTS = 6
FORM = "/cases/apply/?dataset=mzj/visits"


class Applicant(threading.Thread):
    """Files one application after the other, each sent again until it is acknowledged."""

    def __init__(self, served: Served, page: str, cookie: str, stop: threading.Event) -> None:
        super().__init__()
        self.netloc = urllib.parse.urlsplit(served.url).netloc
        self.cookie, self.stop = cookie, stop
        self.hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page))
        self.acknowledged: dict[str, set[str]] = {}
        self.statuses: set[int] = set()

    def run(self) -> None:
        while not self.stop.is_set():
            key = secrets.token_hex(16)
            while (number := self._send(key)) is None:
                pass
            self.acknowledged.setdefault(key, set()).add(number)
            # Pressed twice, or retried after a timeout: the same case.
            if secrets.randbelow(4) == 0 and (again := self._send(key)) is not None:
                self.acknowledged[key].add(again)

    def _send(self, key: str) -> str | None:
        fields = {**FIELDS, **self.hidden, "undertaking": "on", "idempotency_key": key}
        # Each from an address of its own, as the operator's proxy says.
        address = ".".join(str(1 + secrets.randbelow(250)) for _n in range(4))
        headers = {
            "Cookie": self.cookie,
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": address,
        }
        connection = http.client.HTTPConnection(self.netloc, timeout=10)
        try:
            connection.request("POST", FORM, urllib.parse.urlencode(fields), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        self.statuses.add(answer.status)
        if answer.status != 302:
            self.stop.set()
            return ""
        found = re.search(r"/cases/(\d{15})/receipt/", answer.getheader("Location", ""))
        return found[1] if found else None


def workers(served: Served) -> list[psutil.Process]:
    """The server's processes that answer requests: children of the one that listens."""
    found = []
    for process in psutil.process_iter(["cmdline", "status", "ppid"]):
        line = process.info["cmdline"] or ()
        if "serve" in line and str(served.root) in line:
            found.append(process)
    pids = {process.pid for process in found}
    return [process for process in found if process.info["ppid"] in pids]


def test_a_hundred_kills_lose_halve_and_double_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KAISHU_BEHIND_PROXY", "1")
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    stop = threading.Event()
    with serving(root) as served:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(served.url).netloc)
        connection.request("GET", FORM)
        answer = connection.getresponse()
        page = answer.read().decode()
        cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        connection.close()
        applicants = [Applicant(served, page, cookie, stop) for _n in range(CLIENTS)]
        for one in applicants:
            one.start()
        try:
            killed = 0
            while killed < KILLS:
                acknowledged = sum(len(one.acknowledged) for one in applicants)
                for process in workers(served):
                    # One that has ended by itself since it was listed is no kill.
                    with contextlib.suppress(ProcessLookupError):
                        os.kill(process.pid, signal.SIGKILL)
                        killed += 1
                # The next kill comes in the midst of filing again, at no fixed moment.
                while sum(len(one.acknowledged) for one in applicants) < acknowledged + 2:
                    assert not stop.is_set(), {
                        status for one in applicants for status in one.statuses
                    }
                    time.sleep(0.01)
                time.sleep(secrets.randbelow(60) / 1000)
        finally:
            stop.set()
            for one in applicants:
                one.join()
    seen = {key: numbers for one in applicants for key, numbers in one.acknowledged.items()}
    assert len(seen) >= KILLS
    assert {status for one in applicants for status in one.statuses} == {302}
    assert all(len(numbers) == 1 for numbers in seen.values()), "one form, two cases"
    check(served.var / "kaishu.sqlite3", set().union(*seen.values()))
    run("audit", "verify", root=root)


def check(database: Path, acknowledged: set[str]) -> None:
    """Every acknowledged case is there, and every case has all that belongs to it."""
    stored = sqlite3.connect(os.fspath(database))
    try:
        assert stored.execute("pragma integrity_check").fetchone() == ("ok",)
        numbers = [row[0] for row in stored.execute("select number from cases_case")]
        assert len(numbers) == len(set(numbers))
        assert acknowledged == set(numbers)
        halves = stored.execute(
            "select c.number from cases_case c where"
            " (select count(*) from cases_event e where e.case_id = c.id) <> 1"
            " or (select count(*) from cases_outgoingmail m where m.case_id = c.id"
            "     and m.message_id like '%applicant%') <> 1"
            " or c.head <> (select e.hash from cases_event e where e.case_id = c.id)"
        )
        assert halves.fetchall() == []
    finally:
        stored.close()
