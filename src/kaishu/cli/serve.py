"""`kaishu serve`: the built site and the forms, in one process with the embedded database."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import click
from gunicorn.app.base import BaseApplication

from kaishu.backend.worker import BACKLOG, Answering, give_a_socket, settle
from kaishu.base.errors import InvalidFiles, UsageError
from kaishu.base.i18n import gettext as _
from kaishu.cli.database import prepare
from kaishu.cli.language import portal_value, use_portal_language
from kaishu.cli.options import root_option
from kaishu.cli.recount import recounted

# Of each process: one works while others wait for the disk; more would take turns and delay all.
THREADS: Final = 3


@click.command(
    help=_("Serve the built site and the forms; a new release is served at the next request.")
)
@root_option
@click.option(
    "--port", type=click.IntRange(1, 65535), default=8000, show_default=True, help=_("The port.")
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help=_("Processes that answer requests (default: one a core, four at most)."),
)
@click.option("--host", default="127.0.0.1", show_default=True, help=_("The address to listen on."))
def command(root: Path, port: int, workers: int | None, host: str) -> None:
    """Serve until stopped."""
    root = root.resolve()
    use_portal_language(root)
    url = portal_value(root, "url")
    if not isinstance(url, str):
        raise InvalidFiles(_("catalog.yaml has no url; run kaishu check to see why."))
    from kaishu.backend.wsgi import application, base_path

    app = application(root, root / "build", url)
    from django.db import connections

    prepare(root)
    # A notice loaded since the last start moves due dates that were provisional.
    recounted()
    # The worker is a child process: it must open connections of its own.
    connections.close_all()
    address = f"http://{host}:{port}{base_path(url)}/"
    greeting = _("Kaishu listens on {address}").format(address=address)
    count = workers or min(4, os.cpu_count() or 1)
    _Server(app, root, _listening(host, port, count), greeting).run()


def _listening(host: str, port: int, count: int) -> list[socket.socket]:
    """As many sockets on one address, among which the system shares out connections.

    One socket for all would be emptied by the process that wakes first, while others stand idle.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        # Sockets that share a port share it with whoever asks to: first see that nobody has it.
        socket.create_server((host, port), family=family).close()
        return [
            socket.create_server((host, port), family=family, backlog=BACKLOG, reuse_port=True)
            for _number in range(count)
        ]
    except OSError as error:
        raise UsageError(
            _("Nothing can listen on {address}: {reason}.").format(
                address=f"{host}:{port}", reason=error.strerror
            )
        ) from error


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, app: Any, root: Path, sockets: list[socket.socket], greeting: str) -> None:
        self.app = app
        beside = _Beside(root)

        def ready(_server: Any) -> None:
            beside.start()
            click.echo(greeting)

        self.settings = {
            "bind": [f"fd://{one.detach()}" for one in sockets],
            "workers": len(sockets),
            "threads": THREADS,
            "worker_class": Answering,
            "loglevel": "warning",
            "pre_fork": give_a_socket,
            "post_worker_init": settle,
            "when_ready": ready,
            "on_exit": lambda _server: beside.stop(),
        }
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.settings.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self.app


class _Beside:
    """The worker that sends mails and sweeps, in a process that ends with this one."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "kaishu", "worker", "--root", str(self.root)]
        self.process = subprocess.Popen(
            [*command, "--beside", str(os.getpid())], stdin=subprocess.DEVNULL
        )

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
