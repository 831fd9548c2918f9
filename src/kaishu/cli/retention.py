"""`kaishu retention`: personal data and access logs gone after their terms."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.cli.database import prepare
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import root_option


@click.command(
    help=_(
        "Erase the personal data of cases that ended long enough ago, and access logs older than "
        "twelve months. The chain of events and the public register stay. Run it daily."
    )
)
@root_option
def command(root: Path) -> None:
    """Erase and print what went."""
    use_portal_language(root)
    prepare(root)
    erased()


def erased() -> None:
    """Erase with the backend set up; a line for each case, one for the logs."""
    from kaishu.cases import retention

    for number in retention.erase():
        click.echo(_("{number}: personal data erased").format(number=number))
    retention.prune_traces()
    click.echo(_("{n} days of access logs removed").format(n=retention.prune_logs()))
