"""`kaishu releases`: the releases that are kept, the public one marked."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import output_option, root_option
from kaishu.publishing import publication
from kaishu.publishing import release as releases


@click.command(help=_("List the releases that are kept, the newest first; * marks the public one."))
@root_option
@output_option
def command(root: Path, output: Path | None) -> None:
    """Print the list."""
    use_portal_language(root)
    folder = output or root / "build"
    public = releases.current(folder)
    for one, made in releases.kept(folder):
        mark = "*" if public is not None and one.id == public.id else " "
        words = _("{n} files").format(n=len(one.manifest))
        click.echo(f"{mark} {one.id}  {made:%Y-%m-%d %H:%M}  {words}")
    if publication.is_under_way(folder):
        click.echo(_("A build is under way."))
    last = publication.last(folder)
    if last is not None and last.state == publication.FAILED:
        click.echo(
            _("The build of {time} failed; what is public stayed as it was: {reason}").format(
                time=f"{last.time:%Y-%m-%d %H:%M}", reason=last.reason
            )
        )
