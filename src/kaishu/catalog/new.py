"""A new portal: empty, valid, ready to be filled."""

from __future__ import annotations

import shutil
from pathlib import Path

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _

TEMPLATE = Path(__file__).parent / "template"
# The template cannot carry these under their own names: they would be obeyed here.
HIDDEN = {
    "gitignore": ".gitignore",
    "gitea-workflow.yml": ".gitea/workflows/kaishu.yml",
    "github-workflow.yml": ".github/workflows/kaishu.yml",
    "gitlab-ci.yml": ".gitlab-ci.yml",
}


def new_portal(folder: Path) -> None:
    """Write an empty portal into `folder`. Raises UsageError where something lies there already."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(_("{folder} is not an empty folder.").format(folder=folder))
    shutil.copytree(TEMPLATE, folder, dirs_exist_ok=True)
    for name, place in HIDDEN.items():
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).rename(folder / place)
