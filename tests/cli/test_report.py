"""`kaishu report` writes two forms of one draft."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.test_main import kaishu
from tests.supervision.dated import portal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path / "portal", "2025-08-10T10:00:00+08:00")


def test_a_draft_of_a_past_year_speaks_of_its_last_day(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "drafts"
    answer = kaishu("report", "--root", str(root), "--year", "2025", "--output", str(target))
    assert answer.returncode == 0, answer.stderr
    text = (target / "2025.md").read_text(encoding="utf-8")
    assert "（草案）" in text
    assert "截至 2025-12-31" in text
    assert (target / "2025.docx").read_bytes().startswith(b"PK")


def test_a_department_has_a_draft_of_its_own(root: Path, tmp_path: Path) -> None:
    arguments = ("--year", "2025", "--department", "mzj", "--output", str(tmp_path))
    assert kaishu("report", "--root", str(root), *arguments).returncode == 0
    text = (tmp_path / "2025-mzj.md").read_text(encoding="utf-8")
    assert text.startswith("# 民政局2025年度")


def test_a_year_to_come_cannot_be_reported_on(root: Path, tmp_path: Path) -> None:
    arguments = ("--root", str(root), "--year", "2999", "--output", str(tmp_path / "none"))
    answer = kaishu("report", *arguments)
    assert answer.returncode == 2
    assert not (tmp_path / "none").exists()


def test_an_unknown_department_is_said(root: Path, tmp_path: Path) -> None:
    arguments = ("--year", "2025", "--department", "gaj", "--output", str(tmp_path))
    answer = kaishu("report", "--root", str(root), *arguments)
    assert answer.returncode == 1
    assert "gaj" in answer.stderr
