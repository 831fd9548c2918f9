from __future__ import annotations

from pathlib import Path

import pytest
from tests.servers import copy_of_the_example

from kaishu.publishing.build import build


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example portal's built site."""
    root = copy_of_the_example(tmp_path_factory.mktemp("example") / "portal")
    build(root, root / "build")
    return (root / "build/site").resolve()
