"""`kaishu due`: a reply date with its reasoning."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from kaishu.base.errors import InvalidFiles, NotFound, NotSet, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cli.language import portal_value, use_portal_language
from kaishu.cli.options import language_option, root_option
from kaishu.regulation import asking, explain, library
from kaishu.regulation.calendar import WorkingCalendar
from kaishu.regulation.due import due


@click.command(help=_(asking.HELP))
@click.argument("rule")
@click.option("--regulation", "reference", metavar="ID", help=_(asking.REGULATION_HELP))
@click.option("--received", required=True, metavar="ISO8601", help=_(asking.RECEIVED_HELP))
@click.option("--extended", is_flag=True, help=_(asking.EXTENDED_HELP))
@root_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    help=_(asking.FORMAT_HELP),
)
@language_option
def command(
    rule: str,
    reference: str | None,
    received: str,
    extended: bool,
    root: Path,
    form: str,
    lang: str | None,
) -> None:
    """Compute one due date and print how it comes about."""
    use_portal_language(root, lang)
    try:
        received_at = asking.moment(received)
        close = asking.close_of_office(portal_value(root, "office_hours"))
        reference = asking.reference(reference, portal_value(root, "regulation"))
        regulation = library.load(reference, root)
        calendar = WorkingCalendar.load(root)
        found = due(regulation, rule, received_at, calendar, close, extended=extended)
    except NotSet as error:
        click.echo(str(error), err=form == "json")
        sys.exit(3)
    except (UsageError, NotFound) as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except InvalidFiles as error:
        click.echo(str(error), err=True)
        for problem in error.problems:
            click.echo(
                f"{problem.file}:{problem.line or 1}: {problem.message} {problem.hint}", err=True
            )
        sys.exit(1)
    if form == "json":
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo(explain.as_text(found, regulation))
