"""Many at once, answers in order, and nothing more begun once one has failed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest

from kaishu.base import i18n
from kaishu.base.errors import BuildError
from kaishu.base.parallel import AT_ONCE, each, in_processes

# Works on for a minute, and says which processes do.
LONG = """
import os, time
from kaishu.base.parallel import in_processes

if __name__ == "__main__":
    def work(n):
        os.write(1, b"%d\\n" % os.getpid())
        time.sleep(60)

    list(in_processes(work, range(4), 2))
"""


def test_answers_come_in_the_order_of_the_items() -> None:
    together = threading.Barrier(AT_ONCE)

    def square(number: int) -> int:
        together.wait(timeout=60)
        return number * number

    assert list(each(square, range(2 * AT_ONCE))) == [n * n for n in range(2 * AT_ONCE)]


def test_what_has_not_begun_when_one_fails_is_not_begun() -> None:
    begun: list[int] = []

    def work(number: int) -> None:
        begun.append(number)
        if number == 0:
            raise ValueError(number)
        time.sleep(0.02)

    with pytest.raises(ValueError, match="0"):
        list(each(work, range(1_000)))
    assert len(begun) < 1_000


def test_processes_work_with_what_this_one_holds_and_answer_in_order() -> None:
    held = threading.Lock()  # nothing that could be sent

    def work(number: int) -> tuple[int, str, int]:
        with held:
            return number, i18n.gettext("Data catalogue"), os.getpid()

    with i18n.use("zh-CN"):
        found = list(in_processes(work, range(100), 2, in_turn=7))
    assert [(number, word) for number, word, _process in found] == [
        (number, "数据目录") for number in range(100)
    ]
    assert os.getpid() not in {process for _number, _word, process in found}


def test_what_a_process_raises_is_raised_and_the_rest_is_given_up(tmp_path: Path) -> None:
    def work(number: int) -> None:
        (tmp_path / str(number)).touch()
        if number == 3:
            raise BuildError("the fourth")
        time.sleep(0.02)

    with pytest.raises(BuildError, match="the fourth"):
        list(in_processes(work, range(1_000), 2))
    assert len(list(tmp_path.iterdir())) < 1_000


def test_a_process_that_is_killed_ends_the_work_with_a_word_of_why() -> None:
    def work(number: int) -> None:
        if number == 3:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(BuildError, match="--jobs"):
        list(in_processes(work, range(10), 2))


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_whatever_ends_the_one_that_asked_ends_the_processes_quietly(
    tmp_path: Path, how: signal.Signals
) -> None:
    script = tmp_path / "long.py"
    script.write_text(LONG, encoding="utf-8")
    # Whoever runs the tests in the background has them ignore what interrupts.
    asking = subprocess.Popen(
        ["env", "--default-signal=INT", sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert asking.stdout is not None
    processes = [psutil.Process(int(asking.stdout.readline())) for _process in range(2)]
    # Until both sleep, and the one that asked waits: just before a sleep a signal is heard after it.
    time.sleep(1)
    if how is signal.SIGINT:
        # As a terminal does: everyone of the group hears it.
        os.killpg(asking.pid, how)
    else:
        asking.kill()
    _gone, alive = psutil.wait_procs(processes, timeout=20)
    _out, said = asking.communicate(timeout=20)
    assert not alive
    if how is signal.SIGINT:
        assert said.count("Traceback") == 1, said


def test_what_is_not_to_be_interrupted_works_on(tmp_path: Path) -> None:
    script = tmp_path / "long.py"
    script.write_text(LONG.replace("sleep(60)", "sleep(2)"), encoding="utf-8")
    # As a shell begins what it puts into the background.
    asking = subprocess.Popen(
        ["sh", "-c", 'trap \'\' INT; exec "$0" "$1"', sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert asking.stdout is not None
    asking.stdout.readline()
    os.killpg(asking.pid, signal.SIGINT)
    _out, said = asking.communicate(timeout=60)
    assert (asking.returncode, said) == (0, "")
