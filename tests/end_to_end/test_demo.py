"""The README's first command: a second run needs no network, and everything answers on one port."""

from __future__ import annotations

import os
import signal
import subprocess
import urllib.request
from typing import TYPE_CHECKING

import pytest
from tests.servers import REPOSITORY, free_port, wait_until_it_answers

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("demo")]
UNSET = {"DATABASE_URL", "DJANGO_SETTINGS_MODULE", "KAISHU_ROOT"}


def environment(tmp_path: Path, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in UNSET}
    # Nobody listens there: whatever asks for a package fails.
    nowhere = {
        "PIP_NO_INDEX": "1",
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    return {**kept, **nowhere, "KAISHU_VAR": str(tmp_path / "var"), "PORT": str(port)}


def test_a_second_run_serves_site_and_forms_without_the_network(tmp_path: Path) -> None:
    port = free_port()
    log = tmp_path / "demo.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["scripts/demo"], cwd=REPOSITORY, env=environment(tmp_path, port), stdout=output,
            stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_it_answers(f"{address}/healthz", process, log)
        with urllib.request.urlopen(f"{address}/") as answer:
            assert "营口市公共数据开放平台" in answer.read().decode()
        with urllib.request.urlopen(f"{address}/cases/apply/") as answer:
            assert "申请开放数据" in answer.read().decode()
        said = log.read_text()
        assert address in said
        assert "operator" in said
        assert "officer-wjw" in said
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=20)


def test_no_serve_stops_before_serving(tmp_path: Path) -> None:
    done = subprocess.run(
        ["scripts/demo", "--no-serve"], cwd=REPOSITORY, env=environment(tmp_path, free_port()),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert (REPOSITORY / "build/site/index.html").is_file()


def test_an_unknown_argument_is_wrong_usage() -> None:
    done = subprocess.run(
        ["scripts/demo", "--what"], cwd=REPOSITORY, capture_output=True, check=False
    )
    assert done.returncode == 2
