"""Several people push to one repository at the same time."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from tests.gate.conftest import Clone, git
from tests.gate.test_push import PARKS

if TYPE_CHECKING:
    from pathlib import Path

ROUNDS = 2
PATHS = (PARKS, "datasets/jtj/permits/NOTES.md", "site_src/about.md")


def push_at_once(department: Clone, other: Clone, operator: Clone) -> None:
    """Each writes to a file of their own twice, and tries again until it is taken."""

    def publish(one: Clone, path: str) -> None:
        for n in range(ROUNDS):
            old = (one.folder / path).read_text(encoding="utf-8") if n or path == PARKS else ""
            one.write(path, f"{old}{n + 30},第{n}次\n")
            one.commit()
            while one.push().returncode:
                one.git("pull", "-q", "--rebase")

    people = (department, other, operator)
    threads = [
        threading.Thread(target=publish, args=pair) for pair in zip(people, PATHS, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def assert_all_are_there(bare: Path) -> None:
    """One whole history holds every push of `push_at_once`."""
    assert git(bare, "fsck", "--strict").returncode == 0
    made = git(bare, "rev-list", "--count", "--grep=改动", "main").stdout
    assert int(made) == ROUNDS * len(PATHS)
    for path in PATHS:
        text = git(bare, "show", f"main:{path}").stdout
        assert [f"{n + 30},第{n}次" in text for n in range(ROUNDS)] == [True] * ROUNDS
