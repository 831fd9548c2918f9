"""`kaishu register`: the public register as files of the portal."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.base.i18n import ngettext
from kaishu.cli.database import prepare
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import root_option


@click.group(help=_("The public register of cases."))
def command() -> None:
    """The register."""


@command.command(
    "export",
    help=_(
        "Write closed and overdue cases, without anything personal, to governance/register/. "
        "Commit what has changed; the next build publishes it."
    ),
)
@root_option
def export_command(root: Path) -> None:
    """Export and say how many."""
    root = root.resolve()
    use_portal_language(root)
    prepare(root)
    from kaishu.cases import register, tally
    from kaishu.cases.portal import now

    portal = now()
    tally.refresh(portal)
    count = register.export(portal, root)
    click.echo(
        ngettext(
            "{n} case in governance/register/", "{n} cases in governance/register/", count
        ).format(n=count)
    )
    if portal.catalog.portal.operator.department is None:
        click.echo(
            _(
                "It is published as a dataset once catalog.yaml names the department that keeps it: "
                "operator.department."
            )
        )
