"""`kaishu rollback`: make an earlier release the public one again, in one step."""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.errors import UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import output_option, root_option
from kaishu.publishing import release as releases


@click.command(
    help=_(
        "Make an earlier release the public one, in one step; without RELEASE the one before it. "
        "The next build publishes what the repository holds then."
    )
)
@click.argument("release", required=False)
@root_option
@output_option
def command(release: str | None, root: Path, output: Path | None) -> None:
    """Switch, and say what is public now."""
    use_portal_language(root)
    folder = output or root / "build"
    with releases.locked(folder):
        kept = [one for one, _made in releases.kept(folder)]
        public = releases.current(folder)
        if release is None:
            chosen = _before(kept, public)
        else:
            chosen = next((one for one in kept if one.id == release), None)
        if chosen is None:
            listed = ", ".join(one.id for one in kept) or "—"
            raise UsageError(
                _("There is no such release; these are kept: {ids}.").format(ids=listed)
            )
        releases.switch(folder, chosen)
    click.echo(_("Public now: release {id}.").format(id=chosen.id))


def _before(
    kept: list[releases.Release], public: releases.Release | None
) -> releases.Release | None:
    """The release made before the public one."""
    ids = [one.id for one in kept]
    if public is None or public.id not in ids:
        return None
    place = ids.index(public.id) + 1
    return kept[place] if place < len(kept) else None
