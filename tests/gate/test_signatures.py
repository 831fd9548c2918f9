"""Where the gate asks for signatures, the key decides and not the name that a commit carries."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.gate.conftest import JTJ, MZJ, OPERATOR, Clone, git
from tests.gate.test_push import PARKS, refused

from kaishu.gate import settings as gate_settings
from kaishu.gate.settings import Settings

pytestmark = pytest.mark.slow


def key(folder: Path, name: str) -> Path:
    tool = shutil.which("ssh-keygen")
    assert tool, "ssh-keygen is not installed; scripts/test installs openssh-client"
    path = folder / name
    subprocess.run([tool, "-q", "-t", "ed25519", "-N", "", "-C", name, "-f", str(path)], check=True)
    return path


def signing(clone: Clone, path: Path) -> None:
    clone.git("config", "gpg.format", "ssh")
    clone.git("config", "user.signingkey", f"{path}.pub")
    clone.git("config", "commit.gpgsign", "true")


def test_every_commit_is_signed_by_its_pusher(
    bare: Path, clone: Callable[..., Clone], tmp_path: Path
) -> None:
    own, other = key(tmp_path, "own"), key(tmp_path, "other")
    allowed = "".join(
        f"{person} {Path(f'{path}.pub').read_text().strip()}\n"
        for person, path in ((MZJ, own), (JTJ, other))
    )
    (bare / "kaishu/allowed_signers").write_text(allowed)
    settings = Settings(operators=(OPERATOR,), allowed_signers="kaishu/allowed_signers")
    (bare / gate_settings.FILE).write_text(gate_settings.as_yaml(settings), encoding="utf-8")

    mz = clone(MZJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    assert "没有" in refused(bare, mz)

    signing(mz, other)
    mz.git("commit", "-q", "--amend", "-m", "别人的密钥")
    assert "没有" in refused(bare, mz)

    signing(mz, own)
    mz.git("commit", "-q", "--amend", "-m", "自己的密钥")
    done = mz.push()
    assert done.returncode == 0, done.stderr


def test_a_key_that_has_expired_signs_nothing_however_the_commit_is_dated(
    bare: Path, clone: Callable[..., Clone], tmp_path: Path
) -> None:
    own, again = key(tmp_path, "own"), key(tmp_path, "again")
    words = {one: Path(f"{one}.pub").read_text().strip() for one in (own, again)}
    (bare / "kaishu/allowed_signers").write_text(
        f'{MZJ} valid-before="20200101" {words[own]}\n{MZJ} {words[again]}\n'
    )
    settings = Settings(operators=(OPERATOR,), allowed_signers="kaishu/allowed_signers")
    (bare / gate_settings.FILE).write_text(gate_settings.as_yaml(settings), encoding="utf-8")
    mz = clone(MZJ)
    mz.write(PARKS, (mz.folder / PARKS).read_text() + "9,新公园\n")
    mz.commit()
    signing(mz, own)
    dated = {"GIT_COMMITTER_DATE": "2019-06-01T00:00:00+08:00"}
    arguments = ("commit", "-q", "--amend", "-m", "旧密钥")
    assert git(mz.folder, *arguments, **dated).returncode == 0
    assert "没有" in refused(bare, mz)
    signing(mz, again)
    assert git(mz.folder, *arguments, **dated).returncode == 0
    done = mz.push()
    assert done.returncode == 0, done.stderr
