"""Obligations as text, Markdown and JSON say who, what, on what ground, by when and how it stands."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.portals import write
from tests.supervision.dated import commit, portal, touch

from kaishu.supervision import listing
from kaishu.supervision.obligation import Ground, ObligationKind
from kaishu.supervision.obligations import obligations, record_of

if TYPE_CHECKING:
    from kaishu.supervision.record import Record


@pytest.fixture
def record(tmp_path: Path) -> Record:
    root = portal(tmp_path)
    write(
        root,
        "governance/events/2026-09-18-law.yaml",
        "date: 2026-09-18\nkind: law\ntitle: 甲|乙\ndatasets: [mzj/parks, jtj/permits]\n",
    )
    touch(root, "jtj/permits")
    commit(root, "2026-09-20")
    return record_of(root, date(2026, 11, 20))


def test_text_goes_by_state_with_article_outstanding_and_evidence(record: Record) -> None:
    text = listing.as_text(record, obligations(record))
    heads = [line for line in text.splitlines() if line and not line.startswith(" ")]
    assert heads[0] == "应办事项（2026-11-20）"
    assert heads[1] == "已逾期：2"
    assert "2026-10-09  民政局  民政局：更新受“甲|乙”影响的目录条目" in text
    assert "依据：《营口市政务数据资源共享开放管理办法》第十五条" in text
    assert "尚未处理：mzj/parks" in text
    changed = next(iter(record.entries["jtj/permits"])).commit
    assert f"凭据：{changed[:12]}" in text


def test_nothing_owed_is_said(record: Record) -> None:
    assert listing.as_text(record, []).endswith("无。")


def test_markdown_is_a_table_whose_cells_hold(record: Record) -> None:
    found = obligations(record)
    lines = listing.as_markdown(record, found).splitlines()
    assert len(lines) == len(found) + 2
    assert all(line.replace("\\|", "").count("|") == 7 for line in lines)


def test_json_counts_states_and_names_who_owes(record: Record) -> None:
    found = obligations(record)
    made = json.loads(listing.as_json(record, found))
    assert (made["as_of"], made["regulation"]) == ("2026-11-20", "yingkou-2022")
    assert sum(made["summary"].values()) == len(made["obligations"]) == len(found)
    review = next(one for one in made["obligations"] if one["kind"] == "catalogue-review")
    assert (review["department"], review["responsible"]) == (None, "测试市大数据管理局")


def test_words_for_what_is_missing(record: Record) -> None:
    one = obligations(record)[0]
    assert listing.due_in_words(replace(one, due=None)) == "无日期"
    assert listing.due_in_words(replace(one, due=date(2027, 1, 4), provisional=True)) == (
        "2027-01-04（暂定）"
    )
    assert listing.article(record, replace(one, ground=None)) == ""
    assert listing.article(record, replace(one, ground=Ground("other", "第一条"))) == "other第一条"
    assert listing.responsible(record, replace(one, department="gone")) == "gone"


def test_the_reference_lists_every_key_and_kind(record: Record) -> None:
    page = (Path(__file__).parents[2] / "docs/reference/obligations.md").read_text(encoding="utf-8")
    made = json.loads(listing.as_json(record, obligations(record)))
    documented = set(re.findall(r"^\| `([\w-]+)`", page, re.M))
    assert documented == {
        *made, *made["obligations"][0], *(kind.value for kind in ObligationKind),
    }  # fmt: skip
