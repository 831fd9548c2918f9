"""Under review a push is taken, and public only once the operator approved exactly its content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.gate.conftest import MZJ, OPERATOR, Clone
from tests.gate.test_publish import public  # noqa: F401
from tests.gate.test_push import PARKS, refused

from kaishu.cli.main import main_group

pytestmark = pytest.mark.slow
Make = Callable[..., Clone]
PAGE = "build/site/datasets/mzj/parks/index.html"


def approve(ops: Clone, *keys: str) -> None:
    ops.git("pull", "-q", "--rebase")
    arguments = [
        "review",
        "approve",
        *(keys or ("--all",)),
        "--by",
        "李四",
        "--reference",
        "开审1号",
    ]
    done = CliRunner().invoke(main_group, [*arguments, "--root", str(ops.folder)])
    assert done.exit_code == 0, done.output
    ops.commit("审核")


def public_bytes(public: Path) -> bytes:  # noqa: F811
    site = (public / "build/site").resolve()
    return b"".join(path.read_bytes() for path in site.rglob("*") if path.is_file())


def test_what_is_pushed_is_public_once_it_is_approved(
    bare: Path,
    public: Path,  # noqa: F811
    clone: Make,
) -> None:
    ops, mz = clone(OPERATOR), clone(MZJ)
    catalogue = (ops.folder / "catalog.yaml").read_text(encoding="utf-8")
    ops.write("catalog.yaml", f"{catalogue}review: {{policy: all}}\n")
    ops.commit()
    said = ops.push().stderr
    assert "待审核：城市公园名单（mzj/parks）；数据集暂不公开。" in said
    assert not (public / PAGE).exists()
    assert "中心公园".encode() not in public_bytes(public)
    approve(ops)
    assert "待审核" not in ops.push().stderr
    assert "中心公园" in (public / PAGE).read_text(encoding="utf-8")
    mz.git("pull", "-q", "--rebase")
    mz.write(PARKS, (mz.folder / PARKS).read_text(encoding="utf-8") + "9,尚未审核的公园\n")
    mz.commit()
    done = mz.push()
    assert done.returncode == 0
    assert "仍公开上一个通过审核的版本" in done.stderr
    assert "尚未审核的公园".encode() not in public_bytes(public)
    assert "中心公园" in (public / PAGE).read_text(encoding="utf-8")
    approve(ops, "mzj/parks")
    assert ops.push().returncode == 0
    assert "尚未审核的公园" in (public / PAGE).read_text(encoding="utf-8")


def test_a_department_never_approves_itself(bare: Path, clone: Make) -> None:
    mz = clone(MZJ)
    approve(mz, "mzj/parks")
    said = refused(bare, mz)
    assert "not-yours" in said
    assert "governance/reviews/mzj/parks/" in said


def test_a_review_that_is_not_right_is_refused(bare: Path, clone: Make) -> None:
    ops = clone(OPERATOR)
    ops.write(f"governance/reviews/mzj/parks/{'0' * 64}.yaml", "decision: approved\nby: 李四\n")
    ops.commit()
    assert "missing-key" in refused(bare, ops)
