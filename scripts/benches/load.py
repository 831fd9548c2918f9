"""A load generator: so many clients on kept connections, each asking again as soon as it is answered.

It shares its cores with what it measures, so it does no more than send, wait and look for the end
of each answer; `cpu` says what it took itself.
"""

from __future__ import annotations

import resource
import select
import socket
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEAD_ENDS, _BLOCK = b"\r\n\r\n", 1 << 18


@dataclass
class Load:
    """What came back, by the status it got, and the seconds that each took while all clients asked.

    So many answers came in `wall` seconds; those that still came when there was nothing more to ask
    are looked at and not timed. A status of 0 stands for an answer that broke off. `cpu` is the
    seconds of processor that the generator itself took.
    """

    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0
    cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class _Client:
    """One kept connection, and the answer that is coming in on it."""

    def __init__(self, port: int) -> None:
        self.link = socket.create_connection(("127.0.0.1", port))
        self.link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes) -> None:
        """Send a request; its time runs from here."""
        self.head, self.answer, self.length = b"", b"", 0
        self.begun = time.perf_counter()
        self.link.sendall(request)

    def is_answered(self) -> bool:
        """Take what has come in, and whether the answer is whole or broken off."""
        try:
            block = self.link.recv(_BLOCK)
        except ConnectionError:
            block = b""
        if not block:
            self.head = b""
            return True
        self.answer += block
        if not self.head and (at := self.answer.find(_HEAD_ENDS)) >= 0:
            self.head = self.answer[:at].lower()
            self.length = at + len(_HEAD_ENDS) + _body(self.head)
        return 0 < self.length <= len(self.answer)

    @property
    def status(self) -> int:
        """The status of the answer; 0 where it broke off."""
        return int(self.head[9:12] or 0)

    @property
    def closes(self) -> bool:
        """Whether the server has closed the connection, or is about to."""
        return not self.head or b"\r\nconnection: close" in self.head


def run(port: int, requests: Iterator[bytes], clients: int = 16) -> Load:
    """Send every request to 127.0.0.1, each client one after the other."""
    load = Load()
    before, begun = _cpu(), time.perf_counter()
    with select.epoll() as poll:
        busy: dict[int, _Client] = {}
        for _number, request in zip(range(clients), requests, strict=False):
            client = _Client(port)
            client.ask(request)
            busy[client.link.fileno()] = client
            poll.register(client.link, select.EPOLLIN)
        while busy:
            for handle, _event in poll.poll():
                client = busy[handle]
                if not client.is_answered():
                    continue
                answered = time.perf_counter()
                load.statuses[client.status] = load.statuses.get(client.status, 0) + 1
                following = next(requests, None)
                if not load.wall:
                    load.seconds.append(answered - client.begun)
                    if following is None:
                        load.wall, load.cpu = answered - begun, _cpu() - before
                if following is not None and not client.closes:
                    client.ask(following)
                    continue
                del busy[handle]
                client.link.close()
                if following is not None:
                    client = _Client(port)
                    client.ask(following)
                    busy[client.link.fileno()] = client
                    poll.register(client.link, select.EPOLLIN)
    return load


def _body(head: bytes) -> int:
    """The length of the body after a head in small letters; ours always announce it."""
    at = head.find(b"content-length:")
    if at < 0:
        assert b"transfer-encoding" not in head, head
        return 0
    return int(head[at + 15 :].split(b"\r\n", 1)[0])


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
