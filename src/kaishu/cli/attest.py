"""`kaishu attest`: a department's word that its entries were looked at and are right."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from kaishu.base import clock
from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.catalog.load import load
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import as_of_option, language_option, root_option
from kaishu.supervision import attest


@click.command(
    help=_(
        "Write a file in which a department attests that it looked at catalogue entries and found "
        "them right. It counts from the commit that brings it into the repository."
    )
)
@click.argument("dataset_dirs", nargs=-1, type=click.Path(path_type=Path, exists=True))
@root_option
@click.option("--department", metavar="ID", required=True, help=_("The department that attests."))
@click.option("--all", "every", is_flag=True, help=_("All entries of the department."))
@click.option("--by", metavar="NAME", required=True, help=_("Who looked at the entries."))
@click.option("--note", metavar="TEXT", help=_("What was looked at, in words."))
@as_of_option
@language_option
def command(
    dataset_dirs: tuple[Path, ...],
    root: Path,
    department: str,
    every: bool,
    by: str,
    note: str | None,
    as_of: datetime | None,
    lang: str | None,
) -> None:
    """Write the attestation and say what to do with it."""
    use_portal_language(root, lang)
    if every == bool(dataset_dirs):
        raise UsageError(_("Name dataset folders, or give --all."))
    day = as_of.date() if as_of else clock.today()
    if day > clock.today():
        raise UsageError(_("Nobody has looked at an entry on a day that has not come."))
    own = (root / "datasets" / department).resolve()
    found = [folder.resolve() for folder in dataset_dirs]
    names = [one.name if one.parent == own else str(one) for one in found]
    path = attest.write(load(root), department, names, by=by, day=day, note=note)
    click.echo(
        _("Written: {path}. Commit it before the period ends; only the commit counts.").format(
            path=path.relative_to(root).as_posix()
        )
    )
