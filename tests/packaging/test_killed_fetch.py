"""Whoever is killed while a file is fetched leaves no half of it, and the next run fetches it whole."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.packaging.test_stored import FILE, errors, forget, portal_of
from tests.s3 import s3

from kaishu.catalog.load import load
from kaishu.packaging import stored
from kaishu.packaging.store import COPIES
from kaishu.packaging.storing import put

# A server of S3 answers, in a process of its own.
pytestmark = pytest.mark.slow

__all__ = ["s3"]

ROWS = 300_000
# The system kills whoever writes a file beyond this size.
MOST = 1_000_000
KILLED = f"""
import resource, signal, sys
from pathlib import Path
from kaishu.packaging.check import check_portal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, ({MOST}, {MOST}))
check_portal(Path(sys.argv[1]))
"""


@pytest.fixture(params=["folder", "s3"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A portal whose parks are many and lie in a store alone."""
    root = portal_of(request, tmp_path)
    rows = "".join(f"{n},公园{n}\n" for n in range(1, ROWS))
    (root / FILE).write_text(f"code,name\n{rows}", encoding="utf-8")
    put(root, load(root).portal, root / FILE)
    forget(root)
    return root


def test_a_killed_fetch_leaves_no_half_and_the_next_run_has_the_whole(root: Path) -> None:
    run = subprocess.run([sys.executable, "-c", KILLED, str(root)], check=False)
    assert run.returncode == -signal.SIGXFSZ
    [part] = root.rglob(".part-*/content")
    assert 0 < part.stat().st_size <= MOST
    assert not (root / FILE).exists()
    assert [path for path in (root / COPIES).rglob("*") if path.is_file()] == [part]
    assert errors(root) == []
    assert len((root / FILE).read_text(encoding="utf-8").splitlines()) == ROWS
    # Somebody else might still be writing it; a day later nobody is.
    assert part.exists()
    for one in (part, part.parent):
        os.utime(one, (time.time() - 90_000,) * 2)
    stored.prune(root / COPIES)
    assert not part.parent.exists()
    assert (root / FILE).exists()
