"""`kaishu obligations`: who owes what by when, and how it stands."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from kaishu.base import clock
from kaishu.base.errors import NotFound
from kaishu.base.files import write_atomically
from kaishu.base.i18n import gettext as _
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import as_of_option, language_option, root_option
from kaishu.supervision import feeds, listing
from kaishu.supervision.obligation import State
from kaishu.supervision.obligations import obligations, record_of


@click.command(
    help=_(
        "List what the departments and the operator owe under the regulation: computed from "
        "catalogue, git history, regulation, calendar and public register, and never stored."
    )
)
@root_option
@click.option("--department", metavar="ID", help=_("What this department owes alone."))
@click.option(
    "--state",
    "states",
    type=click.Choice([one.value for one in State]),
    multiple=True,
    help=_("Those in this state alone; may be given several times."),
)
@as_of_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "ics", "markdown"]),
    default="text",
    show_default=True,
    help=_("The form of the answer."),
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help=_("Write to this file (default: print)."),
)
@language_option
def command(
    root: Path,
    department: str | None,
    states: tuple[str, ...],
    as_of: datetime | None,
    form: str,
    output: Path | None,
    lang: str | None,
) -> None:
    """Print or write the obligations asked for."""
    use_portal_language(root, lang)
    record = record_of(root, as_of.date() if as_of else clock.today())
    for problem in record.problems:
        click.echo(
            f"{problem.file}:{problem.line or problem.row or 1}: {problem.message}", err=True
        )
    portal = record.catalog.portal
    owner = portal.department(department) if department else None
    if department and owner is None:
        raise NotFound(_("catalog.yaml has no department “{id}”.").format(id=department))
    chosen = [
        one
        for one in obligations(record)
        if (not department or one.department == department) and (not states or one.state in states)
    ]
    if form == "json":
        answer = listing.as_json(record, chosen)
    elif form == "ics":
        answer = feeds.as_calendar(record, chosen, owner.name if owner else portal.title)
    else:
        write = listing.as_markdown if form == "markdown" else listing.as_text
        answer = f"{write(record, chosen)}\n".encode()
    if output:
        write_atomically(output, answer)
    else:
        click.echo(answer, nl=False)
