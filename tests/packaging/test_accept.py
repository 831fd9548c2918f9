"""What is accepted at once by Python's csv, and what is doubted."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kaishu.packaging import accept
from kaishu.packaging.plan import Doubt, is_plain, plan


def accepted(folder: Path, table: dict[str, Any]) -> bool:
    """Whether a table is usual enough for a plan, and conforms."""
    made = plan(folder, table)
    return made is not None and accept.conforms(made, {})


@pytest.mark.parametrize(
    ("content", "schema"),
    [
        ("a\n1\n1\n", {"fields": [{"name": "a"}], "primaryKey": "a"}),
        ("a\n1\n2\n", {"fields": [{"name": "a"}], "foreignKeys": [{}]}),
        ("a,a\n1,2\n", {"fields": [{"name": "a"}, {"name": "a"}]}),
        ("b\n1\n", {"fields": [{"name": "a"}]}),
        ("a\n\n1\n", {"fields": [{"name": "a"}]}),
        ("", {"fields": [{"name": "a"}]}),
        ("a\n1\n", {"fields": []}),
        ("a\n1\n", {"fields": [{"name": "a", "type": "integre"}]}),
        ("a\n1\n", {"fields": [{"name": "a", "type": "integer", "constraints": {"pattern": "1"}}]}),
        ("a\n1\n", {"fields": [{"name": "a", "title": 1}]}),
    ],
)
def test_the_least_doubt_is_frictionlesss_to_judge(
    tmp_path: Path, content: str, schema: dict[str, Any]
) -> None:
    (tmp_path / "t.csv").write_text(content)
    assert not accepted(tmp_path, {"name": "t", "path": "t.csv", "schema": schema})


def test_another_dialect_is_doubted_where_the_sniffer_would_guess_otherwise(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a;b\n1;2\n3;4\n")
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [{"name": "a;b"}]}}
    assert not accepted(tmp_path, table)
    two = {"fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}]}
    assert accepted(tmp_path, {**table, "schema": two, "dialect": {"delimiter": ";"}})


def test_constraints_on_cells_are_kept(tmp_path: Path) -> None:
    field = {"name": "a", "type": "integer", "constraints": {"minimum": 2, "maximum": 3}}
    table = {"name": "t", "path": "t.csv", "schema": {"fields": [field]}}
    for content, expected in (("a\n2\n3\n", True), ("a\n2\n4\n", False), ("a\n1\n", False)):
        (tmp_path / "t.csv").write_text(content)
        assert accepted(tmp_path, table) is expected


def test_a_row_may_refer_to_rows_of_its_own_table(tmp_path: Path) -> None:
    schema = {
        "fields": [{"name": "a", "type": "integer"}, {"name": "b", "type": "integer"}],
        "foreignKeys": [{"fields": "b", "reference": {"resource": "", "fields": "a"}}],
    }
    table = {"name": "t", "path": "t.csv", "schema": schema}
    for content, expected in (("a,b\n1,\n2,1\n", True), ("a,b\n1,\n2,3\n", False)):
        (tmp_path / "t.csv").write_text(content)
        assert accepted(tmp_path, table) is expected


def test_values_are_given_up_to_the_first_row_in_doubt(tmp_path: Path) -> None:
    rows = [*(f"{n},x" for n in range(150)), "150", "151,x"]
    (tmp_path / "t.csv").write_text("\n".join(["a,b", *rows]) + "\n")
    fields = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]
    made = plan(tmp_path, {"name": "t", "path": "t.csv", "schema": {"fields": fields}})
    assert made is not None
    given = accept.values(made)
    assert [next(given) for _row in range(150)] == [[n, "x"] for n in range(150)]
    with pytest.raises(Doubt):
        next(given)


@settings(deadline=None)
@given(
    st.lists(st.text(st.sampled_from([*",;|\t a1甲'\".:"]), max_size=8), min_size=1, max_size=14),
    st.sampled_from([",", ";"]),
    st.booleans(),
)
def test_what_the_sniffer_is_not_asked_it_would_say(
    rows: list[str], delimiter: str, stated: bool
) -> None:
    sample = [f"{row}\n" for row in rows]
    delimiters = delimiter if stated else ",\t;|"
    if not is_plain(sample, delimiter, delimiters):
        return
    try:
        guess = csv.Sniffer().sniff("".join(sample), delimiters)
    except csv.Error:
        return
    assert (guess.delimiter, guess.quotechar, guess.skipinitialspace) == (delimiter, '"', False)
