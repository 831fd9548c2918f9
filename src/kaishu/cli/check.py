"""`kaishu check`: all problems of a portal, or of the datasets named."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.base.problems import has_errors
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import language_option, root_option
from kaishu.cli.progress import shown
from kaishu.history.git import History
from kaishu.packaging import comparison, report
from kaishu.packaging.check import check_portal

if TYPE_CHECKING:
    from collections.abc import Callable

    from kaishu.base.problems import Problem
    from kaishu.catalog.dataset import Catalog
    from kaishu.packaging.comparison import Comparison

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
@click.option(
    "--against",
    "rev",
    metavar="REV",
    help=_("Compare with a commit or branch: what changed, which problems are new or gone."),
)
@language_option
def command(
    dataset_dirs: tuple[Path, ...], root: Path, format_: str, rev: str | None, lang: str | None
) -> None:
    """Print every problem, or what differs from `rev`."""
    use_portal_language(root, lang)
    if rev is not None:
        _compare(root, rev, format_, dataset_dirs)
    with shown():
        catalog, problems = check_portal(root, dataset_dirs)
    answer = FORMATS[format_](problems, catalog)
    click.echo(answer, nl=isinstance(answer, str))
    sys.exit(1 if has_errors(problems) else 0)


def _compare(root: Path, rev: str, format_: str, dataset_dirs: tuple[Path, ...]) -> None:
    """Print what differs from `rev`; new errors give the status 1."""
    if dataset_dirs:
        raise UsageError(_("With --against, what changed is looked at; name no folders."))
    found = comparison.compare(root, History.open(root), rev)
    forms: dict[str, Callable[[Comparison], str | bytes]] = {
        "text": comparison.as_text,
        "json": comparison.as_json,
        "markdown": comparison.as_markdown,
        "github": lambda one: report.as_github(one.new),
        "sarif": lambda one: report.as_sarif(one.new),
    }
    answer = forms[format_](found)
    click.echo(answer, nl=isinstance(answer, str))
    sys.exit(1 if has_errors(found.new) else 0)
