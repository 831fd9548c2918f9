"""Malware scanning by ClamAV's daemon, over its own protocol (clamd, INSTREAM). Fails closed."""

from __future__ import annotations

import re
import socket
import struct
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from kaishu.base.errors import ScannerDown, UnsafeFile, UsageError
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

TIMEOUT = 30.0  # seconds for each step
_BLOCK = 64 * 1024
_LONGEST_REPLY = 4096
_FOUND = re.compile(r"^stream: (?P<name>.+) FOUND$")


def scan(content: Iterable[bytes], address: str) -> None:
    """Ask the daemon at `address`, `unix:/path` or `tcp://host:port`, about `content` in blocks.

    Raises UnsafeFile where it finds something, ScannerDown where it gives no clear word.
    """
    try:
        reply = _ask(content, address)
    except OSError as error:
        raise ScannerDown(_down()) from error
    if reply == "stream: OK":
        return
    if _FOUND.match(reply):
        raise UnsafeFile(_("The scanner found malware in the file."))
    raise ScannerDown(_down())


def check_address(address: str) -> None:
    """Raises UsageError where `address` has neither form."""
    parts = urlsplit(address)
    if not (address.startswith("unix:/") or (parts.scheme == "tcp" and parts.port)):
        raise UsageError(
            _("KAISHU_CLAMD is unix:/path or tcp://host:port, not “{address}”.").format(
                address=address
            )
        )


def _down() -> str:
    return _("Files cannot be checked at the moment. Please try again later.")


def _ask(content: Iterable[bytes], address: str) -> str:
    with _connect(address) as connection:
        connection.sendall(b"zINSTREAM\0")
        for part in content:
            view = memoryview(part)
            for start in range(0, len(view), _BLOCK):
                block = view[start : start + _BLOCK]
                connection.sendall(struct.pack("!L", len(block)))
                connection.sendall(block)
        connection.sendall(struct.pack("!L", 0))
        reply = b""
        while not reply.endswith(b"\0") and len(reply) < _LONGEST_REPLY:
            if not (more := connection.recv(_LONGEST_REPLY)):
                raise ConnectionError
            reply += more
    return reply.rstrip(b"\0").decode("utf-8", "replace").strip()


def _connect(address: str) -> socket.socket:
    if address.startswith("unix:"):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(TIMEOUT)
        try:
            connection.connect(address.removeprefix("unix:"))
        except OSError:
            connection.close()
            raise
        return connection
    parts = urlsplit(address)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=TIMEOUT)
