"""`kaishu add`: a new dataset from a department's table."""

from __future__ import annotations

from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from kaishu.base.errors import InvalidFiles
from kaishu.base.i18n import gettext as _
from kaishu.catalog.load import load
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import language_option, root_option
from kaishu.packaging.adding import add


@click.command(
    help=_(
        "Make a new dataset from a table: CSV, TSV, XLSX, XLS, ODS, JSON, NDJSON, GeoJSON or "
        "Parquet. The schema is inferred; what was guessed is listed."
    )
)
@click.argument("table", metavar="TABLE", type=click.Path(path_type=Path))
@click.option("--department", required=True, metavar="ID", help=_("The department's id."))
@click.option("--name", metavar="NAME", help=_("The dataset's name (default: from the file's)."))
@click.option("--sheet", metavar="NAME", help=_("The sheet of a workbook (default: the first)."))
@root_option
@language_option
def command(
    table: Path, department: str, name: str | None, sheet: str | None, root: Path, lang: str | None
) -> None:
    """Make the folder, and say what was found, what was guessed and what comes next."""
    use_portal_language(root, lang)
    try:
        portal = load(root).portal
    except InvalidFiles as error:
        raise InvalidFiles(
            _("catalog.yaml cannot be used; run kaishu check."), error.problems
        ) from error
    added = add(root, portal, table, department, name, sheet)
    for fact in added.facts:
        click.echo(fact)
    shown = Table(_("Column"), _("Field name"), _("Type"), _("Guess"), box=None, pad_edge=False)
    for guess in added.guesses:
        shown.add_row(*guess)
    Console(soft_wrap=True).print(shown)
    for warning in added.warnings:
        click.echo(f"{warning.message} {warning.hint}")
    try:
        folder = added.folder.relative_to(root)
    except ValueError:
        folder = added.folder
    click.echo(_("Made {folder}.").format(folder=folder))
    click.echo(
        _("Next: fill in {folder}/datapackage.yaml, then kaishu check {folder}.").format(
            folder=folder
        )
    )
