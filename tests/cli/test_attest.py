"""`kaishu attest`: from the command to the obligation that it meets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_main import kaishu
from tests.supervision.dated import commit, portal

if TYPE_CHECKING:
    import subprocess
    from pathlib import Path

FILE = "datasets/mzj/attestation-2025-10-20.yaml"
Q4 = "catalogue-maintenance/mzj/2025-10-01"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path / "portal", "2025-08-10T10:00:00+08:00")


def attest(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    base = ("--root", str(root), "--department", "mzj", "--by", "张三", "--as-of", "2025-10-20")
    return kaishu("attest", *base, *arguments)


def state(root: Path) -> str:
    arguments = ("--root", str(root), "--as-of", "2025-11-20", "--format", "json")
    made = json.loads(kaishu("obligations", *arguments).stdout)
    return str(next(one["state"] for one in made["obligations"] if one["id"] == Q4))


def test_an_attestation_of_all_counts_once_it_is_committed(root: Path) -> None:
    answer = attest(root, "--all", "--note", "逐项核对")
    assert answer.returncode == 0, answer.stderr
    assert FILE in answer.stdout
    assert kaishu("check", "--root", str(root)).returncode == 0
    assert state(root) == "open"
    commit(root, "2025-10-21")
    assert state(root) == "met"


def test_dataset_folders_can_be_named(root: Path) -> None:
    assert attest(root, str(root / "datasets/mzj/parks")).returncode == 0
    assert "datasets:\n- parks\n" in (root / FILE).read_text(encoding="utf-8")


def test_a_folder_of_another_department_is_refused(root: Path) -> None:
    answer = attest(root, str(root / "datasets/jtj/permits"))
    assert answer.returncode == 1
    assert "permits" in answer.stderr
    assert not (root / FILE).exists()


@pytest.mark.parametrize("arguments", [[], ["--all", "."], ["--all", "--as-of", "2999-01-01"]])
def test_wrong_usage_is_said(root: Path, arguments: list[str]) -> None:
    answer = attest(root, *arguments)
    assert answer.returncode == 2
    assert "Traceback" not in answer.stderr
