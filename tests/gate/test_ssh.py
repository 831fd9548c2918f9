"""Pushes over ssh, as the guide sets it up: the key says who pushes, and nobody else can."""

from __future__ import annotations

import getpass
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests import sshd
from tests.gate.conftest import JTJ, MZJ, OPERATOR, Clone, git
from tests.gate.test_push import PARKS, tip
from tests.gate.together import assert_all_are_there, push_at_once

pytestmark = pytest.mark.slow
PEOPLE = {"mz": MZJ, "jt": JTJ, "ops": OPERATOR, "nobody": ""}


@dataclass
class OverSsh(Clone):
    """A clone that pushes over ssh; `way` is its command."""

    way: str = ""

    def push(self, *arguments: str, **environment: str):
        what = arguments or ("origin", "HEAD:main")
        return git(self.folder, "push", *what, **{"GIT_SSH_COMMAND": self.way, **environment})


@pytest.fixture
def person(bare: Path, tmp_path: Path) -> Iterator[Callable[..., OverSsh]]:
    home = tmp_path / "ssh"
    home.mkdir(mode=0o700)
    lines = [
        f'environment="KAISHU_PUSHER={name}" {sshd.key(home / one)}' if name
        else sshd.key(home / one) for one, name in PEOPLE.items()
    ]  # fmt: skip
    authorized = home / "authorized_keys"
    authorized.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with sshd.serving(home, authorized, PermitUserEnvironment="KAISHU_PUSHER") as port:

        def clone(name: str, *options: str) -> OverSsh:
            way = shlex.join(sshd.client(home, name, port, *options))
            url = f"ssh://{getpass.getuser()}@127.0.0.1{bare}"
            folder = tmp_path / f"over-ssh-{name}"
            done = git(tmp_path, "clone", "-q", url, str(folder), GIT_SSH_COMMAND=way)
            assert done.returncode == 0, done.stderr
            return OverSsh(folder, "", way)

        yield clone


def add_row(one: Clone) -> None:
    one.write(PARKS, (one.folder / PARKS).read_text(encoding="utf-8") + "9,新公园\n")
    one.commit()


def test_the_key_decides_who_may_change_what(bare: Path, person: Callable[..., OverSsh]) -> None:
    mz, jt, nobody = person("mz"), person("jt"), person("nobody")
    before = tip(bare)
    for one, words in ((jt, PARKS), (nobody, "无法确认推送者")):
        add_row(one)
        done = one.push()
        assert done.returncode != 0
        assert words in done.stderr
    assert tip(bare) == before
    add_row(mz)
    done = mz.push()
    assert done.returncode == 0, done.stderr
    assert "通过：1 个数据集有变动。" in done.stderr


def test_whoever_connects_cannot_name_somebody_else(
    bare: Path, person: Callable[..., OverSsh]
) -> None:
    jt = person("jt", f"SetEnv=KAISHU_PUSHER={OPERATOR}", "SendEnv=KAISHU_PUSHER")
    add_row(jt)
    done = jt.push(KAISHU_PUSHER=OPERATOR)
    assert done.returncode != 0
    assert JTJ in done.stderr


def test_many_people_push_at_once_over_ssh(bare: Path, person: Callable[..., OverSsh]) -> None:
    people = [person(name) for name in ("mz", "jt", "ops")]
    for one in people:
        one.git("config", "core.sshCommand", one.way)
    push_at_once(*people)
    assert_all_are_there(bare)
