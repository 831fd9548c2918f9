"""`kaishu review`: list, show, approve, return; what it writes is what a build asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.catalog.test_reviews import DATA, change
from tests.portals import small_portal

from kaishu.catalog.load import load
from kaishu.catalog.reviews import of_dataset
from kaishu.cli.main import main_group

BY = ("--by", "李四", "--reference", "开审〔2026〕5号")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = small_portal(tmp_path / "portal")
    change(root, "catalog.yaml", "mode: example", "mode: example\nreview: {policy: all}")
    return root


def run(root: Path, *arguments: str, status: int = 0) -> str:
    done = CliRunner().invoke(main_group, ["review", *arguments, "--root", str(root)])
    assert done.exit_code == status, (done.output, done.exception)
    return done.output


def waiting(root: Path) -> dict[str, str]:
    said = json.loads(run(root, "list", "--format", "json"))
    return {one["dataset"]: one["why"] for one in said["waiting"]}


def test_what_is_approved_waits_no_more_until_it_changes(root: Path) -> None:
    assert waiting(root) == dict.fromkeys(("jtj/permits", "mzj/parks", "mzj/visits"), "first")
    run(root, "approve", "mzj/parks", *BY, "--secrecy-by", "张三", "--secrecy-date", "2025-03-01")
    assert set(waiting(root)) == {"jtj/permits", "mzj/visits"}
    ((one,), _found) = of_dataset(root, load(root).by_key["mzj/parks"])
    assert one.said.secrecy is not None
    assert (one.said.secrecy.by, str(one.said.secrecy.date)) == ("张三", "2025-03-01")
    assert one.said.openness is not None
    assert one.said.openness.reference == "开审〔2026〕5号"
    change(root, DATA, "东公园", "南公园")
    assert waiting(root)["mzj/parks"] == "content"
    change(root, "datasets/mzj/parks/datapackage.yaml", "type: string", "type: any")
    assert waiting(root)["mzj/parks"] == "structure"


def test_everything_can_be_approved_at_once(root: Path) -> None:
    assert run(root, "approve", "--all", *BY).count("governance/reviews/") == 3
    assert waiting(root) == {}


def test_what_is_returned_says_why(root: Path) -> None:
    run(root, "return", "datasets/mzj/parks", "--by", "李四", "--reason", "请补充更新说明")
    assert "请补充更新说明" in run(root, "list")
    shown = run(root, "show", "mzj/parks")
    assert "请补充更新说明" in shown
    assert "城市公园名单" in shown


def test_an_unknown_dataset_writes_nothing(root: Path) -> None:
    run(root, "approve", "mzj/parks", "mzj/none", *BY, status=1)
    run(root, "approve", *BY, status=1)
    assert not (root / "governance").exists()
