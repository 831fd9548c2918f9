"""`kaishu register export` writes the register and says what it did."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write
from tests.servers import run

from kaishu.catalog import register

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_an_empty_register_is_exported_checked_and_built(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    said = run("register", "export", root=root)
    assert "0" in said
    assert "operator.department" in said
    text = (root / "catalog.yaml").read_text()
    keeper = text.replace("open@example.org}", "open@example.org, department: mzj}")
    write(root, "catalog.yaml", keeper)
    assert "operator.department" not in run("register", "export", root=root)
    assert register.read(root) == ((), [])
    run("build", root=root)
    assert (root / "build/site/datasets/mzj/register/index.html").is_file()
    assert (root / "build/site/datasets/mzj/register/data/cases.csv").is_file()
