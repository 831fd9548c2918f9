"""`kaishu publish`: the public release, sent to where it is served from."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.errors import BuildError
from kaishu.base.formats import size
from kaishu.base.i18n import gettext as _
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import language_option, output_option, root_option
from kaishu.cli.progress import shown
from kaishu.publishing import release as releases
from kaishu.publishing.sending import send


@click.command(
    help=_(
        "Send the public release elsewhere: to a folder, to S3, or to a server by rsync. Only what "
        "differs is sent; a sending that was interrupted is taken up again."
    )
)
@click.option(
    "--to",
    "target",
    required=True,
    metavar="TARGET",
    help=_("A folder, s3://bucket/prefix, user@host:path, or rsync://host/module."),
)
@click.option("--dry-run", is_flag=True, help=_("Only list what would be sent and removed."))
@root_option
@output_option
@language_option
def command(target: str, dry_run: bool, root: Path, output: Path | None, lang: str | None) -> None:
    """Send, and say what came of it."""
    use_portal_language(root, lang)
    output = output or root / "build"
    release = releases.current(output)
    if release is None:
        raise BuildError(_("No release has been published yet; run kaishu build."))
    with shown() as progress:
        progress.say(_("Comparing"))
        found = send(release, target, output / "cache" / "sending", dry_run=dry_run)
    if dry_run:
        for path in found.changed:
            click.echo(f"+ {path}")
        for path in found.gone:
            click.echo(f"- {path}")
    said = (
        _("Would send {n} files ({size}) of release {id}, and remove {gone}.")
        if dry_run
        else _("Sent {n} files ({size}) of release {id}, and removed {gone}.")
    )
    click.echo(
        said.format(
            n=len(found.changed), size=size(found.size), id=release.id, gone=len(found.gone)
        )
    )
