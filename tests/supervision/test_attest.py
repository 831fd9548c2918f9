"""An attestation that is written is one that is read, checked and counted."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from tests.portals import CATALOG, write
from tests.supervision.dated import commit, owed, portal

from kaishu.base import clock
from kaishu.base.errors import NotFound, UsageError
from kaishu.catalog import attestations
from kaishu.catalog.load import load
from kaishu.supervision import attest
from kaishu.supervision.obligation import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = date(2026, 10, 20)


@pytest.fixture(autouse=True)
def on_the_day() -> Iterator[None]:
    with clock.moved_to(clock.parse("2026-10-20T12:00")):
        yield


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return portal(tmp_path)


def test_all_entries_of_a_department_are_attested_and_meet_its_quarter(root: Path) -> None:
    path = attest.write(load(root), "mzj", [], by="张三", day=DAY, note="逐项核对")
    assert path == root / "datasets/mzj/attestation-2026-10-20.yaml"
    [one], found = attestations.read(load(root))
    assert found == []
    assert (one.said.date, one.said.by, one.said.note) == (DAY, "张三", "逐项核对")
    assert one.said.datasets == ("parks", "visits")
    commit(root, "2026-10-20")
    assert owed(root, "2026-11-20")["catalogue-maintenance/mzj/2026-10-01"].state is State.MET


def test_a_second_one_of_a_day_leaves_the_first_as_it_was(root: Path) -> None:
    first = attest.write(load(root), "mzj", ["parks"], by="张三", day=DAY)
    before = first.read_bytes()
    second = attest.write(load(root), "mzj", ["visits"], by="李四: 科长", day=DAY)
    assert second.name == "attestation-2026-10-20-2.yaml"
    assert first.read_bytes() == before
    given, found = attestations.read(load(root))
    assert found == []
    assert {one.said.datasets for one in given} == {("parks",), ("visits",)}


def test_names_that_are_not_there_are_refused(root: Path) -> None:
    with pytest.raises(NotFound, match="permits"):
        attest.write(load(root), "mzj", ["permits"], by="张三", day=DAY)
    with pytest.raises(NotFound, match="gaj"):
        attest.write(load(root), "gaj", [], by="张三", day=DAY)


def test_a_department_without_datasets_has_nothing_to_attest(root: Path) -> None:
    write(root, "catalog.yaml", CATALOG.replace("themes:", "  - {id: gaj, name: 公安局}\nthemes:"))
    with pytest.raises(UsageError, match="gaj"):
        attest.write(load(root), "gaj", [], by="张三", day=DAY)
