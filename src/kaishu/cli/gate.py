"""`kaishu gate`: hooks that judge every push to a bare repository."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaishu.base import clock, i18n
from kaishu.base.i18n import gettext as _
from kaishu.base.i18n import ngettext
from kaishu.base.problems import Severity, in_order
from kaishu.catalog import reviews
from kaishu.cli.options import language_option
from kaishu.gate import facts, log
from kaishu.gate.install import install as install_hooks
from kaishu.gate.judge import Verdict, judge
from kaishu.gate.paths import printable
from kaishu.gate.settings import CLOSED, Settings, read
from kaishu.history.git import OF_A_HOOK
from kaishu.history.proposals import LATER
from kaishu.history.push import NOTHING, Bare, RefUpdate, updates
from kaishu.packaging.report import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kaishu.catalog.public import Held

# Who is pushing, as the ways of reaching a repository tell it: ssh's forced command, git over
# http, Gitea, GitLab.
IDENTITIES = ("KAISHU_PUSHER", "REMOTE_USER", "GITEA_PUSHER_NAME", "GL_USERNAME")
# How many of a push's datasets its report speaks of one by one.
LISTED = 20
# How many problems it tells.
PROBLEMS = 60
_repository = click.argument("repository", type=click.Path(path_type=Path, file_okay=False))


@click.group(help=_("Judge every push to a bare repository before it is taken."))
def command() -> None:
    """Install the gate, read its log."""


@command.command(help=_("Put the gate's hooks into a bare repository."))
@_repository
@click.option(
    "--operator",
    "operators",
    multiple=True,
    required=True,
    metavar="NAME",
    help=_("Who runs the portal, as the server names the pusher; may be given several times."),
)
@click.option("--branch", default="main", show_default=True, help=_("The portal's branch."))
@click.option(
    "--portal",
    type=click.Path(path_type=Path, file_okay=False),
    help=_("A folder to publish from after each push: a clone, built in its build/."),
)
@language_option
def install(
    repository: Path,
    operators: tuple[str, ...],
    branch: str,
    portal: Path | None,
    lang: str | None,
) -> None:
    """Install hooks and settings."""
    _use(lang)
    folder = str(portal.resolve()) if portal else None
    install_hooks(repository, Settings(branch=branch, operators=operators, portal=folder))
    click.echo(_("The gate is in {path}.").format(path=repository.resolve()))


@command.command("log", help=_("Show every push that the gate has judged."))
@_repository
@language_option
def log_(repository: Path, lang: str | None) -> None:
    """Print the log, a line a push."""
    _use(lang)
    for entry in log.read(repository):
        if "unpublished" in entry:
            words = _("not published: {reason}").format(reason=entry["reason"])
            click.echo(f"{entry['at']}  {entry['pusher'] or '—'}  {words}")
            continue
        verdict = _("accepted") if entry["accepted"] else _("refused")
        codes = entry.get("failed") or ", ".join(entry["codes"])
        pushed = ", ".join(ref for ref, _old, _new in entry["updates"])
        click.echo(
            f"{entry['at']}  {entry['pusher'] or '—'}  {pushed}  {verdict}  {codes}".rstrip()
        )


@command.command("pre-receive", hidden=True)
@_repository
def pre_receive(repository: Path) -> None:
    """Judge the push that git tells on standard input; any failure of the gate refuses it."""
    i18n.activate(i18n.DEFAULT)
    pusher = pusher_of(dict(os.environ))
    pushed: list[RefUpdate] = []
    if (repository / CLOSED).exists():
        click.echo(_("The repository is closed while data are purged. Push again later."))
        sys.exit(1)
    try:
        pushed = updates(sys.stdin.buffer.read().decode("utf-8", "surrogateescape").split("\n"))
        settings = read(repository)
        verdict = judge(repository, Bare(repository), pushed, pusher, settings)
        log.write(repository, pushed, pusher, verdict)
        said = report(verdict)
    except Exception as failure:
        # Whatever went wrong here, an unjudged push is never taken.
        reason = str(failure) or type(failure).__name__
        click.echo(
            _("The gate itself failed, so the push is refused: {reason}").format(reason=reason)
        )
        # On a full disk the log cannot be written either; the pusher is told all the same.
        with contextlib.suppress(OSError):
            log.write_failed(repository, pushed, pusher, reason)
        click.echo(_("Nothing was changed. Please tell the operator."))
        sys.exit(1)
    click.echo(said)
    sys.exit(0 if verdict.accepted else 1)


@command.command("post-receive", hidden=True)
@_repository
def post_receive(repository: Path) -> None:
    """Remember what the next push is judged against, and publish what was taken."""
    i18n.activate(i18n.DEFAULT)
    settings = read(repository)
    moved: list[RefUpdate] = [one for one in updates(sys.stdin) if one.ref == settings.ref]
    bare = Bare(repository)
    for update in moved:
        if update.new != NOTHING:
            # They save time and nothing else: whatever is public does not wait for them.
            with contextlib.suppress(OSError):
                facts.keep(repository, bare, bare.tree(update.new))
            if settings.portal and os.environ.get(LATER):
                _publish_later(repository, Path(settings.portal) / "build")
            elif settings.portal:
                _publish(repository, settings, Path(settings.portal))


@command.command("publish", hidden=True)
@_repository
def publish(repository: Path) -> None:
    """Publish what is on the portal's branch."""
    i18n.activate(i18n.DEFAULT)
    settings = read(repository)
    if settings.portal:
        _publish(repository, settings, Path(settings.portal))


