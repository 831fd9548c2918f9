"""The command `kaishu`: its sub-commands, each loaded only when it is called."""

from __future__ import annotations

import importlib
import os
import sys

import click

from kaishu import __version__
from kaishu.base import i18n
from kaishu.base.errors import KaishuError, UsageError
from kaishu.base.i18n import N_
from kaishu.base.i18n import gettext as _

COMMANDS = {
    "add": N_("Make a new dataset from a table"),
    "check": N_("Check the portal's files and data"),
    "store": N_("Keep large data files out of git"),
    "build": N_("Check, package, render and publish the portal"),
    "libraries": N_("Bring what charts, maps and SQL need in the browser"),
    "publish": N_("Send the public release elsewhere"),
    "preview": N_("Show the pages of what changed, again at every save"),
    "serve": N_("Serve the site and the forms"),
    "worker": N_("Send mails and do what is due"),
    "due": N_("Explain a reply date"),
    "obligations": N_("List who owes what by when"),
    "attest": N_("Attest that catalogue entries were looked at"),
    "report": N_("Draft the annual report"),
    "review": N_("Review datasets before they are published"),
    "releases": N_("List the releases that are kept"),
    "rollback": N_("Make an earlier release the public one"),
    "register": N_("Export the public register of cases"),
    "purge": N_("Remove data published by mistake from releases and history"),
    "recount": N_("Count due dates anew after a holiday notice"),
    "audit": N_("Verify the record of cases"),
    "keys": N_("Change the keys that seal applicants' words"),
    "retention": N_("Erase personal data after their term"),
    "gate": N_("Judge every push to a bare repository"),
    "new": N_("Make a new, empty portal"),
    "staff": N_("Manage the accounts of the desk"),
}


class _Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"kaishu.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        # The one-line helps are kept here, so that `--help` need not import every command.
        with formatter.section(_("Commands")):
            formatter.write_dl([(name, _(text)) for name, text in COMMANDS.items()])


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=_("Help on one command: kaishu COMMAND --help"),
)
@click.version_option(__version__, prog_name="kaishu")
def main_group() -> None:
    """Kaishu (开数)."""


def language_of_the_terminal() -> i18n.Language:
    """English where the terminal's locale says so, else the default, Chinese."""
    words = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG", "")
    return "en" if words.startswith("en") else i18n.DEFAULT


def main() -> None:
    """Entry point. Exit status: 0 done, 1 problems or failure, 2 wrong usage, 3 not set."""
    i18n.activate(language_of_the_terminal())
    try:
        main_group()
    except UsageError as error:
        click.echo(str(error), err=True)
        sys.exit(2)
    except KaishuError as error:
        click.echo(str(error), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
