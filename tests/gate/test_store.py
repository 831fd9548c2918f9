"""Data that lie in the portal's store are fetched and judged by the gate, and kept for the next."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.gate.conftest import MZJ, OPERATOR, Clone
from tests.s3 import BUCKET, s3

from kaishu.catalog.load import load
from kaishu.packaging.storing import put

__all__ = ["s3"]

pytestmark = pytest.mark.slow
Make = Callable[..., Clone]
PARKS = "datasets/mzj/parks/data/parks.csv"


@pytest.fixture
def person(bare: Path, clone: Make, s3: Any) -> Clone:
    """A maintainer of a portal that the operator has given a store."""
    operator = clone(OPERATOR, "operator")
    text = (operator.folder / "catalog.yaml").read_text(encoding="utf-8")
    url = f"s3://{BUCKET}/data"
    operator.write("catalog.yaml", f"{text}stores: [{{id: archive, url: '{url}'}}]\n")
    operator.commit("存储")
    done = operator.push()
    assert done.returncode == 0, done.stderr
    return clone(MZJ)


def store(person: Clone, rows: str) -> None:
    """Put a table into the store, and commit all but the table."""
    (person.folder / PARKS).unlink(missing_ok=True)
    person.write(PARKS, f"code,name\n{rows}")
    put(person.folder, load(person.folder).portal, person.folder / PARKS)
    if person.git("ls-files", PARKS):
        person.git("rm", "-q", "--cached", PARKS)
    person.commit("存入")


def test_a_right_table_in_the_store_is_taken_and_kept(bare: Path, person: Clone) -> None:
    store(person, "1,中心公园\n")
    assert PARKS not in person.git("ls-files")
    done = person.push()
    assert done.returncode == 0, done.stderr
    [kept] = [one for one in (bare / "kaishu/store").rglob("*/*/*") if one.is_file()]
    assert "中心公园" in kept.read_text(encoding="utf-8")


def test_a_wrong_table_in_the_store_is_refused_at_its_row(bare: Path, person: Clone) -> None:
    store(person, "1,中心公园\n二,东公园\n")
    done = person.push()
    assert done.returncode != 0
    assert "type-error" in done.stderr
    assert "二" in done.stderr


def test_content_that_is_not_in_the_store_is_refused(bare: Path, person: Clone, s3: Any) -> None:
    store(person, "1,中心公园\n")
    s3.rm(f"s3://{BUCKET}/data", recursive=True)
    done = person.push()
    assert done.returncode != 0
    assert "not-in-store" in done.stderr


def test_a_store_that_cannot_be_reached_takes_nothing_unjudged(
    bare: Path, person: Clone, monkeypatch: pytest.MonkeyPatch
) -> None:
    store(person, "1,中心公园\n")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    done = person.push()
    assert done.returncode != 0
    assert "store-failed" in done.stderr
