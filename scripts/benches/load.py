"""A load generator: so many clients on kept connections, each asking again as soon as it is answered."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass
class Load:
    """What came back: seconds each took, by the status it got, and how long all took."""

    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    wall: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.wall

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the answers took at most."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


def run(port: int, requests: Iterator[bytes], clients: int = 16) -> Load:
    """Send every request to 127.0.0.1, each client one after the other."""
    return asyncio.run(_run(port, requests, clients))


async def _run(port: int, requests: Iterator[bytes], clients: int) -> Load:
    load = Load()
    begun = time.perf_counter()
    await asyncio.gather(*(_client(port, requests, load) for _client_no in range(clients)))
    load.wall = time.perf_counter() - begun
    return load


async def _client(port: int, requests: Iterator[bytes], load: Load) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for request in requests:
            begun = time.perf_counter()
            writer.write(request)
            try:
                status, closes = await _answer(reader)
            except (asyncio.IncompleteReadError, ConnectionError):
                status, closes = 0, True
            load.seconds.append(time.perf_counter() - begun)
            load.statuses[status] = load.statuses.get(status, 0) + 1
            if closes:
                writer.close()
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
    finally:
        writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bool]:
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    lower = head.lower()
    closes = b"connection: close" in lower
    if b"transfer-encoding: chunked" in lower:
        while size := int(await reader.readline(), 16):
            await reader.readexactly(size + 2)
        await reader.readline()
    else:
        at = lower.find(b"content-length:")
        length = int(lower[at + 15 : lower.index(b"\r\n", at)]) if at >= 0 else 0
        await reader.readexactly(length)
    return status, closes
