"""Regulations and notices made for tests; none of them is a real text."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kaishu.regulation.model import Article, Regulation, Rule, Term, TermUnit

if TYPE_CHECKING:
    from pathlib import Path

NOTICE_2027 = """\
year: 2027
notice: 测试〔2026〕1号
date: 2026-11-03
holidays:
  - {name: 元旦, from: 2026-12-31, to: 2027-01-02}
  - {name: 春节, from: 2027-02-05, to: 2027-02-11}
  - {name: 清明节, from: 2027-04-03, to: 2027-04-05}
  - {name: 劳动节, from: 2027-05-01, to: 2027-05-05}
  - {name: 端午节, from: 2027-06-09}
  - {name: 中秋节, from: 2027-09-15}
  - {name: 国庆节, from: 2027-10-01, to: 2027-10-07}
make_up_days: [2026-12-27, 2027-02-20, 2027-05-08, 2027-10-09]
complete: true
"""


def regulation(amount: int, unit: TermUnit = TermUnit.WORKING_DAY) -> Regulation:
    """A regulation whose one rule, `correction`, has this term."""
    rule = Rule(
        id="correction",
        article="第一条",
        quote="甲",
        matter="乙",
        starts="receipt",
        term=Term(amount, unit),
        actor="丙",
    )
    return Regulation(
        id="made",
        title="测试办法",
        short_title="测试",
        number=None,
        issuer="丁",
        in_force_from=date(2000, 1, 1),
        in_force_until=None,
        within=None,
        articles=(Article(1, "第一条", "第一章", "甲"),),
        rules={rule.id: rule},
    )


def notice(root: Path, text: str = NOTICE_2027, name: str = "2027.yaml") -> Path:
    """A portal's folder with one notice in it."""
    folder = root / "governance" / "calendar"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return root
