"""Tables are judged the way that suits their size, with the same verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaishu.packaging import verdict

SCHEMA = {"fields": [{"name": "a", "type": "integer"}, {"name": "b"}], "primaryKey": "a"}
TABLE = {"name": "t", "path": "t.csv", "schema": SCHEMA}


@pytest.mark.parametrize("large", [0, verdict.LARGE])
def test_clean_tables_have_no_problems_and_others_theirs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(verdict, "LARGE", large)
    (tmp_path / "t.csv").write_text("a,b\n1,x\n2,y\n")
    assert verdict.problems(tmp_path, [TABLE], dataset="a/b") == []
    (tmp_path / "t.csv").write_text("a,b\n1,x\n1,y\n")
    [found] = verdict.problems(tmp_path, [TABLE], dataset="a/b")
    assert (found.code, found.row, found.file) == ("primary-key", 3, "datasets/a/b/t.csv")


def test_one_unusual_table_leaves_no_table_unjudged(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,x\n1,y\n")
    (tmp_path / "u.tsv").write_text("a\tb\nx\ty\n")
    unusual = {"name": "u", "path": "u.tsv", "schema": {"fields": [{"name": "a", "type": "integer"},
                                                                   {"name": "b"}]}}  # fmt: skip
    found = verdict.problems(tmp_path, [TABLE, unusual], dataset="a/b")
    assert [(one.resource, one.code) for one in found] == [
        ("t", "primary-key"),
        ("u", "type-error"),
    ]
