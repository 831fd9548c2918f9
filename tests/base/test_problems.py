"""Problems are values with every key of the contract."""

from __future__ import annotations

import pytest

from kaishu.base import problems
from kaishu.base.problems import Severity
from kaishu.base.strict_yaml import DUPLICATE_KEY


def test_a_problem_has_every_key_of_the_json_form() -> None:
    problem = DUPLICATE_KEY.at(file="catalog.yaml", line=7, key="title", first=2)
    assert problem.as_dict() == {
        "code": "yaml-duplicate-key",
        "severity": "error",
        "dataset": None,
        "file": "catalog.yaml",
        "line": 7,
        "resource": None,
        "row": None,
        "field": None,
        "message": "键“title”重复出现，首次出现在第 2 行。",
        "hint": "请保留其中一个。",
    }


def test_a_code_is_declared_once() -> None:
    with pytest.raises(ValueError, match="yaml-tag"):
        problems.warning("yaml-tag", "x", "y")


def test_only_an_error_keeps_data_from_being_published() -> None:
    error = DUPLICATE_KEY.at(key="a", first=1)
    warning = problems.Code("w", Severity.WARNING, "", "").at()
    assert problems.has_errors([warning, error])
    assert not problems.has_errors([warning])


def test_problems_are_in_the_order_of_files_and_lines() -> None:
    made = [
        DUPLICATE_KEY.at(file=file, line=line, key="", first=0)
        for file, line in (("b", 1), ("a", 9), ("a", 2))
    ]
    assert [(one.file, one.line) for one in problems.in_order(made)] == [
        ("a", 2),
        ("a", 9),
        ("b", 1),
    ]
