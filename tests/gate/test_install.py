"""Installing the gate: into bare repositories alone, over nobody's own hooks, twice without harm."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.gate.conftest import OPERATOR, git

from kaishu.base.errors import InvalidFiles, UsageError
from kaishu.cli.main import main_group
from kaishu.gate import settings as gate_settings
from kaishu.gate.install import install
from kaishu.gate.settings import Settings, read

SETTINGS = Settings(operators=(OPERATOR,))


def bare_repository(folder: Path) -> Path:
    git(folder, "init", "-q", "--bare", "bare.git")
    return folder / "bare.git"


def test_the_settings_can_be_read_again(tmp_path: Path) -> None:
    repository = bare_repository(tmp_path)
    install(repository, SETTINGS)
    assert read(repository) == SETTINGS


def test_installing_again_keeps_what_the_operator_set(tmp_path: Path) -> None:
    repository = bare_repository(tmp_path)
    install(repository, SETTINGS)
    (repository / gate_settings.FILE).write_text("branch: master\noperators: [someone]\n")
    install(repository, SETTINGS)
    assert (read(repository).branch, read(repository).operators) == ("master", ("someone",))


def test_a_hook_of_another_make_stays(tmp_path: Path) -> None:
    repository = bare_repository(tmp_path)
    own = repository / "hooks" / "pre-receive"
    own.write_text("#!/bin/sh\nexit 0\n")
    with pytest.raises(UsageError, match="pre-receive"):
        install(repository, SETTINGS)
    assert own.read_text() == "#!/bin/sh\nexit 0\n"


def test_a_folder_that_is_no_bare_repository_is_refused(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "work")
    for path in (tmp_path / "work", tmp_path / "none"):
        with pytest.raises(UsageError, match="裸"):
            install(path, SETTINGS)


@pytest.mark.parametrize("text", ["operators: []\n", "operators: [a]\nbrunch: x\n", "a: [\n"])
def test_wrong_settings_are_said(tmp_path: Path, text: str) -> None:
    repository = bare_repository(tmp_path)
    install(repository, SETTINGS)
    (repository / gate_settings.FILE).write_text(text)
    with pytest.raises(InvalidFiles):
        read(repository)


def test_the_commands_install_and_show_the_log(tmp_path: Path) -> None:
    repository = bare_repository(tmp_path)
    runner = CliRunner()
    done = runner.invoke(main_group, ["gate", "install", str(repository), "--operator", OPERATOR])
    assert done.exit_code == 0, done.output
    assert str(repository) in done.output
    assert runner.invoke(main_group, ["gate", "log", str(repository)]).output == ""
