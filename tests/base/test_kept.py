"""Results kept by key outlive a run, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaishu.base.kept import Kept


def refuse() -> str:
    raise AssertionError("made a second time")


def test_a_result_is_made_once(tmp_path: Path) -> None:
    first = Kept(tmp_path / "pages", "1")
    value = ("中文", b"\x00", 3, {"a": [1.5, None, True]})
    assert first.take("k", lambda: value) == value
    first.save()
    assert Kept(tmp_path / "pages", "1").take("k", refuse) == value  # type: ignore[comparison-overlap]


def test_what_was_not_saved_is_not_there_and_harms_nothing(tmp_path: Path) -> None:
    first = Kept(tmp_path / "pages", "1")
    first.put("k", "kept")
    first.save()
    second = Kept(tmp_path / "pages", "1")
    second.put("other", "x" * 1000)
    third = Kept(tmp_path / "pages", "1")
    assert third.get("other") is None
    assert third.get("k") == "kept"


def test_results_of_other_code_are_not_found(tmp_path: Path) -> None:
    first = Kept(tmp_path / "pages", "1")
    first.put("k", "old")
    first.save()
    assert Kept(tmp_path / "pages", "2").get("k") is None


@pytest.mark.parametrize("damage", [b"", b"\xff\xff", b"i"])
def test_a_damaged_index_is_an_empty_one(tmp_path: Path, damage: bytes) -> None:
    first = Kept(tmp_path / "pages", "1")
    first.put("k", "v")
    first.save()
    (tmp_path / "pages.index").write_bytes(damage)
    again = Kept(tmp_path / "pages", "1")
    assert again.get("k") is None
    again.put("k", "new")
    again.save()
    assert Kept(tmp_path / "pages", "1").get("k") == "new"


def test_records_that_no_run_asks_for_do_not_pile_up(tmp_path: Path) -> None:
    for n in range(20):
        kept = Kept(tmp_path / "pages", "1")
        kept.take("stays", lambda: "y" * 1000)
        kept.put(f"k{n}", "x" * 1000)
        kept.save()
    assert (tmp_path / "pages.records").stat().st_size <= 4200
    last = Kept(tmp_path / "pages", "1")
    assert last.get("stays") == "y" * 1000
    assert last.get("k19") == "x" * 1000
