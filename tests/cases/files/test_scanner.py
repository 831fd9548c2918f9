"""The scanner's word is taken, and its silence is no word."""

from __future__ import annotations

import socketserver
import struct
import threading
from typing import TYPE_CHECKING

import pytest

from kaishu.base.errors import ScannerDown, UnsafeFile, UsageError
from kaishu.cases.files import scanner

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

INFECTED = b"an agreed sign of infection"


class Daemon(socketserver.StreamRequestHandler):
    """As much of clamd as INSTREAM needs."""

    def handle(self) -> None:
        command = self.rfile.read(10)
        assert command == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack("!L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if len(content) > 1_000_000:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        if INFECTED in content:
            self.wfile.write(b"stream: Test-Signature FOUND\0")
        elif content == b"silence":
            return
        elif content == b"nonsense":
            self.wfile.write(b"stream: OK-ish\0")
        else:
            self.wfile.write(b"stream: OK\0")


def served(server: socketserver.BaseServer) -> Iterator[None]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(params=["tcp", "unix"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "tcp":
        server: socketserver.BaseServer = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Daemon)
        at = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        path = tmp_path / "clamd.ctl"
        server = socketserver.ThreadingUnixStreamServer(str(path), Daemon)
        at = f"unix:{path}"
    running = served(server)
    next(running)
    yield at
    next(running, None)


def test_a_clean_file_passes(address: str) -> None:
    scanner.scan([b"clean" * 50_000, b"more"], address)
    scanner.scan([], address)


def test_an_infected_file_is_refused(address: str) -> None:
    with pytest.raises(UnsafeFile):
        scanner.scan([b"x" * 70_000, INFECTED], address)


@pytest.mark.parametrize("content", [b"silence", b"nonsense", b"x" * 2_000_000])
def test_no_clear_word_lets_nothing_pass(address: str, content: bytes) -> None:
    with pytest.raises(ScannerDown):
        scanner.scan([content], address)


def test_a_daemon_that_is_not_there_lets_nothing_pass(tmp_path: Path) -> None:
    for address in (f"unix:{tmp_path}/none", "tcp://127.0.0.1:1"):
        with pytest.raises(ScannerDown):
            scanner.scan([b"x"], address)


def test_an_address_of_another_form_is_refused() -> None:
    for address in ("localhost", "tcp://host", "unix:relative", "http://x:1"):
        with pytest.raises(UsageError):
            scanner.check_address(address)
    scanner.check_address("unix:/run/clamav/clamd.ctl")
    scanner.check_address("tcp://127.0.0.1:3310")
