"""`kaishu new`: a new, empty, valid portal."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.catalog.new import new_portal


@click.command(help=_("Make a new, empty portal in the folder DIR."))
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Write it, and say what comes next."""
    new_portal(folder)
    click.echo(
        _("Made {folder}. Next: edit catalog.yaml, then kaishu check.").format(folder=folder)
    )
