"""The command `kaishu`: its sub-commands, its languages, its exit statuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.servers import KAISHU

from kaishu.cli.main import COMMANDS


def kaishu(
    *arguments: str, folder: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    base = {name: value for name, value in os.environ.items() if name not in ("LANG", "LC_ALL")}
    return subprocess.run(
        [KAISHU, *arguments],
        cwd=folder,
        env={**base, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_help_names_every_command_in_chinese() -> None:
    answer = kaishu("--help", LANG="zh_CN.UTF-8")
    assert answer.returncode == 0
    assert all(f"  {name}" in answer.stdout for name in COMMANDS)
    assert "说明应答复日期如何得出" in answer.stdout


def test_help_is_english_where_the_terminal_is() -> None:
    assert "Explain a reply date" in kaishu("--help", LANG="en_GB.UTF-8").stdout


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself(name: str) -> None:
    answer = kaishu(name, "--help")
    assert answer.returncode == 0, answer.stderr


@pytest.mark.parametrize(
    "arguments", [["nonsense"], ["build", "--nonsense"], ["build", "--as-of", "x"]]
)
def test_wrong_usage_has_exit_status_two(arguments: list[str]) -> None:
    assert kaishu(*arguments).returncode == 2


def test_the_version_is_the_packages() -> None:
    import kaishu as package

    assert package.__version__ in kaishu("--version").stdout


def test_the_module_is_the_command() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "kaishu.cli.main", "--version"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0
    assert done.stdout == kaishu("--version").stdout
