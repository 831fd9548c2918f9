"""The backend made ready for a command: its settings, its database brought up to date."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def prepare(root: Path, *, migrate: bool = True) -> None:
    """Set the backend up for the portal in `root` and bring its database up to date."""
    os.environ["KAISHU_ROOT"] = str(root.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaishu.backend.settings")
    import django
    from django.core.management import call_command

    django.setup()
    if migrate:
        call_command("migrate", verbosity=0, interactive=False)
