"""Event files are read strictly; what is wrong in one is named with its line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write

from kaishu.catalog import events
from kaishu.catalog.events import EventKind
from kaishu.catalog.load import load
from kaishu.packaging.check import check_portal

if TYPE_CHECKING:
    from pathlib import Path

LAW = """\
date: 2026-08-01
kind: law
title: 《某条例》修改
departments: [mzj]
datasets: [jtj/permits]
"""
NAME = "governance/events/2026-08-01-law.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path)


def problems(root: Path) -> list[tuple[str, int | None]]:
    return [(one.code, one.line) for one in events.read(load(root))[1]]


def test_an_event_names_whom_it_concerns(root: Path) -> None:
    write(root, NAME, LAW)
    [event], found = events.read(load(root))
    assert found == []
    assert (event.said.kind, event.said.date) == (EventKind.LAW, date(2026, 8, 1))
    assert event.departments() == ("mzj", "jtj")
    assert event.slug == "2026-08-01-law"


def test_a_portal_without_events_has_none(root: Path) -> None:
    assert events.read(load(root)) == ((), [])


def test_the_name_begins_with_the_date_that_stands_in_the_file(root: Path) -> None:
    write(root, "governance/events/2026-08-02-law.yaml", LAW)
    assert problems(root) == [("event-file-name", 1)]


def test_an_event_affects_someone(root: Path) -> None:
    write(root, NAME, "date: 2026-08-01\nkind: duties\ntitle: 甲\n")
    assert problems(root) == [("event-affects-no-one", 1)]


def test_a_change_has_the_day_of_its_effect(root: Path) -> None:
    write(root, NAME, LAW.replace("kind: law", "kind: change"))
    assert problems(root) == [("event-without-effective", 2)]


def test_keys_of_another_kind_are_refused(root: Path) -> None:
    write(root, NAME, LAW + "effective: 2026-09-01\nnoticed: 2026-08-01\n")
    assert problems(root) == [("event-key-of-another-kind", 6), ("event-key-of-another-kind", 7)]


def test_an_unknown_department_is_an_error_and_a_dataset_since_removed_a_warning(
    root: Path,
) -> None:
    text = LAW.replace("[mzj]", "[gaj]").replace("jtj/permits", "jtj/gone")
    write(root, NAME, text + "reviewed:\n  - {department: swj, date: 2026-08-03}\n")
    read, found = events.read(load(root))
    assert read == ()
    assert [(one.code, one.line, one.severity) for one in found] == [
        ("governance-unknown-department", 4, "error"),
        ("governance-unknown-department", 7, "error"),
        ("governance-unknown-dataset", 5, "warning"),
    ]


def test_check_names_wrong_events_with_their_lines(root: Path) -> None:
    write(root, NAME, LAW.replace("kind: law", "kind: weather") + "colour: red\n")
    found = [(p.code, p.file, p.line) for p in check_portal(root)[1]]
    assert ("not-in-vocabulary", NAME, 2) in found
    assert ("unknown-key", NAME, 6) in found
