from __future__ import annotations

from pathlib import Path

import pytest
from tests.packaging.written import written
from tests.portals import small_portal


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    assert written(tmp_path).notes == ()
    return tmp_path / "out"
