"""The processes that answer: kept alive, stopped without breaking off, ended with their master."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
import urllib.parse
from typing import TYPE_CHECKING

import psutil
import pytest
from tests.backend.test_rsgi import connected, post
from tests.cli.test_serve import ask
from tests.portals import small_portal
from tests.servers import KAISHU, Served, run, serving

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    root = small_portal(tmp_path / "portal")
    run("build", root=root)
    with serving(root, "--workers", "2") as running:
        yield running


def processes(served: Served) -> list[psutil.Process]:
    """The process that listens, and after it those that answer."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        line = process.info["cmdline"] or ()
        if "serve" in line and str(served.root) in line:
            found.append(process)
    return sorted(found, key=lambda one: one.create_time())


def test_a_process_that_ends_is_replaced(served: Served) -> None:
    for process in processes(served)[1:]:
        process.kill()
        process.wait(10)
    assert ask(served, "/healthz")[0] == 200


def test_a_process_that_is_told_to_stop_while_it_loads_ends_at_once(served: Served) -> None:
    main, first, *_others = processes(served)
    first.kill()
    first.wait(10)
    main.send_signal(signal.SIGTERM)
    assert main.wait(15) == 0


def test_before_the_first_request_a_process_has_loaded_what_answers_it(tmp_path: Path) -> None:
    loaded = (
        "import gc, sys; from types import SimpleNamespace as Some;"
        " from kaishu.backend.worker import settle; settle(Some(place=0, cfg=Some(workers=0)));"
        " print('kaishu.backend.publish.views' in sys.modules, gc.get_freeze_count() > 100_000)"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kaishu.backend.settings",
        "KAISHU_ROOT": str(small_portal(tmp_path / "portal")),
        "KAISHU_VAR": str(tmp_path / "var"),
    }
    setup = "import django; django.setup(); "
    command = [sys.executable, "-c", setup + loaded]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True", "True"]


def test_as_many_processes_as_cores_keep_to_one_each(tmp_path: Path) -> None:
    root, cores = small_portal(tmp_path / "portal"), sorted(os.sched_getaffinity(0))
    with serving(root, "--workers", str(len(cores))) as running:
        ask(running, "/cases/apply/")
        main, *others = processes(running)
        kept = [one.cpu_affinity() for one in others if one.ppid() == main.pid]
        assert main.cpu_affinity() == cores
    assert sorted(kept) == [[core] for core in cores]


def held(served: Served) -> list[set[int]]:
    """From which ports the connections come that each answering process holds."""
    main, *others = processes(served)
    answering = [one for one in others if one.ppid() == main.pid and "serve" in one.cmdline()]
    port = urllib.parse.urlsplit(served.url).port
    return [
        {
            one.raddr.port
            for one in process.net_connections("tcp")
            if one.laddr.port == port and one.status == "ESTABLISHED"
        }
        for process in answering
    ]


def test_connections_are_shared_out_among_processes(served: Served) -> None:
    with contextlib.ExitStack() as open_links:
        for _number in range(64):
            open_links.enter_context(connected(served))
        time.sleep(1)
        counts = [len(one) for one in held(served)]
    assert sum(counts) == 64
    # By chance alone a process has fewer once in more than a million times.
    assert min(counts) * len(counts) >= 64 / 4


def test_a_process_that_has_much_more_to_do_lets_go_of_connections(served: Served) -> None:
    request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with contextlib.ExitStack() as open_links:
        links = [open_links.enter_context(connected(served)) for _number in range(64)]
        time.sleep(1)
        crowded, *_others = held(served)
        links = [one for one in links if one.getsockname()[1] in crowded]
        kept = len(links)
        for _round in range(50):
            for one in links:
                one.sendall(request)
            answers = [one.recv(65536).lower() for one in links]
            assert all(answer.startswith(b"http/1.1 200 ") for answer in answers)
            links = [
                one
                for one, answer in zip(links, answers, strict=True)
                if b"\r\nconnection: close" not in answer
            ]
    # Not all at once, and none where there is little to do.
    assert 2 <= len(links) < kept


def test_an_open_request_is_finished_before_the_server_ends(served: Served) -> None:
    with connected(served) as link, connected(served):
        main = processes(served)[0]
        link.sendall(post(b"purpose=", length=10))
        time.sleep(0.5)
        main.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        link.sendall(b"ab")
        assert link.recv(65536).startswith(b"HTTP/1.1 403 ")
        assert main.wait(20) == 0
        with pytest.raises(ConnectionError):
            connected(served)


def test_nobody_answers_any_more_when_the_main_process_is_killed(served: Served) -> None:
    main, *others = processes(served)
    assert others
    main.kill()
    gone, alive = psutil.wait_procs(others, timeout=20)
    assert (len(gone), alive) == (len(others), [])


def test_a_port_that_is_taken_is_said_and_not_shared(served: Served) -> None:
    port = urllib.parse.urlsplit(served.url).port
    done = subprocess.run(
        [KAISHU, "serve", "--root", str(served.root), "--port", str(port)],
        env={**os.environ, "KAISHU_VAR": str(served.var)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode != 0
    assert str(port) in done.stderr
    assert "Traceback" not in done.stderr
