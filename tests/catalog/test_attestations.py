"""Attestations lie beside the dataset folders, are no datasets, and say what was looked at."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from tests.portals import small_portal, write

from kaishu.base import clock
from kaishu.catalog import attestations
from kaishu.catalog.load import load
from kaishu.packaging.check import check_portal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TEXT = "date: 2026-10-20\nby: 张三\ndatasets: [parks]\n"
NAME = "datasets/mzj/attestation-2026-10-20.yaml"
NOW = datetime(2026, 11, 1, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_a_later_day() -> Iterator[None]:
    with clock.moved_to(NOW):
        yield


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return small_portal(tmp_path)


def problems(root: Path) -> list[tuple[str, int | None]]:
    return [(one.code, one.line) for one in attestations.read(load(root))[1]]


def test_an_attestation_is_no_dataset_and_no_stray_file(root: Path) -> None:
    write(root, NAME, TEXT)
    catalog = load(root)
    assert catalog.problems == ()
    [one], found = attestations.read(catalog)
    assert found == []
    assert (one.department, one.keys, one.said.date) == ("mzj", ("mzj/parks",), date(2026, 10, 20))


def test_outside_a_departments_folder_it_is_a_stray_file(root: Path) -> None:
    write(root, "datasets/attestation-2026-10-20.yaml", TEXT)
    assert [one.code for one in load(root).problems] == ["stray-file"]


def test_the_name_holds_the_date_and_a_number_for_a_second_one(root: Path) -> None:
    write(root, NAME, TEXT)
    write(root, "datasets/mzj/attestation-2026-10-20-2.yaml", TEXT)
    assert problems(root) == []
    write(root, "datasets/mzj/attestation-october.yaml", TEXT)
    assert problems(root) == [("attestation-file-name", 1)]


def test_a_day_to_come_is_refused(root: Path) -> None:
    write(root, "datasets/mzj/attestation-2026-12-20.yaml", TEXT.replace("-10-", "-12-"))
    assert problems(root) == [("attestation-ahead", 1)]


def test_a_dataset_that_is_not_there_is_named(root: Path) -> None:
    write(root, NAME, TEXT.replace("[parks]", "[parks, lakes]"))
    assert problems(root) == [("governance-unknown-dataset", 3)]


def test_check_names_wrong_attestations(root: Path) -> None:
    write(root, NAME, "date: 2026-10-20\ndatasets: []\n")
    found = [(p.code, p.file, p.line) for p in check_portal(root)[1]]
    assert {("missing-key", NAME, 1), ("bad-value", NAME, 2)} <= set(found)
