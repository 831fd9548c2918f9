"""A push that is taken is published; one that cannot be built leaves the public site as it was."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.gate.conftest import MZJ, OPERATOR, Clone
from tests.gate.test_push import PARKS

from kaishu.cli.main import main_group
from kaishu.gate import settings as gate_settings
from kaishu.gate.settings import Settings
from kaishu.publishing import publication

pytestmark = pytest.mark.slow


def wait_until_published(output: Path) -> None:
    """Until no build is under way any more."""
    with (output / ".publishing").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)


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
    said = CliRunner().invoke(main_group, ["releases", "--root", str(public)]).output
    assert "构建没有成功" in said
    assert "mkdocs.yml" in said
    last = publication.last(public / "build")
    assert last is not None
    assert last.commit == ops.git("rev-parse", "HEAD")
    ops.git("revert", "--no-edit", "HEAD")
    assert "已发布版本" in ops.push().stderr
    said = CliRunner().invoke(main_group, ["releases", "--root", str(public)]).output
    assert "构建没有成功" not in said


def test_a_pusher_who_does_not_wait_finds_it_under_way_and_done(
    bare: Path, public: Path, clone: Callable[..., Clone]
) -> None:
    mz = clone(MZJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    done = mz.push(KAISHU_PUBLISH_LATER="1")
    assert "正在发布" in done.stderr
    assert publication.is_under_way(public / "build")
    assert not (public / "build/site").exists()
    wait_until_published(public / "build")
    last = publication.last(public / "build")
    assert last is not None
    assert last.state == publication.DONE
    page = public / "build/site/datasets/mzj/parks/index.html"
    assert "新公园" in page.read_text(encoding="utf-8")
