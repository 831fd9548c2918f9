"""A change that breaks programs waits for its notice, or for the operator's decision."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.portals import OPEN, small_portal, write

from kaishu.catalog import events
from kaishu.catalog.dataset import Dataset
from kaishu.catalog.load import load
from kaishu.packaging.against import changed, check, removed
from kaishu.regulation import library
from kaishu.regulation.calendar import WorkingCalendar

ENTRY = "datasets/mzj/parks/datapackage.yaml"
TODAY = date(2026, 3, 2)
BROKEN = OPEN.replace("name: code, type: integer", "name: code, type: string")


@pytest.fixture
def version(tmp_path: Path):
    def make(entry: str) -> Dataset:
        root = small_portal(tmp_path / str(len(list(tmp_path.iterdir()))))
        write(root, ENTRY, entry)
        return load(root).by_key["mzj/parks"]

    return make


def noticed(entry: str, effective: str) -> str:
    notice = f"  change_notice: {{effective: {effective}, description: 编号改为文字}}\n"
    return entry.replace("  update_cycle", f"{notice}  update_cycle")


def codes(old: Dataset, new: Dataset, regulation: str = "yingkou-2022", decided=(), day=TODAY):
    found = changed({old.key: old}, {new.key: new})
    text, calendar = library.load(regulation, Path()), WorkingCalendar.load(Path())
    return [one.code for one in check(found, decided, text, calendar, day)]


def test_a_breaking_change_needs_a_notice_that_has_run_out(version) -> None:
    assert codes(version(OPEN), version(BROKEN)) == ["breaking-change"]
    assert codes(version(noticed(OPEN, "2026-03-03")), version(BROKEN)) == ["breaking-change-early"]
    assert codes(version(noticed(OPEN, "2026-03-02")), version(BROKEN)) == []


def test_a_notice_serves_one_change(version) -> None:
    old = version(noticed(OPEN, "2026-03-02"))
    assert codes(old, version(noticed(BROKEN, "2026-03-02"))) == ["change-notice-left"]


@pytest.mark.parametrize(
    ("regulation", "effective", "expected"),
    [
        ("yingkou-2022", "2026-03-31", ["change-notice-short"]),
        ("yingkou-2022", "2026-04-01", []),
        # 朔州 第十二条: at least a month ahead; where a day of rest is the last, before it.
        ("shuozhou-2021", "2026-04-01", ["change-notice-short"]),
        ("shuozhou-2021", "2026-04-02", []),
    ],
)
def test_a_notice_comes_as_far_ahead_as_the_regulation_says(
    version, regulation: str, effective: str, expected: list[str]
) -> None:
    assert codes(version(OPEN), version(noticed(OPEN, effective)), regulation) == expected


def test_the_operators_event_lets_it_through_for_a_while(version, tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    write(
        root,
        "governance/events/2026-03-01-correction.yaml",
        "date: 2026-03-01\nkind: change\ntitle: 更正\ndatasets: [mzj/parks]\neffective: 2026-03-01\n",
    )
    decided, wrong = events.read(load(root))
    assert not wrong
    old, new = version(OPEN), version(BROKEN)
    assert codes(old, new, decided=decided) == []
    assert codes(old, new, decided=decided, day=date(2026, 2, 28)) == ["breaking-change"]
    assert codes(old, new, decided=decided, day=date(2026, 3, 31)) == ["breaking-change"]


def test_what_breaks_nobody_needs_no_notice(version) -> None:
    more = OPEN.replace("title: 名称}", "title: 名称}\n        - {name: area, type: number}")
    assert codes(version(OPEN), version(more)) == []
    embargoed = "  publish_on: 2999-01-01\n  update_cycle"
    assert codes(version(OPEN.replace("  update_cycle", embargoed)), version(BROKEN)) == []


def test_a_dataset_goes_only_by_its_entry_or_to_a_new_address(version) -> None:
    gone = changed({"mzj/parks": version(OPEN)}, {})
    assert [one.code for one in removed(gone, [])] == ["dataset-removed"]
    assert not list(removed(gone, ["mzj/parks"]))
    assert gone[0].sentences() == ["数据集已移除"]
