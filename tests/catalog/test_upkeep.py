"""The next update follows from the cycle, and is claimed only where both cycle and history tell."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.portals import git_commit, small_portal, write

from kaishu.base.vocabulary import UpdateCycle
from kaishu.catalog.load import load
from kaishu.catalog.upkeep import last_updates, next_update, quarter_end, quarter_start
from kaishu.history.git import History
from kaishu.packaging.storing import put


@pytest.mark.parametrize(
    ("cycle", "due"),
    [
        (UpdateCycle.DAILY, date(2026, 8, 1)),
        (UpdateCycle.WEEKLY, date(2026, 8, 7)),
        (UpdateCycle.MONTHLY, date(2026, 8, 31)),
        (UpdateCycle.QUARTERLY, date(2026, 10, 31)),
        (UpdateCycle.HALF_YEARLY, date(2027, 1, 31)),
        (UpdateCycle.YEARLY, date(2027, 7, 31)),
    ],
)
def test_a_cycle_sets_the_next_update(cycle: UpdateCycle, due: date) -> None:
    assert next_update(date(2026, 7, 31), cycle) == due


def test_a_month_too_short_ends_on_its_last_day() -> None:
    assert next_update(date(2026, 1, 31), UpdateCycle.MONTHLY) == date(2026, 2, 28)
    assert next_update(date(2028, 2, 29), UpdateCycle.YEARLY) == date(2029, 2, 28)


@pytest.mark.parametrize(
    "cycle",
    [UpdateCycle.REALTIME, UpdateCycle.IRREGULAR, UpdateCycle.NEVER, UpdateCycle.OTHER],
)
def test_a_cycle_without_a_length_promises_nothing(cycle: UpdateCycle) -> None:
    assert next_update(date(2026, 7, 31), cycle) is None


def test_an_unknown_last_update_promises_nothing() -> None:
    assert next_update(None, UpdateCycle.YEARLY) is None


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        (date(2026, 6, 30), date(2026, 4, 1), date(2026, 6, 30)),
        (date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
    ],
)
def test_a_quarter_has_a_first_and_a_last_day(day: date, first: date, last: date) -> None:
    assert (quarter_start(day), quarter_end(day)) == (first, last)


def test_data_in_a_store_changed_when_their_hash_was_written_into_the_entry(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    text = (root / "catalog.yaml").read_text(encoding="utf-8")
    write(root, "catalog.yaml", f"{text}stores: [{{id: disk, url: {tmp_path / 'store'}}}]\n")
    file = root / "datasets/mzj/parks/data/parks.csv"
    put(root, load(root).portal, file)
    git_commit(root, "2026-03-02T09:00:00+08:00")
    file.unlink()
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n7,新公园\n")
    put(root, load(root).portal, file)
    git_commit(root, "2026-04-05T09:00:00+08:00")
    entry = root / "datasets/mzj/parks/datapackage.yaml"
    entry.write_text(entry.read_text(encoding="utf-8").replace("[公园]", "[公园, 绿地]"))
    git_commit(root, "2026-05-06T09:00:00+08:00")
    assert last_updates(load(root), History.open(root))["mzj/parks"] == date(2026, 4, 5)


def test_a_dataset_that_moved_is_no_newer_than_its_data(tmp_path: Path) -> None:
    root = small_portal(tmp_path / "portal")
    git_commit(root, "2026-03-01T09:00:00+08:00")
    (root / "datasets/mzj/parks").rename(root / "datasets/jtj/parks")
    entry = root / "datasets/jtj/parks/datapackage.yaml"
    text = entry.read_text(encoding="utf-8")
    entry.write_text(f"{text}  aliases: [mzj/parks]\n", encoding="utf-8")
    git_commit(root, "2026-03-05T09:00:00+08:00")
    assert last_updates(load(root), History.open(root))["jtj/parks"] == date(2026, 3, 1)
    data = root / "datasets/jtj/parks/data/parks.csv"
    data.write_text(data.read_text(encoding="utf-8") + "9,新公园\n", encoding="utf-8")
    git_commit(root, "2026-03-07T09:00:00+08:00")
    assert last_updates(load(root), History.open(root))["jtj/parks"] == date(2026, 3, 7)
