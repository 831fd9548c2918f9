"""Whatever is wrong with a personal value, no output quotes it whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.packaging.sensitive import A, card
from tests.portals import small_portal, write

from kaishu.base import i18n
from kaishu.cli.main import main_group
from kaishu.packaging.check import check_portal

VALUES = [
    A,
    "13812345678",
    card("621700123456789012"),
    "someone@example.org",
    "幸福小区12号楼3单元501室",
    "E12345678",
]


def portal_with(folder: Path) -> Path:
    """A portal whose table is wrong in every way that quotes a cell, and all its cells are personal."""
    root = small_portal(folder)
    text = (root / "datasets/mzj/parks/datapackage.yaml").read_text(encoding="utf-8")
    fields = """        - {name: code, type: integer, title: 证件号码}
        - {name: name, type: string, title: 护照, constraints: {maxLength: 2, unique: true}}
        - {name: kind, type: string, title: 类别, categories: [甲]}
"""
    start, end = text.index("        - {name: code"), text.index("      primaryKey")
    write(root, "datasets/mzj/parks/datapackage.yaml", text[:start] + fields + text[end:])
    cells = "".join(f"{one},{one},{one}\n" * 2 for one in VALUES)
    write(root, "datasets/mzj/parks/data/parks.csv", f"code,{A},kind\n{cells}")
    return root


def test_every_kind_of_finding_is_there_and_none_quotes_a_value(tmp_path: Path) -> None:
    _catalog, problems = check_portal(portal_with(tmp_path))
    found = {one.code for one in problems}
    assert found >= {
        "type-error", "incorrect-label", "constraint-error", "category", "personal-identity-number",
        "personal-mobile-number", "personal-bank-card", "personal-passport", "personal-email",
        "personal-home-address",
    }  # fmt: skip
    assert [one for one in VALUES if one in str(problems)] == []


@pytest.mark.parametrize("form", ["text", "json", "markdown", "github", "sarif"])
@pytest.mark.parametrize("lang", ["zh-CN", "en"])
def test_no_report_quotes_one(tmp_path: Path, form: str, lang: str) -> None:
    root = portal_with(tmp_path)
    # What the command makes the language in use is so in this test alone.
    with i18n.use("zh-CN"):
        done = CliRunner().invoke(
            main_group, ["check", "--root", str(root), "--format", form, "--lang", lang]
        )
    assert done.exit_code == 1
    assert "parks" in done.output
    assert [one for one in VALUES if one in done.output] == []


def test_what_is_not_personal_is_quoted_as_it_is(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    write(root, "datasets/mzj/parks/data/parks.csv", "code,name\n不是数,甲\n20260105,乙\n")
    [problem] = [one for one in check_portal(root)[1] if one.code == "type-error"]
    assert "“不是数”" in problem.message
