"""`kaishu build`: check, package, render and publish the portal of one folder."""

from __future__ import annotations

import os
import sys
from datetime import date, datetime
from pathlib import Path

import click

from kaishu.base.errors import InvalidFiles
from kaishu.base.i18n import gettext as _
from kaishu.base.i18n import ngettext
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import output_option, root_option
from kaishu.cli.progress import shown
from kaishu.packaging.report import as_text
from kaishu.publishing.build import ENGINES, build
from kaishu.publishing.publication import Recorded
from kaishu.site import libraries


@click.command(
    help=_(
        "Check, package, render and publish the portal. Where there are errors nothing is "
        "published, what was published before stays as it was, and the exit status is 1."
    )
)
@root_option
@output_option
@click.option("--jobs", type=click.IntRange(1), help=_("Processes to use (default: one a core)."))
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default=ENGINES[0],
    help=_("Where packaging runs: on this machine, or on a Dask cluster (KAISHU_DASK names it)."),
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("The day that the pages speak of (default: the commit's)."),
)
@click.option("--clean", is_flag=True, help=_("Remove everything made before, then build."))
def command(
    root: Path,
    output: Path | None,
    jobs: int | None,
    engine: str,
    as_of: datetime | None,
    clean: bool,
) -> None:
    """Build, and print what came of it."""
    use_portal_language(root)
    output = output or root / "build"
    day: date | None = as_of.date() if as_of else None
    try:
        with shown() as progress, Recorded(output) as record:
            built = build(
                root,
                output,
                as_of=day,
                engine=engine,
                jobs=jobs or os.cpu_count() or 1,
                clean=clean,
                say=progress.say,
            )
            record.release = built.release.id
    except InvalidFiles as error:
        click.echo(as_text(list(error.problems)))
        click.echo(str(error), err=True)
        sys.exit(1)
    if built.problems:
        click.echo(as_text(list(built.problems)))
    missing = libraries.brought(output).missing
    if missing:
        click.echo(
            _("Built without {names}: `kaishu libraries` brings what they need.").format(
                names=" · ".join(one.title for one in missing)
            ),
            err=True,
        )
    if built.unchanged:
        click.echo(_("Nothing has changed since release {id}.").format(id=built.release.id))
    else:
        words = ngettext("{n} dataset", "{n} datasets", built.datasets).format(n=built.datasets)
        click.echo(_("Published release {id}: {words}.").format(id=built.release.id, words=words))
        if built.reused:
            click.echo(
                _("Packaged {n}, reused {reused}.").format(
                    n=built.datasets - built.reused, reused=built.reused
                )
            )
    click.echo(str(output / "site"))
