from __future__ import annotations

import pytest
from tests.exports.exported import Exported, small_catalogue


@pytest.fixture
def exported() -> Exported:
    return small_catalogue()
