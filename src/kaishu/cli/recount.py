"""`kaishu recount`: due dates counted anew after a holiday notice was loaded or changed."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.cli.database import prepare
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import root_option


@click.command(
    help=_(
        "Count the due dates of running cases anew, after a year's holidays were loaded or a "
        "notice changed them. Each change is an event of its case."
    )
)
@root_option
def command(root: Path) -> None:
    """Recount and print what changed."""
    use_portal_language(root)
    prepare(root)
    recounted()


def recounted() -> None:
    """Recount with the backend set up, a line for each case that changed."""
    from kaishu.cases.portal import now
    from kaishu.cases.recount import recount

    for case in recount(now()):
        kind = _("provisional") if case.provisional else _("settled")
        click.echo(
            _("{number}: {before} → {after} ({kind})").format(
                number=case.number, before=case.before, after=case.after, kind=kind
            )
        )
