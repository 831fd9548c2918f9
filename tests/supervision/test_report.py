"""The draft of an annual report: figures that agree with the record, and plainly a draft."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write
from tests.supervision.dated import portal

from kaishu.catalog import register
from kaishu.supervision.obligations import record_of
from kaishu.supervision.report import Report, draft

if TYPE_CHECKING:
    from pathlib import Path

CASES = """\
1,open-application,mzj/visits,mzj,2026-09-01T10:00:00+08:00,yingkou-2022,第二十九条,2026-09-15,false,2026-09-05T09:00:00+08:00,granted,,
2,open-application,mzj/visits,mzj,2026-09-01T10:00:00+08:00,yingkou-2022,第二十九条,2026-09-15,false,2026-09-17T09:00:00+08:00,refused,甲,乙
3,open-application,mzj/visits,mzj,2026-12-01T10:00:00+08:00,yingkou-2022,第二十九条,2026-12-15,false,,,,
4,open-application,mzj/visits,mzj,2025-12-01T10:00:00+08:00,yingkou-2022,第二十九条,2025-12-15,false,,,,
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = portal(tmp_path)
    write(root, register.FILE, f"{','.join(register.COLUMNS)}\n{CASES}")
    return root


def table(report: Report, title: str) -> tuple[tuple[str, ...], ...]:
    return next(one.table for one in report.sections if one.title == title)


def made(root: Path, department: str | None = None) -> Report:
    record = record_of(root, date(2026, 12, 31))
    portal_ = record.catalog.portal
    return draft(record, 2026, portal_.department(department) if department else None)


def test_it_is_plainly_a_draft(root: Path) -> None:
    report = made(root)
    assert report.title == "测试市大数据管理局2026年度政务数据管理情况报告（草案）"
    assert "未经审核" in report.sections[0].paragraphs[0]
    assert all("待补充" in text for text in report.sections[-1].paragraphs)


def test_each_figure_says_how_it_was_computed(root: Path) -> None:
    head, *rows = table(made(root), "目录情况")
    assert head == ("指标", "数值", "计算方法")
    figures = {name: number for name, number, how in rows if how}
    assert len(figures) == len(rows)
    assert (figures["目录条目"], figures["无条件开放"], figures["不予开放"]) == ("3", "1", "1")


def test_openings_are_those_of_the_year_with_their_commit(root: Path) -> None:
    _head, row = table(made(root), "本年度开放情况")
    assert row[:3] == ("城市公园名单", "民政局", "2026-08-10")
    record = record_of(root, date(2026, 12, 31))
    assert record.data["mzj/parks"][0].commit.startswith(row[3])
    assert not table(draft(record, 2025), "本年度开放情况")


def test_cases_are_counted_by_how_they_ended(root: Path) -> None:
    _head, row = table(made(root), "申请和校核")
    # Received, answered, granted, in part, refused, withdrawn, late (one unanswered), median days.
    assert row == ("开放申请", "3", "2", "1", "0", "1", "0", "2", "10")


def test_obligations_and_what_is_overdue_are_listed(root: Path) -> None:
    head, *rows = table(made(root), "应办事项")
    maintenance = next(row for row in rows if row[0] == "目录全面维护")
    counts = dict(zip(head[1:], maintenance[1:], strict=True))
    assert (counts["已完成"], counts["即将到期"]) == ("2", "2")
    overdue = table(made(root), "逾期事项")
    assert sorted(row[0] for row in overdue[1:]) == ["2025-12-15", "2026-12-15"]


def test_a_departments_report_speaks_of_that_department(root: Path) -> None:
    report = made(root, "jtj")
    assert report.by == "交通运输局"
    figures = {row[0]: row[1] for row in table(report, "目录情况")}
    assert figures["目录条目"] == "1"
    assert table(report, "申请和校核") == ()


def test_outside_git_it_says_what_is_unknown(tmp_path: Path) -> None:
    report = made(small_portal(tmp_path))
    assert "未知" in report.sections[0].paragraphs[-1]
