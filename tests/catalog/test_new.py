"""A new portal is valid as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from kaishu.base.errors import UsageError
from kaishu.catalog.new import new_portal
from kaishu.cli.main import COMMANDS
from kaishu.packaging.check import check_portal
from kaishu.publishing.build import build


def test_a_new_portal_has_no_problem(tmp_path: Path) -> None:
    new_portal(tmp_path / "city")
    catalog, problems = check_portal(tmp_path / "city")
    assert catalog is not None
    assert problems == []


@pytest.mark.slow
def test_a_new_portal_builds_with_its_own_page(tmp_path: Path) -> None:
    new_portal(tmp_path / "city")
    files = build(tmp_path / "city", tmp_path / "out").release.manifest
    assert {"index.html", "datasets/index.html", "about/index.html"} <= set(files)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError):
        new_portal(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_every_forges_workflow_is_laid_down_and_names_commands_that_exist(tmp_path: Path) -> None:
    new_portal(tmp_path / "portal")
    for path in (".github/workflows/kaishu.yml", ".gitlab-ci.yml"):
        text = (tmp_path / "portal" / path).read_text(encoding="utf-8")
        assert isinstance(yaml.safe_load(text), dict)
        for name in re.findall(r"kaishu (\w+)", text):
            assert name in COMMANDS
    assert not (tmp_path / "portal/gitlab-ci.yml").exists()
