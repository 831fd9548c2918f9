"""A portal beside an earlier commit: what changed, which problems are new, which are gone."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.catalog.test_reviews import DATA, PARKS, change
from tests.portals import git_commit, small_portal

from kaishu.base.errors import NotFound
from kaishu.cli.main import main_group
from kaishu.history.git import History
from kaishu.packaging.comparison import as_markdown, compare

FIRST, SECOND = "2026-03-02T09:00:00+08:00", "2026-03-03T09:00:00+08:00"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    git_commit(root, FIRST)
    return root


def test_what_changed_is_told_committed_or_not(root: Path) -> None:
    change(root, DATA, "东公园", "南公园")
    git_commit(root, SECOND)
    change(root, PARKS, "title: 城市公园名单", "title: 公园名单")
    found = compare(root, History.open(root), "HEAD~1")
    (one,) = found.changed
    assert one.sentences() == ["修改 1 行", "名称：原为“城市公园名单”，现为“公园名单”"]
    assert "**公园名单**（" not in as_markdown(found)
    assert "修改 1 行" in as_markdown(found)
    assert not found.new


def test_problems_are_new_or_gone_wherever_their_line_is(root: Path) -> None:
    change(root, PARKS, "  review: {date: 2026-01-04, by: 测试}\n", "")
    git_commit(root, SECOND)
    change(root, PARKS, "keywords: [公园]\n", "# 注释\n# 注释\nkeywords: [公园]\n")
    change(root, DATA, "1,中心公园", "一,中心公园")
    found = compare(root, History.open(root), "HEAD")
    assert "type-error" in [one.code for one in found.new]
    assert "missing-review" in [one.code for one in found.there]
    change(root, DATA, "一,中心公园", "1,中心公园")
    change(root, PARKS, "  update_cycle", "  review: {date: 2026-01-04, by: 测试}\n  update_cycle")
    found = compare(root, History.open(root), "HEAD")
    assert [one.code for one in found.gone] == ["missing-review"]


def test_a_warning_with_another_number_is_the_same(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kaishu.packaging.quality.FEW_ROWS", 10)
    change(root, DATA, "1,中心公园\n", "1,中心公园\n7,南公园\n")
    found = compare(root, History.open(root), "HEAD")
    assert "few-rows" in [one.code for one in found.there]
    assert not found.new


def test_only_what_the_branch_itself_changed_counts(root: Path) -> None:
    def git(*arguments: str) -> None:
        subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)

    git("branch", "target")
    git("switch", "-qc", "proposal")
    change(root, DATA, "东公园", "南公园")
    git_commit(root, SECOND)
    git("switch", "-q", "target")
    change(root, "datasets/mzj/visits/datapackage.yaml", "title: 公园客流明细", "title: 客流")
    git_commit(root, SECOND)
    git("switch", "-q", "proposal")
    found = compare(root, History.open(root), "target")
    assert [one.key for one in found.changed] == ["mzj/parks"]


def test_what_breaks_is_a_new_problem(root: Path) -> None:
    change(root, PARKS, "name: code, type: integer", "name: code, type: string")
    found = compare(root, History.open(root), "HEAD")
    assert "breaking-change" in [one.code for one in found.new]


def test_the_command_says_it_in_every_form(root: Path) -> None:
    change(root, DATA, "1,中心公园", "一,中心公园")

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(main_group, ["check", "--root", str(root), *arguments])
        return done.exit_code, done.output

    status, text = run("--against", "HEAD", "--format", "markdown")
    assert status == 1
    assert "type-error" in text
    assert "| 程度 | 位置 | 问题 | 怎样处理 |" in text
    status, text = run("--against", "HEAD", "--format", "json")
    assert "type-error" in [one["code"] for one in json.loads(text)["new"]]
    for form in ("text", "github", "sarif"):
        assert "type-error" in run("--against", "HEAD", "--format", form)[1]


def test_an_unknown_commit_is_said(root: Path) -> None:
    with pytest.raises(NotFound):
        compare(root, History.open(root), "no-such-branch")
    with pytest.raises(NotFound):
        compare(root, History.open(root), "--output=x")
