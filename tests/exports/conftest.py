from __future__ import annotations

from pathlib import Path

import pytest
from tests.exports.exported import Exported, small_catalogue


@pytest.fixture
def exported(tmp_path: Path) -> Exported:
    return small_catalogue(tmp_path / "site")
