"""A process keeps to a core of its own where each has one; what it starts need not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

ALL = sorted(os.sched_getaffinity(0))
WORKS_ON = "import os; print(sorted(os.sched_getaffinity(0)))"
SCRIPT = f"""
import json, subprocess, sys
from threading import Thread
from kaishu.base import cores

found = {{}}
def look(name):
    started = [sys.executable, "-c", {WORKS_ON!r}]
    found[name] = [cores.available(), json.loads(subprocess.check_output(started))]

cores.keep_to_one(int(sys.argv[1]), int(sys.argv[2]))
look("own")
with cores.all_of_them():
    look("all")
look("after")
thread = Thread(target=look, args=("thread",))
thread.start()
thread.join()
print(json.dumps(found))
"""


def kept(place: int, processes: int) -> Any:
    command = [sys.executable, "-c", SCRIPT, str(place), str(processes)]
    return json.loads(subprocess.check_output(command))


def test_each_of_as_many_processes_as_cores_keeps_to_one_and_starts_others_on_all() -> None:
    for place in (0, len(ALL) - 1, len(ALL)):
        one = [ALL[place % len(ALL)]]
        assert kept(place, len(ALL)) == {
            "own": [one, one],
            "all": [ALL, ALL],
            "after": [one, one],
            "thread": [one, one],
        }


def test_fewer_processes_than_cores_are_left_to_choose() -> None:
    assert set(map(str, kept(0, len(ALL) - 1).values())) == {str([ALL, ALL])}
