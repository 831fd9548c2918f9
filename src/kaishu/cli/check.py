"""`kaishu check`: all problems of a portal, or of the datasets named."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import language_option, root_option
from kaishu.cli.progress import shown
from kaishu.packaging import report
from kaishu.packaging.check import check_portal

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog

FORMATS: dict[str, Callable[[list[Problem], Catalog | None], str | bytes]] = {
    "text": report.as_text,
    "json": report.as_json,
    "markdown": report.as_markdown,
    "github": report.as_github,
    "sarif": report.as_sarif,
}


@click.command(
    help=_(
        "Check the portal's files and data, or the dataset folders named. Exit status: 0 no "
        "errors, 1 errors, 2 wrong usage."
    )
)
@click.argument("dataset_dirs", nargs=-1, type=click.Path(path_type=Path, exists=True))
@root_option
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="text",
    show_default=True,
    help=_("The form of the answer."),
)
@language_option
def command(dataset_dirs: tuple[Path, ...], root: Path, format_: str, lang: str | None) -> None:
    """Print every problem."""
    use_portal_language(root, lang)
    with shown():
        catalog, problems = check_portal(root, dataset_dirs)
    answer = FORMATS[format_](problems, catalog)
    click.echo(answer, nl=isinstance(answer, str))
    sys.exit(1 if has_errors(problems) else 0)
