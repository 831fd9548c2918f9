"""`kaishu purge`: data published by mistake, removed from releases, caches and history."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import output_option, root_option
from kaishu.gate import settings as gate_settings
from kaishu.publishing.purge import purge


@click.command(
    help=_(
        "Remove the past of a dataset, published by mistake, from every release, version and cache "
        "and from the history of the repository; what the dataset holds now stays. Correct or "
        "withdraw it first. Every clone has to be made anew afterwards."
    )
)
@click.argument("dataset", metavar="DATASET")
@click.option(
    "--repository",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help=_("The bare repository that the portal is published from."),
)
@root_option
@output_option
@click.option("--by", metavar="NAME", required=True, help=_("Who decides."))
@click.option("--reason", metavar="TEXT", required=True, help=_("Why; it is recorded."))
@click.option("--reference", metavar="NUMBER", help=_("The document number."))
@click.option("--yes", is_flag=True, help=_("Do not ask again."))
def command(
    dataset: str,
    repository: Path,
    root: Path,
    output: Path | None,
    by: str,
    reason: str,
    reference: str | None,
    yes: bool,
) -> None:
    """Ask, purge, and say what is left to do."""
    use_portal_language(root)
    if not (repository / gate_settings.FILE).is_file():
        raise UsageError(_("“{path}” has no gate in it.").format(path=repository))
    branch = gate_settings.read(repository).branch
    if not yes:
        click.confirm(
            _("The history of {path} is written anew, and releases go. Continue?").format(
                path=repository
            ),
            abort=True,
        )
    var = Path(os.environ.get("KAISHU_VAR") or root / "var")
    made = purge(
        root, output or root / "build", repository.resolve(), branch, dataset,
        by=by, reason=reason, reference=reference, beside=(var / "publish.git", var / "drafts"),
    )  # fmt: skip
    click.echo(
        _("Purged: {files} files of {commits} commits, {releases} releases.").format(
            files=len(made.files), commits=made.commits, releases=made.releases
        )
    )
    for path in made.left:
        click.echo(_("Still there, as another dataset or branch has it: {path}").format(path=path))
    click.echo(_("Public now: release {id}.").format(id=made.release))
    click.echo(
        _("Now: publish to other places again, tell everybody to clone anew, and delete backups.")
    )
