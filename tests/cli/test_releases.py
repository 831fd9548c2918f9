"""Releases are listed, and an earlier one is made public again in one step."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.portals import small_portal, write

from kaishu.cli.main import main_group
from kaishu.publishing import release as releases
from kaishu.publishing.build import build

pytestmark = pytest.mark.slow


def said(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main_group, list(arguments))
    return done.exit_code, done.output or str(done.exception)


def test_an_earlier_release_becomes_the_public_one_again(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    first = build(root, root / "build").release.id
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n7,新公园\n")
    second = build(root, root / "build").release.id
    page = root / "build/site/datasets/mzj/parks/index.html"
    assert "新公园" in page.read_text()
    listed = said("releases", "--root", str(root))[1].splitlines()
    assert [line.split()[:2] for line in listed] == [["*", second], [first, listed[1].split()[1]]]

    assert said("rollback", "--root", str(root)) == (0, f"现在公开的是版本 {first}。\n")
    assert "新公园" not in page.read_text()
    assert said("rollback", second, "--root", str(root))[0] == 0
    assert "新公园" in page.read_text()


def test_a_release_that_is_not_there_is_said_and_nothing_moves(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    only = build(root, root / "build").release.id
    for arguments in (["rollback"], ["rollback", "none"]):
        status, words = said(*arguments, "--root", str(root))
        assert status != 0
        assert only in words
    public = releases.current(root / "build")
    assert public is not None
    assert public.id == only
