"""`kaishu libraries`: brings the libraries that charts, maps and SQL need in the browser."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import output_option, root_option
from kaishu.site import libraries


@click.command(
    help=_(
        "Bring the libraries that charts, maps and SQL in the browser need, with npm, in the "
        "versions that the engine was tested with. They are kept in libraries/ beside the builds, "
        "or where the environment variable KAISHU_LIBRARIES says. Without them the portal is built "
        "all the same, and its pages leave those parts out."
    )
)
@root_option
@output_option
def command(root: Path, output: Path | None) -> None:
    """Bring them, unless they are there."""
    use_portal_language(root)
    folder = libraries.folder(output or root / "build")
    new = libraries.bring(folder.resolve())
    for one in libraries.Brought(folder).present:
        click.echo(f"{one.name} {libraries.Brought(folder).version(one.name)}  {one.title}")
    if not new:
        click.echo(_("Nothing had to be brought."))
