"""A process that answers requests: gunicorn keeps it alive, granian speaks HTTP in it.

gunicorn's part is what it is best at: it binds the address, starts a process again when one has
ended, and lets open requests finish when it is stopped. granian parses requests and writes answers
outside Python's interpreter.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from django.urls import get_resolver
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server.embed import Server
from gunicorn.workers.base import Worker

from kaishu.backend.loads import Loads
from kaishu.backend.rsgi import Behind
from kaishu.base import cores

if TYPE_CHECKING:
    import socket

# Its types are those of another system's.
_SocketHolder: Any = import_module("granian.net").SocketHolder
BACKLOG: Final = 2048
_TICK: Final = 1.0
# So many objects more than before, then twenty times so many, and twenty times these.
_GARBAGE: Final = (10_000, 20, 20)
_HEAD_BYTES: Final = 64 * 1024
_HEAD_MILLISECONDS: Final = 30_000


class Answering(Worker):  # type: ignore[misc]
    """Answers with the application that gunicorn has loaded, in as many threads as it is told.

    Of the sockets it listens on the one of the number `place`; by itself it is the only one.
    """

    place = 0
    loads = Loads(1)

    def run(self) -> None:
        """Answer until told to stop, or until gunicorn is gone; the process ends with it."""
        asyncio.run(self._answer())
        sys.stdout.flush()
        sys.stderr.flush()
        # granian's threads may still be about to enter an interpreter that is being taken down.
        os._exit(0)

    async def _answer(self) -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
            loop.add_signal_handler(name, stop.set)
        if not self.alive:
            # It was told to stop while it still loaded.
            return
        app = Behind(self.wsgi, self.wsgi.takes, self.cfg.threads, self.loads, self.place)
        server = _Server(self.sockets[self.place], app, self.cfg.worker_connections)
        serving = asyncio.create_task(server.serve())
        while not stop.is_set() and self.ppid == os.getppid():
            self.notify()
            waiting = asyncio.create_task(stop.wait())
            await asyncio.wait({waiting, serving}, timeout=_TICK, return_when="FIRST_COMPLETED")
            waiting.cancel()
            if serving.done():
                return
        # Open requests are finished; gunicorn ends the process where that takes too long.
        server.stop()  # type: ignore[no-untyped-call]
        while not serving.done():
            self.notify()
            await asyncio.wait({serving}, timeout=_TICK)


def give_a_socket(master: Any, process: Answering) -> None:
    """Before it begins, a process is given the first socket that no other listens on.

    All processes of a server share what they say they have in hand.
    """
    taken = {one.place for one in master.WORKERS.values()}
    process.place = min(set(range(len(master.LISTENERS))) - taken, default=0)
    if not hasattr(master, "loads"):
        master.loads = Loads(len(master.LISTENERS))
    process.loads = master.loads


def settle(process: Answering) -> None:
    """Before it answers, a process takes its place, and loads what it answers with.

    What is loaded then stays: whoever collects garbage need not look through it again and again,
    which keeps every request waiting for a tenth of a second. What requests leave behind without
    being freed at once is little, and is collected seldom.
    """
    cores.keep_to_one(process.place, process.cfg.workers)
    _addresses = get_resolver().url_patterns
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_GARBAGE)


class _Server(Server):
    """granian on a socket that is bound already."""

    def __init__(self, bound: socket.socket, app: Any, connections: int) -> None:
        super().__init__(
            target=app,
            interface=Interfaces.RSGI,
            http=HTTPModes.http1,
            websockets=False,
            backlog=BACKLOG,
            backpressure=connections,
            http1_settings=HTTP1Settings(
                header_read_timeout=_HEAD_MILLISECONDS, max_buffer_size=_HEAD_BYTES
            ),
            log_level=LogLevels.error,
        )
        self._bound = bound

    def _init_shared_socket(self) -> None:
        # granian's processes listen at an address (`_ssp`) or on a socket (`_shd`).
        self._ssp = None
        self._shd = _SocketHolder(os.dup(self._bound.fileno()), False, BACKLOG)
