"""Problems in five forms."""

from __future__ import annotations

import json

from kaishu.base.strict_yaml import DUPLICATE_KEY
from kaishu.packaging import report

PROBLEMS = [
    DUPLICATE_KEY.at(file="catalog.yaml", line=7, key="a|b", first=2),
    DUPLICATE_KEY.at(file="datasets/a/b/data/t.csv", row=40000, field="code", key="c", first=1),
]


def test_json_is_the_contracts() -> None:
    document = json.loads(report.as_json(PROBLEMS, None))
    assert document["summary"] == {"datasets": 0, "errors": 2, "warnings": 0}
    assert set(document["problems"][0]) == {
        "code", "severity", "dataset", "file", "line", "resource", "row", "field", "message", "hint",
    }  # fmt: skip


def test_text_names_file_place_and_remedy() -> None:
    text = report.as_text(PROBLEMS)
    assert "catalog.yaml\n  错误  第 7 行" in text
    assert "表第 40000 行，数据项 code" in text
    assert "→ 请保留其中一个。" in text
    assert text.endswith("2 个错误，0 个警告")


def test_markdown_is_a_table_that_no_value_breaks() -> None:
    lines = report.as_markdown(PROBLEMS).splitlines()
    rows = [line for line in lines if line.startswith("| ") and "---" not in line]
    assert [line.replace("\\|", "").count("|") for line in rows] == [5, 5, 5]


def test_annotations_point_at_the_line() -> None:
    first, second = report.as_github(PROBLEMS).splitlines()
    assert first.startswith("::error file=catalog.yaml,line=7,title=yaml-duplicate-key::")
    assert ",line=40000," in second


def test_sarif_has_a_rule_for_every_result() -> None:
    run = json.loads(report.as_sarif(PROBLEMS))["runs"][0]
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} <= rules
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"]["startLine"] == 7


def test_without_problems_it_says_so() -> None:
    assert report.as_text([]) == "0 个错误，0 个警告"
    assert report.as_markdown([]) == "0 个错误，0 个警告"
