"""`kaishu due`: what it prints, in which language, and with which exit status."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result
from tests.portals import small_portal
from tests.regulation.made import NOTICE_2027, notice

from kaishu.cli.due import command

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = ["open-application", "--regulation", "yingkou-2022"]
RECEIVED = ["--received", "2026-09-30T16:00"]


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, list(arguments))


def test_a_date_is_printed_with_its_article_and_days() -> None:
    answer = run(*APPLICATION, *RECEIVED)
    assert answer.exit_code == 0
    assert "2026-10-20" in answer.stdout.splitlines()[0]
    assert "第二十九条" in answer.stdout
    assert "国庆节" in answer.stdout


def test_json_has_the_agreed_keys() -> None:
    answer = json.loads(run(*APPLICATION, *RECEIVED, "--format", "json").stdout)
    assert answer["rule"] == "open-application"
    assert answer["regulation"] == "yingkou-2022"
    assert answer["article"] == "第二十九条"
    assert "10个工作日" in answer["quote"]
    assert answer["received"] == "2026-09-30T16:00:00+08:00"
    assert answer["due_date"] == "2026-10-20"
    assert answer["due_at"] == "2026-10-21T00:00:00+08:00"
    assert answer["provisional"] is False
    assert set(answer["days"][0]) == {"date", "counted", "reason"}


def test_an_offset_is_honoured() -> None:
    answer = run(*APPLICATION, "--received", "2026-09-19T16:00:00Z", "--format", "json")
    assert json.loads(answer.stdout)["due_date"] == "2026-10-10"


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_term_that_is_not_set_has_an_exit_status_of_its_own(form: str) -> None:
    answer = run("open-application", "--regulation", "shuozhou-2021", *RECEIVED, "--format", form)
    assert answer.exit_code == 3
    assert "未规定" in answer.output
    assert "open-delivery" in answer.output
    assert (answer.stdout == "") == (form == "json")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([*APPLICATION, "--received", "2026-13-01"], "2026-13-01"),
        ([*APPLICATION, "--received", "tomorrow"], "tomorrow"),
        ([*APPLICATION, "--received", "0001-01-01T00:00+14:00"], "0001"),
        ([*APPLICATION, "--received", "9999-12-31"], "超出"),
        (["opening", "--regulation", "yingkou-2022", *RECEIVED], "open-application"),
        (["open-application", "--regulation", "atlantis-1", *RECEIVED], "yingkou-2022"),
        ([*APPLICATION], "--received"),
    ],
)
def test_wrong_usage_is_answered_with_what_is_right(arguments: list[str], said: str) -> None:
    answer = run(*arguments)
    assert answer.exit_code == 2
    assert said in answer.stderr
    assert answer.stdout == ""


def test_the_portals_regulation_is_the_default(tmp_path: Path) -> None:
    root = small_portal(tmp_path)
    answer = run("open-application", *RECEIVED, "--root", str(root), "--format", "json")
    assert json.loads(answer.stdout)["regulation"] == "yingkou-2022"


def test_without_a_portal_a_regulation_must_be_named(tmp_path: Path) -> None:
    answer = run("open-application", *RECEIVED, "--root", str(tmp_path))
    assert answer.exit_code == 2
    assert "--regulation" in answer.stderr


def portal_with(root: Path, line: str) -> str:
    small_portal(root)
    with (root / "catalog.yaml").open("a", encoding="utf-8") as file:
        file.write(line + "\n")
    return str(root)


def test_the_portals_close_of_office_ends_the_day(tmp_path: Path) -> None:
    root = portal_with(tmp_path, 'office_hours: {close: "17:30"}')
    answer = run(*APPLICATION, *RECEIVED, "--root", root, "--format", "json")
    assert json.loads(answer.stdout)["due_at"] == "2026-10-20T17:30:00+08:00"


@pytest.mark.parametrize("wrong", ['{close: "25:00"}', "{open: 8}", "soon"])
def test_a_wrong_close_of_office_is_not_passed_over(tmp_path: Path, wrong: str) -> None:
    root = portal_with(tmp_path, f"office_hours: {wrong}")
    answer = run(*APPLICATION, *RECEIVED, "--root", root)
    assert answer.exit_code == 2
    assert "office_hours" in answer.stderr


def test_a_notice_of_the_portal_is_used(tmp_path: Path) -> None:
    root = str(notice(tmp_path))
    answer = run(*APPLICATION, "--received", "2027-02-04", "--root", root, "--format", "json")
    assert json.loads(answer.stdout)["due_date"] == "2027-02-24"
    assert json.loads(answer.stdout)["provisional"] is False


def test_a_wrong_notice_is_named_with_its_line(tmp_path: Path) -> None:
    root = notice(tmp_path, NOTICE_2027.replace("complete: true", "complete: false"))
    answer = run(*APPLICATION, *RECEIVED, "--root", str(root))
    assert answer.exit_code == 1
    assert "governance/calendar/2027.yaml:13:" in answer.stderr


def test_english_is_spoken_where_asked() -> None:
    answer = run(*APPLICATION, *RECEIVED, "--lang", "en")
    assert answer.stdout.startswith("Answer to an application to open: by 2026-10-20")


def test_a_far_year_is_provisional_and_no_error() -> None:
    answer = run(*APPLICATION, "--received", "3026-11-20")
    assert answer.exit_code == 0
    assert "暂定" in answer.stdout


def test_the_command_loads_nothing_heavy() -> None:
    program = "import sys, kaishu.cli.due; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "kaishu.regulation.due" in loaded
    assert not {"django", "frictionless", "mkdocs", "pandas", "rdflib", "lunar_python"} & {*loaded}
