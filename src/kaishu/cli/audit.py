"""`kaishu audit verify`: whether the record of cases is as it was written."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.cli.database import prepare
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import root_option


@click.group(help=_("Look whether the record of cases is as it was written."))
def command() -> None:
    """Audit the record."""


@command.command(help=_("Recompute every case's chain of events and compare all it fixes."))
@root_option
def verify(root: Path) -> None:
    """Print every disagreement; exit status 1 where there is one."""
    use_portal_language(root)
    prepare(root)
    sys.exit(verified())


def verified() -> int:
    """Verify with the backend set up; the exit status."""
    from kaishu.base.errors import UsageError
    from kaishu.cases import audit
    from kaishu.cases.models import Case, Event

    wrong = 0
    try:
        for number, what in audit.verify():
            click.echo(_("{number}: {what}").format(number=number, what=what), err=True)
            wrong += 1
    except UsageError as error:
        click.echo(str(error), err=True)
        return 1
    click.echo(
        _("{cases} cases, {events} events: {wrong} disagreements.").format(
            cases=Case.objects.count(), events=Event.objects.count(), wrong=wrong
        )
    )
    return 1 if wrong else 0
