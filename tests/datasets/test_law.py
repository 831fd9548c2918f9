"""Reply terms, articles and vocabularies against the law's own words."""

from __future__ import annotations

import os
from itertools import groupby
from pathlib import Path

import pytest
from tests.datasets.tables import rows, squeezed

from kaishu.base import i18n
from kaishu.base.vocabulary import Sharing, UpdateCycle
from kaishu.regulation import library
from kaishu.regulation.model import TermUnit

NUMBERS = {1: ("1", "一"), 2: ("2",), 3: ("3",), 5: ("5",), 10: ("10",), 15: ("15",), 20: ("20",)}
SEEDS = {
    "liaoning-2020": "000_507049757196df09.txt",
    "shuozhou-2021": "001_7a635214aa818106.txt",
    "shaoyang-2022": "002_c9b4999834b198b1.txt",
    "yichuan-2020": "003_773023b3c4ebc742.txt",
    "yingkou-2022": "004_80723003e26a2590.txt",
}
TERMS = rows("sfj/reply-terms/reply-terms.csv")


@pytest.mark.parametrize("row", TERMS, ids=lambda row: f"{row['regulation']}-{row['matter']}")
def test_a_term_stands_in_its_own_quote(row: dict[str, str]) -> None:
    unit = {"工作日": "个工作日", "月": "个月"}[row["unit"]]
    assert any(number + unit in row["quote"] for number in NUMBERS[int(row["amount"])])


def test_a_quote_stands_in_the_article_that_the_table_names() -> None:
    known = set(library.ids()) & {row["regulation"] for row in TERMS}
    assert {"yingkou-2022", "shuozhou-2021"} <= known
    for row in TERMS:
        if row["regulation"] in known:
            regulation = library.load(row["regulation"])
            text = next(one.text for one in regulation.articles if one.label == row["article"])
            assert squeezed(row["quote"]) in squeezed(text)


def test_the_table_and_the_rules_in_the_library_set_the_same_terms() -> None:
    units = {"工作日": TermUnit.WORKING_DAY, "月": TermUnit.MONTH}
    compared = 0
    for row in TERMS:
        if row["regulation"] not in library.ids():
            continue
        rule = library.load(row["regulation"]).rules.get(row["matter"])
        if rule is None or rule.term is None:
            continue
        assert (rule.article, rule.term.amount, rule.term.unit) == (
            row["article"],
            int(row["amount"]),
            units[row["unit"]],
        )
        compared += 1
    assert compared >= 4


def test_every_quote_stands_in_the_published_text_where_it_is_at_hand() -> None:
    assert {row["regulation"] for row in TERMS} == {*SEEDS, "national-2025"}
    seeds = os.environ.get("KAISHU_SEEDS")
    for row in TERMS:
        if not seeds or row["regulation"] == "national-2025":
            continue
        text = (Path(seeds) / SEEDS[row["regulation"]]).read_text(encoding="utf-8")
        assert squeezed(row["quote"]) in squeezed(text)


def test_the_paragraphs_are_the_regulation_word_for_word() -> None:
    table = rows("sfj/yingkou-regulation-text/paragraphs.csv")
    articles = library.load("yingkou-2022").articles
    grouped = [(label, list(group)) for label, group in groupby(table, lambda row: row["label"])]
    assert [label for label, _ in grouped] == [article.label for article in articles]
    assert len(grouped) == 40
    for article, (_, paragraphs) in zip(articles, grouped, strict=True):
        assert [row["article"] for row in paragraphs] == [str(article.number)] * len(paragraphs)
        numbers = [str(n) for n in range(1, len(paragraphs) + 1)]
        assert [row["paragraph"] for row in paragraphs] == numbers
        assert {squeezed(row["chapter"]) for row in paragraphs} == {squeezed(article.chapter)}
        written = [squeezed(line) for line in article.text.splitlines() if line.strip()]
        assert [squeezed(row["text"]) for row in paragraphs] == written


def test_the_vocabularies_are_those_the_guide_prints() -> None:
    printed = {
        "信息资源分类（类）": "基础信息资源、主题信息资源、部门信息资源",
        "信息资源格式": "电子文件、电子表格、数据库、图形图像、流媒体、自描述格式、服务接口",
        "数据类型": "字符型C、数值型N、货币型Y、日期型D、日期时间型T、逻辑型L、备注型M、通用型G、双精度型B、整型I、浮点型F",
        "共享类型": "无条件共享、有条件共享、不予共享",
        "更新周期": "实时、每日、每周、每月、每季度、每半年、每年、不定期、不更新、其他",
    }
    table = rows("dsj/catalogue-vocabularies/terms.csv")
    for element, group in groupby(table, lambda row: row["element"]):
        terms = [row["term"] + row["note"].removeprefix("代码 ") for row in group]
        assert "、".join(terms) == printed.pop(element)
    assert printed == {}


def test_the_portal_itself_speaks_of_cycles_and_sharing_in_the_guides_words() -> None:
    table = rows("dsj/catalogue-vocabularies/terms.csv")
    with i18n.use("zh-CN"):
        cycles = [cycle.label for cycle in UpdateCycle]
        sharing = [kind.label for kind in Sharing]
    assert [row["term"] for row in table if row["element"] == "更新周期"] == cycles
    assert [row["term"] for row in table if row["element"] == "共享类型"] == sharing
