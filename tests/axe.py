"""Axe-core in the browser of the tests: what of a page as it stands keeps somebody out.

`python -m tests.axe` brings it, which set-up does; a test that finds it missing brings it too.
"""

from __future__ import annotations

import fcntl
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kaishu.site import libraries

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

ROOT = Path(__file__).parents[1]
PINS, FOLDER = ROOT / "scripts/lib/axe", ROOT / "build/axe"
SCRIPT = FOLDER / "node_modules/axe-core/axe.min.js"


def bring() -> None:
    """Have npm bring the pinned version, once; one process does it for all."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    lock = (PINS / "package-lock.json").read_bytes()
    stamp = FOLDER / "package-lock.json"
    with (FOLDER / ".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not (SCRIPT.is_file() and stamp.read_bytes() == lock):
            libraries.install(PINS, FOLDER)


@functools.cache
def _source() -> str:
    bring()
    return SCRIPT.read_text(encoding="utf-8")


def violations(driver: Chrome) -> list[dict[str, Any]]:
    """What is wrong with the page that is open: rule, impact, elements, why."""
    driver.set_script_timeout(120)
    driver.execute_script(_source())
    result = driver.execute_async_script(
        "const done = arguments[0]; axe.run(document).then(done, e => done(String(e)))"
    )
    return [
        {
            "rule": one["id"],
            "impact": one["impact"],
            "nodes": [node["html"] for node in one["nodes"]],
            "why": [node["failureSummary"] for node in one["nodes"]][:3],
        }
        for one in result["violations"]
    ]


if __name__ == "__main__":
    bring()
