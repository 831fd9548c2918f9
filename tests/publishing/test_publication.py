"""How publishing stands is known to others while it runs, when it has ended, and when it was cut off."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kaishu.base.errors import BuildError, InvalidFiles
from kaishu.base.problems import Problem, Severity
from kaishu.publishing import publication
from kaishu.publishing.publication import DONE, FAILED, Recorded


def test_nothing_was_built_yet(tmp_path: Path) -> None:
    assert publication.last(tmp_path) is None
    assert not publication.is_under_way(tmp_path)


def test_a_build_is_under_way_until_it_has_ended(tmp_path: Path) -> None:
    with Recorded(tmp_path, "abc") as record:
        assert publication.is_under_way(tmp_path)
        assert publication.last(tmp_path) is None
        record.release = "r1"
    assert not publication.is_under_way(tmp_path)
    last = publication.last(tmp_path)
    assert last is not None
    assert (last.state, last.commit, last.release, last.reason) == (DONE, "abc", "r1", "")


def test_builds_that_wait_for_each_other_are_all_under_way(tmp_path: Path) -> None:
    with Recorded(tmp_path):
        with Recorded(tmp_path):
            pass
        assert publication.is_under_way(tmp_path)
    assert not publication.is_under_way(tmp_path)


def test_a_failure_is_told_with_its_reason_until_a_build_succeeds(tmp_path: Path) -> None:
    wrong = [
        Problem(code="x", severity=Severity.ERROR, message=f"wrong {n}", hint="", file=f"f{n}")
        for n in range(7)
    ]
    for error, reason in (
        (BuildError("no room"), "no room"),
        (OSError(), "OSError"),
        (InvalidFiles("not right", wrong), "not right\nf0: wrong 0"),
    ):
        with pytest.raises(type(error)), Recorded(tmp_path):
            raise error
        last = publication.last(tmp_path)
        assert last is not None
        assert last.state == FAILED
        assert last.reason.startswith(reason)
    assert last.reason.splitlines()[-1] == "另有 2 项。"
    with Recorded(tmp_path):
        pass
    last = publication.last(tmp_path)
    assert last is not None
    assert last.state == DONE


def test_a_build_that_was_killed_has_failed(tmp_path: Path) -> None:
    code = (
        "import os, pathlib, signal, sys; from kaishu.publishing.publication import Recorded;"
        "Recorded(pathlib.Path(sys.argv[1]), 'abc').__enter__();"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
    last = publication.last(tmp_path)
    assert last is not None
    assert (last.state, last.commit, last.reason) == (FAILED, "abc", "构建中途停止。")


def test_what_was_handed_to_another_process_is_under_way_until_that_ends(tmp_path: Path) -> None:
    read, write = os.pipe()
    with publication.hold(tmp_path) as lock:
        command = [sys.executable, "-c", f"import os; os.read({read}, 1)"]
        other = subprocess.Popen(command, pass_fds=(lock.fileno(), read))
    assert publication.is_under_way(tmp_path)
    os.write(write, b"x")
    other.wait()
    assert not publication.is_under_way(tmp_path)
    os.close(read)
    os.close(write)


def test_where_nothing_can_be_written_the_build_goes_on(tmp_path: Path) -> None:
    (tmp_path / "reports").write_text("no folder")
    with Recorded(tmp_path) as record:
        record.release = "r1"
    assert publication.last(tmp_path) is None
