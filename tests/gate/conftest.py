"""A real bare repository with the gate in it, and clones of several people."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.portals import small_portal

from kaishu.gate.install import install
from kaishu.gate.settings import Settings

OPERATOR, MZJ, JTJ = "ops@example.org", "mz@example.org", "jt@example.org"


def git(
    folder: Path, *arguments: str, pusher: str = "", **options: str
) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    environment |= {
        "GIT_AUTHOR_NAME": "甲", "GIT_AUTHOR_EMAIL": OPERATOR, "GIT_COMMITTER_NAME": "甲",
        "GIT_COMMITTER_EMAIL": OPERATOR, "GIT_CONFIG_GLOBAL": "/dev/null", "LC_ALL": "C.UTF-8",
        "KAISHU_PUSHER": pusher, **options,
    }  # fmt: skip
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@dataclass
class Clone:
    """One person's clone."""

    folder: Path
    person: str

    def git(self, *arguments: str) -> str:
        done = git(self.folder, *arguments)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def write(self, path: str, content: str | bytes) -> None:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, message: str = "改动") -> None:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def push(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        what = arguments or ("origin", "HEAD:main")
        return git(self.folder, "push", *what, pusher=self.person, **environment)


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A portal's bare repository, its first content pushed by the operator."""
    repository = tmp_path / "portal.git"
    assert git(tmp_path, "init", "-q", "--bare", "-b", "main", str(repository)).returncode == 0
    install(repository, Settings(operators=(OPERATOR,)))
    seed = tmp_path / "seed"
    small_portal(seed)
    catalogue = seed / "catalog.yaml"
    text = catalogue.read_text(encoding="utf-8")
    for department, person in (("mzj", MZJ), ("jtj", JTJ)):
        text = text.replace(f"id: {department},", f"id: {department}, maintainers: [{person}],")
    catalogue.write_text(text, encoding="utf-8")
    if not (seed / ".git").is_dir():
        git(seed, "init", "-q", "-b", "main")
    first = Clone(seed, OPERATOR)
    first.git("remote", "add", "origin", str(repository))
    first.commit("门户")
    done = first.push()
    assert done.returncode == 0, done.stderr
    return repository


@pytest.fixture
def clone(bare: Path, tmp_path: Path):
    def make(person: str, name: str = "") -> Clone:
        folder = tmp_path / (name or person.split("@")[0])
        done = git(tmp_path, "clone", "-q", str(bare), str(folder))
        assert done.returncode == 0, done.stderr
        return Clone(folder, person)

    return make
