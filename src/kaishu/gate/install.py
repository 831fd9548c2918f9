"""Hooks for a bare repository: what runs before a push is taken, and after."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from kaishu.base.errors import UsageError
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.gate import settings as gate_settings

if TYPE_CHECKING:
    from kaishu.gate.settings import Settings

MARK = "# kaishu gate"
HOOKS = ("pre-receive", "post-receive")
_HOOK = """\
#!/bin/sh
{mark}: {hook}. Made by `kaishu gate install`; settings are in kaishu/gate.yaml.
exec {python} -m kaishu gate {hook} "$(git rev-parse --absolute-git-dir)"
"""


def install(repository: Path, settings: Settings) -> None:
    """Put the hooks and their settings into a bare repository; settings that are there stay.

    Raises UsageError where `repository` is no bare repository, or has hooks of another make.
    """
    repository = repository.resolve()
    if not _is_bare(repository):
        raise UsageError(_("“{path}” is not a bare git repository.").format(path=repository))
    for name in HOOKS:
        path = repository / "hooks" / name
        if path.exists() and MARK not in path.read_text(encoding="utf-8", errors="replace"):
            raise UsageError(
                _("There is a hook {name} already; merge or remove it first.").format(name=path)
            )
    if not (repository / gate_settings.FILE).exists():
        write_atomically(repository / gate_settings.FILE, gate_settings.as_yaml(settings).encode())
    for name in HOOKS:
        path = repository / "hooks" / name
        text = _HOOK.format(mark=MARK, hook=name, python=shlex.quote(sys.executable))
        write_atomically(path, text.encode())
        path.chmod(0o755)
    # Broken and disguised objects are refused by git itself.
    for key in ("receive.fsckObjects", "transfer.fsckObjects"):
        subprocess.run(["git", "-C", str(repository), "config", key, "true"], check=True)


def _is_bare(path: Path) -> bool:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    done = subprocess.run(
        ["git", "-C", str(path), "rev-parse", "--is-bare-repository"],
        env=environment, capture_output=True, text=True, check=False,
    ) if path.is_dir() else None  # fmt: skip
    return done is not None and done.stdout.strip() == "true"
