"""`kaishu staff`: the accounts of the desk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table

from kaishu.base.i18n import gettext as _
from kaishu.cli.database import prepare
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import root_option

if TYPE_CHECKING:
    from types import ModuleType


@click.group(help=_("Manage the accounts of the desk."))
def command() -> None:
    """Manage accounts."""


@command.command(help=_("Add an account; without a department it is the operator's."))
@click.argument("username")
@click.option("--department", default="", help=_("The department's id."))
@click.option(
    "--role",
    type=click.Choice(["officer", "head", "operator", "auditor"]),
    default=None,
    help=_("What the account may do; an officer, or the operator, where it is not given."),
)
@click.option("--email", default="", help=_("Where reminders are sent."))
@click.option(
    "--superuser", is_flag=True, help=_("The account also manages accounts, at /desk/admin/.")
)
@click.password_option(help=_("The password; asked for where it is not given."))
@root_option
def add(
    username: str,
    department: str,
    role: str | None,
    email: str,
    superuser: bool,
    password: str,
    root: Path,
) -> None:
    """Add one account."""
    _staff(root).add(username, department, password, role or "", email, superuser=superuser)
    click.echo(_("Added {name}.").format(name=username))


@command.command(help=_("Give an account a new password."))
@click.argument("username")
@click.password_option(help=_("The password; asked for where it is not given."))
@root_option
def password(username: str, password: str, root: Path) -> None:
    """Change one password."""
    _staff(root).set_password(username, password)
    click.echo(_("Changed the password of {name}.").format(name=username))


@command.command(
    "reset-second-factor", help=_("Take an account's second factor away; it sets up a new one.")
)
@click.argument("username")
@root_option
def reset_second_factor(username: str, root: Path) -> None:
    """Take one second factor away."""
    _staff(root).reset_second_factor(username)
    click.echo(_("{name} sets up a new second factor at the next sign-in.").format(name=username))


@command.command("list", help=_("List the accounts."))
@root_option
def list_(root: Path) -> None:
    """Print all accounts."""
    for account in _staff(root).accounts():
        click.echo(f"{account.username}\t{account.role_word.label}\t{account.department}")


@command.command(help=_("Make and show the accounts of the example portal."))
@root_option
def demo(root: Path) -> None:
    """Print the demo's accounts with their passwords."""
    staff = _staff(root)
    table = Table(_("User name"), _("Password"), _("Role"), _("Department"))
    for account in staff.demo():
        table.add_row(
            account.username, account.password, account.role_word.label, account.department
        )
    Console().print(table)


def _staff(root: Path) -> ModuleType:
    """The module of accounts, with the database of the portal in `root` ready."""
    use_portal_language(root)
    prepare(root)
    from kaishu.cases import staff

    return staff
