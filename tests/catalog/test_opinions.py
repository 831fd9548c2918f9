"""Improvement opinions: read newest first; a wrong file is named with its line, the others are read."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write

from kaishu.catalog import opinions
from kaishu.catalog.load import load
from kaishu.packaging.check import check_portal

if TYPE_CHECKING:
    from pathlib import Path

RIGHT = """\
title: 第三季度改进意见
by: 市大数据管理局
opinions:
  - {department: jtj, text: 尽快更新。}
  - {text: 补充数据项说明。}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path / "portal")


def read(root: Path) -> tuple[list[opinions.Opinions], list[tuple[str, int | None]]]:
    found, wrong = opinions.read(root, load(root).portal)
    return found, [(one.code, one.line) for one in wrong]


def test_a_portal_without_opinions_has_none(root: Path) -> None:
    assert read(root) == ([], [])


def test_opinions_come_newest_first(root: Path) -> None:
    write(root, "governance/opinions/2026-07-10-second-quarter.yaml", RIGHT)
    write(root, "governance/opinions/2026-10-15-third-quarter.yaml", RIGHT)
    write(root, "governance/opinions/README.md", "说明")
    found, wrong = read(root)
    assert wrong == []
    assert [one.day for one in found] == [date(2026, 10, 15), date(2026, 7, 10)]
    assert [one.department for one in found[0].document.opinions] == ["jtj", None]


@pytest.mark.parametrize(
    ("name", "text", "code", "line"),
    [
        ("third-quarter.yaml", RIGHT, "opinion-file-name", None),
        ("2026-02-30-x.yaml", RIGHT, "opinion-file-name", None),
        ("2026-10-15-x.md", RIGHT, "opinion-file-name", None),
        ("2026-10-15-x.yaml", RIGHT.replace("jtj", "none"), "opinion-unknown-department", 4),
        ("2026-10-15-x.yaml", RIGHT.replace("by:", "from:"), "missing-key", 1),
        ("2026-10-15-x.yaml", RIGHT.replace("text: 尽", "txt: 尽"), "unknown-key", 4),
        ("2026-10-15-x.yaml", "title: 甲\nby: 乙\nopinions: []\n", "bad-value", 3),
        ("2026-10-15-x.yaml", "title: [\n", "yaml-syntax", 2),
    ],
)
def test_a_wrong_file_is_named_by_the_check(
    root: Path, name: str, text: str, code: str, line: int | None
) -> None:
    file = f"governance/opinions/{name}"
    write(root, file, text)
    _catalog, problems = check_portal(root)
    found = [(one.code, one.line) for one in problems if one.file == file]
    assert (code, line) in found


def test_a_wrong_row_of_the_register_is_named_by_the_check(root: Path) -> None:
    write(root, "governance/register/data/cases.csv", "number,name\n")
    _catalog, problems = check_portal(root)
    assert [one.code for one in problems] == ["bad-register"]
