"""Copies that lie ready: taken once, and only where they were finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kaishu.publishing import copies

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"a": "1", "b/c": "2"}


def test_a_copy_is_taken_once(tmp_path: Path) -> None:
    copies.lay_down("release", FILES, tmp_path)
    assert copies.taken(tmp_path) == FILES
    assert copies.taken(tmp_path) is None


def test_what_was_not_finished_is_no_copy(tmp_path: Path) -> None:
    assert copies.taken(tmp_path / "nowhere") is None
    copies.lay_down("release", FILES, tmp_path)
    (tmp_path / copies.MANIFEST).write_bytes(b'{"files": {"a"')
    assert copies.taken(tmp_path) is None
    copies.lay_down("release", FILES, tmp_path)
    (tmp_path / copies.ABOUT).unlink()
    assert copies.taken(tmp_path) is None
