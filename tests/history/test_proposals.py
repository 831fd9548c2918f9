"""What a process that answers has git do is not kept to that process's core."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# A push runs hooks, which may build; an alias runs a program as a hook does.
SCRIPT = """
import sys
from pathlib import Path
from kaishu.base import cores
from kaishu.history.proposals import Proposals

cores.keep_to_one(0, 1000)
works_on = f'!{sys.executable} -c "import os; print(sorted(os.sched_getaffinity(0)))"'
done = Proposals._run(Path(sys.argv[1]), "-c", f"alias.cores={works_on}", "cores")
print(done.stdout.decode(), cores.available())
"""


def test_a_push_may_use_all_cores(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    command = [sys.executable, "-c", SCRIPT, str(tmp_path)]
    pushed, own = subprocess.check_output(command, text=True).splitlines()
    cores = sorted(os.sched_getaffinity(0))
    assert (pushed, own.strip()) == (str(cores), str(cores[:1]))