def _publish_later(repository: Path, output: Path) -> None:
    """Publish in a process of its own; it is under way from now on, and nobody waits for it."""
    from kaishu.publishing import publication

    with publication.hold(output) as lock:
        command = [sys.executable, "-m", "kaishu", "gate", "publish", str(repository)]
        own = {key: value for key, value in os.environ.items() if key not in OF_A_HOOK}
        subprocess.Popen(
            command,
            env=own,
            pass_fds=(lock.fileno(),),
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    click.echo(_("Publishing; the desk shows when it is done."))


def _publish(repository: Path, settings: Settings, folder: Path) -> None:
    """Build what was pushed; where that fails, what was public before stays, and it is said."""
    from kaishu.history.clone import refresh
    from kaishu.publishing.build import build
    from kaishu.publishing.publication import Recorded

    click.echo(_("Publishing"))
    tip = Bare(repository).tip(settings.ref) or ""
    try:
        with Recorded(folder / "build", tip) as record:
            refresh(folder, repository, settings.branch)
            # The day is the server's: no commit's date brings a day of publication nearer.
            day = clock.today()
            built = build(folder, folder / "build", jobs=os.cpu_count() or 1, as_of=day)
            record.release = built.release.id
    except Exception as failure:
        # The push is taken already; whatever went wrong now, its maker has to hear of it.
        said = str(failure) or type(failure).__name__
        click.echo(
            _("It could not be published; the public site is as it was: {reason}").format(
                reason=said
            )
        )
        click.echo(_("The operator sees it on the desk, and by mail where that is set up."))
        # On a full disk the log cannot be written either; the pusher has been told.
        with contextlib.suppress(OSError):
            log.write_unpublished(repository, tip, pusher_of(dict(os.environ)), said)
        return
    click.echo(_("Published as release {id}.").format(id=built.release.id))
    for line in held_back(built.held):
        click.echo(line)


def held_back(held: Sequence[Held]) -> list[str]:
    """What waits for the operator's approval, a line each: the pusher and the operator read it."""
    lines = []
    for one in held:
        words = reviews.EARLIER if one.shown else reviews.ABSENT
        lines.append(
            _("Waits for approval: {title} ({dataset_key}); {public}.").format(
                title=one.dataset.descriptor.title, dataset_key=one.dataset.key, public=_(words)
            )
        )
    return lines


def pusher_of(environment: dict[str, str]) -> str:
    """Who is pushing, by the connection; empty where nothing tells."""
    return next((environment[name] for name in IDENTITIES if environment.get(name)), "")


def report(verdict: Verdict) -> str:
    """What the pusher reads: accepted or refused, and each problem with place and remedy."""
    count = len(verdict.datasets)
    changed = ngettext("{n} dataset changed", "{n} datasets changed", count).format(n=count)
    head = _("Accepted: {changed}.") if verdict.accepted else _("Refused. Nothing was changed.")
    lines = [head.format(changed=changed)]
    if verdict.accepted:
        for one in verdict.changed[:LISTED]:
            said = _("; ").join(one.sentences())
            lines.append(
                _("{title} ({dataset_key}): {said}").format(
                    title=one.title, dataset_key=one.key, said=said
                )
            )
        if len(verdict.changed) > LISTED:
            lines.append(_("And {n} more.").format(n=len(verdict.changed) - LISTED))
    if verdict.problems:
        # Where not all are told, what refuses the push comes before what does not.
        first = sorted(verdict.problems, key=lambda one: one.severity != Severity.ERROR)[:PROBLEMS]
        shown = in_order(first)
        lines += ["", as_text(shown)]
        if further := len(verdict.problems) - len(shown):
            lines += [_("And {n} more problems; kaishu check tells them all.").format(n=further)]
    # What a pusher named or wrote is shown, and never speaks to a terminal.
    return "\n".join(printable(line) for line in "\n".join(lines).split("\n"))


def _use(lang: str | None) -> None:
    if lang in i18n.LANGUAGES:
        i18n.activate(lang)
