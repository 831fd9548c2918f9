"""`kaishu obligations` as people, calendars and machines call it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_main import kaishu
from tests.portals import CATALOG, write
from tests.supervision.dated import commit, portal

if TYPE_CHECKING:
    from pathlib import Path

DAY = ("--as-of", "2025-10-20")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path / "portal", "2025-08-10T10:00:00+08:00")


def test_text_says_who_owes_what_by_when(root: Path) -> None:
    answer = kaishu("obligations", "--root", str(root), *DAY)
    assert answer.returncode == 0, answer.stderr
    assert "2025-12-31  民政局  目录全面维护（2 条，2025-10-01 至 2025-12-31）" in answer.stdout


def test_department_and_states_narrow_it_down(root: Path) -> None:
    arguments = ("--department", "jtj", "--state", "met", "--state", "overdue", "--format", "json")
    made = json.loads(kaishu("obligations", "--root", str(root), *DAY, *arguments).stdout)
    assert [one["id"] for one in made["obligations"]] == ["catalogue-maintenance/jtj/2025-07-01"]
    assert made["summary"] == {
        "overdue": 0, "due-soon": 0, "open": 0, "met": 1, "no-term": 0, "unknown": 0,
    }  # fmt: skip


def test_it_can_be_written_to_a_file(root: Path, tmp_path: Path) -> None:
    target = tmp_path / "mzj.ics"
    arguments = ("--department", "mzj", "--format", "ics", "--output", str(target))
    answer = kaishu("obligations", "--root", str(root), *DAY, *arguments)
    assert (answer.returncode, answer.stdout) == (0, "")
    assert target.read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert "应办事项：民政局".encode() in target.read_bytes()


def test_it_answers_in_either_language(root: Path) -> None:
    answer = kaishu(
        "obligations", "--root", str(root), *DAY, "--lang", "en", "--format", "markdown"
    )
    assert "| Last day | State | Responsible |" in answer.stdout


def test_another_regulation_asks_for_other_things(root: Path) -> None:
    write(root, "catalog.yaml", CATALOG.replace("yingkou-2022", "shuozhou-2021"))
    write(
        root,
        "governance/events/2025-10-01-codes.yaml",
        "date: 2025-10-01\nkind: change\ntitle: 停用旧编码\ndatasets: [mzj/parks]\n"
        "effective: 2025-11-20\nnoticed: 2025-10-10\n",
    )
    commit(root, "2025-10-12")
    answer = kaishu("obligations", "--root", str(root), *DAY, "--format", "json")
    made = {one["id"]: one for one in json.loads(answer.stdout)["obligations"]}
    notice = made["change-notice/2025-10-01-codes/mzj"]
    assert (notice["due_date"], notice["state"], notice["done"]) == (
        "2025-10-20",
        "met",
        "2025-10-10",
    )
    assert (notice["regulation"], notice["article"]) == ("shuozhou-2021", "第十二条")
    assert made["opening-plan/jtj/2025"]["article"] == "第二十四条"
    assert not any(one["kind"] == "catalogue-maintenance" for one in made.values())


def test_an_unknown_department_is_said(root: Path) -> None:
    answer = kaishu("obligations", "--root", str(root), "--department", "gaj")
    assert answer.returncode == 1
    assert "gaj" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_a_file_that_cannot_be_used_is_named_beside_the_answer(root: Path) -> None:
    write(root, "governance/plans/2025.yaml", "year: 2025\n")
    answer = kaishu("obligations", "--root", str(root), *DAY, "--format", "json")
    assert answer.returncode == 0
    assert "governance/plans/2025.yaml:1: " in answer.stderr
    assert json.loads(answer.stdout)["obligations"]
