"""`kaishu store`: data files that are too large for git."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import gettext as _
from kaishu.catalog.load import load
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import language_option, root_option
from kaishu.cli.progress import shown
from kaishu.history.git import History
from kaishu.packaging.storing import put


@click.group(help=_("Keep data files that are too large for git in the portal's store."))
def command() -> None:
    """Put files in."""


@command.command(
    "put",
    help=_(
        "Put data files into the portal's store, and write their hashes into the descriptors. Git "
        "ignores the files from then on; whoever needs them gets them from the store."
    ),
)
@click.argument(
    "files",
    metavar="FILE...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
)
@click.option("--store", metavar="ID", help=_("The store of catalog.yaml (default: the first)."))
@root_option
@language_option
def put_(files: tuple[Path, ...], store: str | None, root: Path, lang: str | None) -> None:
    """Put files in, and say what is to be committed."""
    use_portal_language(root, lang)
    portal = load(root).portal
    history = History.open(root)
    for file in files:
        with shown() as progress:
            progress.say(_("Storing {file}").format(file=file.name))
            done = put(root, portal, file, store)
        click.echo(
            _("{file} is in the store {store} as sha256:{digest}.").format(
                file=done.path, store=done.store, digest=done.digest
            )
        )
        if history.tracks(done.folder / done.path):
            click.echo(_("Git still holds the file. Run: git rm --cached {path}").format(path=file))
    click.echo(_("Next: commit the descriptor and .gitignore."))
