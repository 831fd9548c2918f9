"""`kaishu worker`: sends the outbox's mails and sweeps, until it is stopped."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kaishu.base.i18n import gettext as _
from kaishu.cli.database import prepare
from kaishu.cli.language import use_portal_language
from kaishu.cli.options import root_option

if TYPE_CHECKING:
    from kaishu.publishing.publication import Publication

POLL_SECONDS = 2
SWEEP_SECONDS = 15 * 60
PAUSE_SECONDS = 30

_log = logging.getLogger(__name__)


@click.command(
    help=_(
        "Send waiting mails and do what is due: reminders, ends of terms, figures. Several may "
        "run, on several hosts, where the database is PostgreSQL."
    )
)
@root_option
@click.option("--once", is_flag=True, help=_("Do what is due now, then end."))
@click.option("--beside", type=int, hidden=True)
def command(root: Path, once: bool, beside: int | None) -> None:
    """Work until stopped, until the process `beside` ends, or once."""
    root = root.resolve()
    use_portal_language(root)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    # Beside `kaishu serve` the database has been brought up to date already.
    prepare(root, migrate=beside is None)
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_args: stop.set())
    _work(root, stop, once=once, beside=beside)


def _work(root: Path, stop: threading.Event, *, once: bool, beside: int | None) -> None:
    from django.db import DatabaseError, connections

    swept = told = None
    while not stop.is_set() and (beside is None or os.getppid() == beside):
        pause: float = POLL_SECONDS
        try:
            if swept is None or time.monotonic() - swept >= SWEEP_SECONDS:
                _sweep()
                swept = time.monotonic()
            told = _tell(root, told)
            if _send():
                pause = 0
            elif once:
                return
        except DatabaseError:
            if once:
                raise
            _log.exception("the database gave an error; trying again")
            connections.close_all()
            pause = PAUSE_SECONDS
        stop.wait(pause)


def _sweep() -> None:
    from kaishu.cases.portal import now
    from kaishu.cases.sweeps import sweep

    done = {name: count for name, count in sweep(now()).items() if count}
    _log.info("swept: %s", done)


def _tell(root: Path, told: Publication | None) -> Publication | None:
    """Mail the operator where the last build failed and is not the one `told` of; that one."""
    from kaishu.cases.portal import now
    from kaishu.cases.unpublished import tell
    from kaishu.publishing import publication

    last = publication.last(root / "build")
    if last is not None and last.state == publication.FAILED and last != told:
        tell(now().catalog.portal, last.time, last.commit, last.reason)
    return last or told


def _send() -> int:
    """How many mails were tried; none where no server is named."""
    from django.conf import settings

    from kaishu.cases.mail.smtp import Server
    from kaishu.cases.mail.worker import send_due
    from kaishu.cases.portal import now

    operator = now().catalog.portal.operator
    server = Server.of(settings.KAISHU_MAIL, operator.email or "")
    return send_due(server, operator.name) if server else 0
