"""Options that several commands share. Command modules are imported after the language is set,
so their help texts are translated as they are read.
"""

from __future__ import annotations

from pathlib import Path

import click

from kaishu.base.i18n import LANGUAGES
from kaishu.base.i18n import gettext as _

root_option = click.option(
    "--root",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=Path(),
    help=_("The portal's folder (default: this one)."),
)
output_option = click.option(
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("Where to build (default: build/ in the portal's folder)."),
)
language_option = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    help=_("The language to answer in (default: the portal's)."),
)
as_of_option = click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help=_("The day that the answer speaks of (default: today)."),
)
