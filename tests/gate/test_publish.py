"""A push that is taken is published; one that cannot be built leaves the public site as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.gate.conftest import MZJ, OPERATOR, Clone
from tests.gate.test_push import PARKS

from kaishu.gate import settings as gate_settings
from kaishu.gate.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture
def public(bare: Path, tmp_path: Path) -> Path:
    """The folder that the gate publishes from."""
    folder = tmp_path / "www" / "portal"
    settings = Settings(operators=(OPERATOR,), portal=str(folder))
    (bare / gate_settings.FILE).write_text(gate_settings.as_yaml(settings), encoding="utf-8")
    return folder


def test_what_was_pushed_is_live_when_the_push_returns(
    bare: Path, public: Path, clone: Callable[..., Clone]
) -> None:
    mz = clone(MZJ)
    for name in ("新公园", "再新的公园"):
        mz.write(PARKS, (mz.folder / PARKS).read_text() + f"{len(name)},{name}\n")
        mz.commit()
        done = mz.push()
        assert done.returncode == 0, done.stderr
        assert "已发布版本" in done.stderr
        page = public / "build/site/datasets/mzj/parks/index.html"
        assert name in page.read_text(encoding="utf-8")
        # The hook's own environment does not hide the clone's history.
        feed = public / "build/site/datasets/mzj/parks/feed.xml"
        assert "<entry>" in feed.read_text(encoding="utf-8")


def test_a_build_that_fails_leaves_the_public_site_and_says_so(
    bare: Path, public: Path, clone: Callable[..., Clone]
) -> None:
    ops = clone(OPERATOR)
    ops.write("site_src/about.md", "# 关于\n")
    ops.commit()
    done = ops.push()
    assert "已发布版本" in done.stderr, done.stderr
    before = (public / "build/site").readlink()
    ops.write("mkdocs.yml", "site_name: [\n")
    ops.commit()
    done = ops.push()
    assert done.returncode == 0
    assert "公开的网站保持原样" in done.stderr
    assert (public / "build/site").readlink() == before
