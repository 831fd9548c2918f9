"""A portal's own folder: right files make a regulation, each wrong one is named with its line."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from kaishu.base import i18n
from kaishu.base.errors import InvalidFiles
from kaishu.regulation import library

if TYPE_CHECKING:
    from pathlib import Path

QUOTE = "提供部门收到政务数据校核请求后，应当在5个工作日内进行校核，并将结果反馈给使用部门。"


@pytest.fixture
def law(tmp_path: Path) -> Path:
    folder = tmp_path / "governance" / "law"
    shutil.copytree(library.FOLDER / "yingkou-2022", folder)
    return folder


def change(path: Path, old: str, new: str) -> int:
    """Replace `old` by `new`; the line it stands on."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_a_folder_of_the_portal_is_read_like_the_library(law: Path, tmp_path: Path) -> None:
    for reference in ("governance/law", "./governance/law", "governance/law/"):
        assert library.load(reference, tmp_path) == library.load("yingkou-2022")


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("articles.yaml", "- article: 第七条", "- article: 第八条", "article-order"),
        ("rules.yaml", QUOTE, "应当在5个工作日内完成校核", "quote-not-in-article"),
        ("rules.yaml", QUOTE, "提供部门收到政务数据校核请求后", "quote-without-term"),
        ("rules.yaml", "article: 第二十三条", "article: 第九十九条", "article-unknown"),
        ("rules.yaml", "- id: correction", "- id: share-provision", "rule-twice"),
        ("rules.yaml", "- id: correction", "- id: corection", "regulation-file"),
        ("rules.yaml", "starts: change", "starts: whenever", "regulation-file"),
        ("rules.yaml", "on_the_spot: true", "on_the_spot: 是", "regulation-file"),
        ("rules.yaml", "on_the_spot: true", "on_spot: true", "regulation-file"),
        ("rules.yaml", "basis_public: 第三十条", "basis_public: 第三百条", "article-unknown"),
        ("regulation.yaml", "in_force_from: 2022-06-10", "in_force_from: 2022-06-31",
         "regulation-file"),
        ("regulation.yaml", "issuer: 营口市人民政府", "issuer: 10", "regulation-file"),
        ("regulation.yaml", "issuer: 营口市人民政府", "title: 二", "yaml-duplicate-key"),
        ("cases.yaml", "due: 2026-10-09", "due: 10-09", "regulation-file"),
        ("cases.yaml", "received: 2026-09-18T10:00", "received: soon", "regulation-file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_file_and_line(
    law: Path, tmp_path: Path, file: str, old: str, new: str, code: str
) -> None:
    line = change(law / file, old, new)
    with pytest.raises(InvalidFiles) as error:
        library.load("governance/law", tmp_path)
    found = [(problem.code, problem.file, problem.line) for problem in error.value.problems]
    assert (code, f"governance/law/{file}", line) in found


@pytest.mark.parametrize(
    ("old", "new", "codes"),
    [
        ("- article: 第七条", "- article: 第八条", {"rule-twice", "ledger-gap"}),
        ("- article: 第四十条", "- article: 第四十一条", {"article-unknown", "ledger-gap"}),
        ("    apart: scope\n", "", {"ledger-clause"}),
        ("name: open-application", "name: open-delivery", {"ledger-means"}),
        ("disposition: recorded", "disposition: known", {"regulation-file"}),
    ],
)
def test_what_is_wrong_in_a_ledger_is_named(
    law: Path, tmp_path: Path, old: str, new: str, codes: set[str]
) -> None:
    change(law / "ledger.yaml", old, new)
    with pytest.raises(InvalidFiles) as error:
        library.load("governance/law", tmp_path)
    assert {problem.code for problem in error.value.problems} == codes
    assert {problem.file for problem in error.value.problems} == {"governance/law/ledger.yaml"}


def test_a_text_of_the_portals_own_needs_no_ledger(law: Path, tmp_path: Path) -> None:
    (law / "ledger.yaml").unlink()
    assert library.load("governance/law", tmp_path).ledger == ()


def test_every_problem_of_every_file_is_told_at_once(law: Path, tmp_path: Path) -> None:
    change(law / "regulation.yaml", "issuer:", "isuer:")
    change(law / "rules.yaml", "starts: change", "starts: whenever")
    change(law / "rules.yaml", "amount: 5", "amount: none")
    change(law / "cases.yaml", "due: 2026-10-09", "due: never")
    with pytest.raises(InvalidFiles) as error:
        library.load("governance/law", tmp_path)
    assert len(error.value.problems) == 5  # the missing issuer and the unknown isuer are two


def test_a_term_without_an_example_is_a_problem(law: Path, tmp_path: Path) -> None:
    change(law / "cases.yaml", "- rule: catalogue-update", "- rule: catalogue-review")
    with pytest.raises(InvalidFiles) as error:
        library.load("governance/law", tmp_path)
    assert [problem.code for problem in error.value.problems] == ["rule-without-case"]


def test_a_text_that_is_at_hand_in_part_may_leave_articles_out(law: Path, tmp_path: Path) -> None:
    (law / "ledger.yaml").unlink()
    change(law / "articles.yaml", "- article: 第四十条", "- article: 第九十条")
    change(law / "regulation.yaml", "within:", "partial: true\nwithin:")
    regulation = library.load("governance/law", tmp_path)
    assert regulation.partial
    assert regulation.articles[-1].number == 90


@pytest.mark.parametrize("label", ["第五条", "第六条", "第7条"])
def test_its_articles_still_stand_in_their_order(law: Path, tmp_path: Path, label: str) -> None:
    (law / "ledger.yaml").unlink()
    line = change(law / "articles.yaml", "- article: 第七条", f"- article: {label}")
    change(law / "regulation.yaml", "within:", "partial: true\nwithin:")
    with pytest.raises(InvalidFiles) as error:
        library.load("governance/law", tmp_path)
    found = [(problem.code, problem.line) for problem in error.value.problems]
    assert ("article-back", line) in found
    assert {code for code, _line in found} == {"article-back", "article-unknown"}


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_wrong_word_is_answered_with_the_right_ones(
    law: Path, tmp_path: Path, language: i18n.Language
) -> None:
    change(law / "rules.yaml", "starts: change", "starts: whenever")
    with i18n.use(language), pytest.raises(InvalidFiles) as error:
        library.load("governance/law", tmp_path)
    message = error.value.problems[0].message
    assert "receipt, consent, change" in message
    assert ("有误" in message) == (language == "zh-CN")
