"""Every test run gets a variable folder and a portal of its own, before Django reads its settings."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from tests.portals import small_portal

_SCRATCH = Path(tempfile.mkdtemp(prefix="kaishu-tests-"))
os.environ["KAISHU_ROOT"] = str(small_portal(_SCRATCH / "portal"))
os.environ["KAISHU_VAR"] = str(_SCRATCH / "var")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaishu.backend.settings")


@pytest.fixture(autouse=True)
def _short_tables_are_meant(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The small portals of tests have short tables on purpose; their own test says what is short."""
    if not request.module.__name__.endswith(("test_quality", "publishing.test_build")):
        monkeypatch.setattr("kaishu.packaging.quality.FEW_ROWS", 0)
