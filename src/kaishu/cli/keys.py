"""`kaishu keys`: the keys that seal applicants' words, changed without losing any."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.cli import progress
from kaishu.cli.database import prepare
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import root_option


@click.group(help=_("The keys that seal what applicants state."))
def command() -> None:
    """The keys."""


@command.command(
    help=_(
        "Make a new key and put it before those in var/keys. Where KAISHU_KEYS gives the keys, the "
        "new one is printed, to be put first there. The earlier keys go on opening what they have "
        "sealed."
    )
)
@root_option
def new(root: Path) -> None:
    """Make a key."""
    use_portal_language(root)
    prepare(root, migrate=False)
    added()


@command.command(
    help=_(
        "Seal every stored value with the newest key, in batches, while the portal goes on; broken "
        "off, it goes on where it stopped. Afterwards it says when the earlier keys can be removed."
    )
)
@root_option
def reseal(root: Path) -> None:
    """Reseal and say how far it has come."""
    use_portal_language(root)
    prepare(root)
    with progress.shown():
        resealed()


def added() -> None:
    """Make a key with the backend set up."""
    from django.conf import settings

    from kaishu.cases import keys

    key = keys.new_key()
    if os.environ.get("KAISHU_KEYS"):
        click.echo(key)
        click.echo(_("Put it first in KAISHU_KEYS, before a comma, on every host."), err=True)
    else:
        path = Path(settings.KAISHU_VAR) / "keys"
        keys.put_first(key, path)
        click.echo(_("A new key stands first in {path}.").format(path=path))
    click.echo(
        _("Restart every kaishu serve and kaishu worker, then run kaishu keys reseal."), err=True
    )


def resealed() -> None:
    """Reseal with the backend set up. Raises UsageError where a value cannot be opened."""
    from django.conf import settings

    from kaishu.cases import keys

    found = keys.reseal()
    click.echo(
        _("{rows} rows looked at, {changed} sealed anew.").format(
            rows=found.rows, changed=found.changed
        )
    )
    keys.check_readable(found)
    if len(settings.KAISHU_KEYS) > 1:
        click.echo(
            _(
                "The earlier keys can be removed two hours after every kaishu serve and kaishu "
                "worker was started with the new key in first place; where one was started later "
                "than this command, run it once more before. Keep them apart for as long as you "
                "keep copies from before."
            )
        )
