"""A WSGI application behind an event loop (RSGI, granian's own interface).

A request reaches the application whole: its body is taken in by the loop, into memory or a file, so
that whoever sends slowly holds no thread. An answer is handed over whole, or as the name of a file,
so that whoever reads slowly holds none either. The threads that run the application are few and
serve in the order of arrival, as one interpreter runs one of them at a time.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import io
import logging
import os
import re
import sys
import tempfile
import threading
from collections import deque
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import IO, TYPE_CHECKING, Any, Final
from wsgiref.util import FileWrapper

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import WSGIApplication, WSGIEnvironment

# What is larger is sent from a file; bodies, of which many come at once, are kept in one sooner.
_IN_MEMORY: Final = 1024 * 1024
_BODY_IN_MEMORY: Final = 64 * 1024
# So many bodies are being written to files at once; others wait in the network.
_FILES: Final = 64
# A body may take this long, and longer by its length on the slowest line that is waited for.
_SECONDS: Final = 30
_SLOWEST: Final = 16 * 1024  # bytes a second
# A file without a name stays open until it has surely been opened by its number.
_OPENED: Final = 60
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/\d+")

_log = logging.getLogger(__name__)


class Behind:
    """Runs `app` in `threads` threads; `takes` gives the longest body, in bytes, of an address.

    Where a longer one is announced, the application is asked without it, and refuses.
    """

    def __init__(self, app: WSGIApplication, takes: Callable[[str], int], threads: int) -> None:
        self._app, self._takes, self._threads = app, takes, threads
        self._waiting: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._answered: deque[asyncio.Future[None]] = deque()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the threads, in the process that answers."""
        self._loop, self._files = loop, asyncio.Semaphore(_FILES)
        for _number in range(self._threads):
            threading.Thread(target=self._work, daemon=True).start()

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """All requests are answered, and the process is about to end."""
        self._forget()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Take one request in, and answer it when it is its turn."""
        self._forget()
        environ = _environ(scope)
        if "HTTP_TRANSFER_ENCODING" in environ:
            # How long the body is, is not said beforehand; browsers always say it.
            proto.response_empty(411, [("connection", "close")])
            return
        body: IO[bytes] | None = io.BytesIO()
        length = _length(environ)
        if 0 < length <= self._takes(scope.path):
            try:
                body = await self._body(proto, length)
            except OSError as error:
                _log.error("a body could not be kept: %s", type(error).__name__)
                proto.response_empty(503, [("retry-after", "60")])
                return
            if body is None:
                proto.response_empty(408, [("connection", "close")])
                return
        environ["wsgi.input"] = body
        answered = self._loop.create_future()
        self._waiting.put(functools.partial(self._answer, environ, proto, answered))
        await answered

    async def _body(self, proto: Any, length: int) -> IO[bytes] | None:
        if length <= _BODY_IN_MEMORY:
            return await _taken_in_at_once(proto, length)
        async with self._files:
            return await _taken_in(proto, length, tempfile.TemporaryFile())

    def _work(self) -> None:
        while True:
            self._waiting.get()()

    def _answer(self, environ: WSGIEnvironment, proto: Any, answered: asyncio.Future[None]) -> None:
        try:
            kept = _answer(self._app, environ, proto)
            if kept is not None:
                self._loop.call_soon_threadsafe(self._loop.call_later, _OPENED, kept.close)
        except Exception:
            # Without the address, which holds whatever was typed.
            _log.exception("a request could not be answered")
            proto.response_empty(500, [])
        finally:
            environ["wsgi.input"].close()
            self._answered.append(answered)

    def _forget(self) -> None:
        """End what waits for answers that were given.

        They are on their way already: to wake the loop for each of them would only take the
        interpreter from the thread that goes on with the next request.
        """
        while self._answered:
            answered = self._answered.popleft()
            if not answered.done():
                answered.set_result(None)


@dataclass
class _Begun:
    """What an application has begun to answer, and the file that it has wrapped."""

    status: int = 500
    headers: list[tuple[str, str]] | None = None
    file: FileWrapper | None = None

    def start(self, status: str, headers: list[tuple[str, str]], _error: object = None) -> None:
        self.status, self.headers = int(status[:3]), headers

    def wrap(self, file: Any, block_size: int = 8192) -> FileWrapper:
        self.file = FileWrapper(file, block_size)
        return self.file


def _answer(app: WSGIApplication, environ: WSGIEnvironment, proto: Any) -> IO[bytes] | None:
    """Run the application and hand its answer over; a file that must stay open for a while."""
    begun = _Begun()
    environ["wsgi.file_wrapper"] = begun.wrap
    # Nothing here writes by the callable that PEP 3333 lets `start` return.
    parts = app(environ, begun.start)  # type: ignore[arg-type]
    try:
        headers = begun.headers or []
        if begun.file is not None and (span := _span(begun, parts)) is not None:
            _send_file(begun, *span, proto)
        elif isinstance(parts, list) or any(
            name.lower() == "content-length" for name, _ in headers
        ):
            proto.response_bytes(begun.status, headers, b"".join(parts))
        else:
            return _send_stream(begun, parts, proto)
        return None
    finally:
        if (close := getattr(parts, "close", None)) is not None:
            close()


def _span(begun: _Begun, parts: object) -> tuple[int, int] | None:
    """Of which bytes of the wrapped file, from and to, the answer consists; None: of none."""
    wrapped: Any = begun.file
    file = wrapped.filelike
    name = getattr(file, "name", None)
    if not isinstance(name, (str, os.PathLike)) or not Path(name).is_absolute():
        return None
    if parts is wrapped:
        return 0, os.fstat(file.fileno()).st_size
    if begun.status != 206:
        return None
    said = next((v for k, v in begun.headers or () if k.lower() == "content-range"), "")
    found = _RANGE.fullmatch(said)
    return (int(found[1]), int(found[2]) + 1) if found else None


def _send_file(begun: _Begun, start: int, end: int, proto: Any) -> None:
    wrapped: Any = begun.file
    file = wrapped.filelike
    if end - start <= _IN_MEMORY:
        content = os.pread(file.fileno(), end - start, start)
        proto.response_bytes(begun.status, begun.headers, content)
    else:
        # It is opened by its name a moment later: files that are answered are never replaced.
        name = os.fspath(file.name)
        proto.response_file_range(begun.status, begun.headers, name, start, end)


def _send_stream(begun: _Begun, parts: Iterable[bytes], proto: Any) -> IO[bytes] | None:
    """An answer of unknown length: written to a file first, so that it is whole or an error."""
    with contextlib.ExitStack() as closing:
        kept: IO[bytes] = closing.enter_context(tempfile.TemporaryFile())
        for part in parts:
            kept.write(part)
        size = kept.tell()
        kept.flush()
        headers = [*(begun.headers or ()), ("content-length", str(size))]
        if size <= _IN_MEMORY:
            proto.response_bytes(begun.status, headers, os.pread(kept.fileno(), size, 0))
            return None
        proto.response_file(begun.status, headers, f"/proc/self/fd/{kept.fileno()}")
        closing.pop_all()
    return kept


async def _taken_in_at_once(proto: Any, length: int) -> IO[bytes] | None:
    """A body of the announced length, in memory; None where it breaks off or comes too slowly."""
    try:
        async with asyncio.timeout(_longest(length)):
            content = await proto()
    except (TimeoutError, ProtocolClosed):
        return None
    return io.BytesIO(content) if len(content) == length else None


async def _taken_in(proto: Any, length: int, kept: IO[bytes]) -> IO[bytes] | None:
    """A body of the announced length, in `kept`; None where it breaks off or comes too slowly.

    Raises OSError where it cannot be kept.
    """
    whole = False
    try:
        async with asyncio.timeout(_longest(length)):
            async for part in proto:
                kept.write(part)
        whole = kept.tell() == length
        kept.seek(0)
    except TimeoutError:
        pass
    finally:
        if not whole:
            kept.close()
    return kept if whole else None


def _longest(length: int) -> float:
    """How long, in seconds, a body of this length may take."""
    return _SECONDS + length / _SLOWEST


def _environ(scope: Any) -> WSGIEnvironment:
    """The environment of PEP 3333; bytes stand in it as Latin-1.

    A header whose name holds an underscore would pass for one with hyphens, and is left out.
    """
    address, _, _port = scope.client.rpartition(":")
    name, _, port = scope.server.rpartition(":")
    environ: WSGIEnvironment = {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "REMOTE_ADDR": address.strip("[]"),
        "SERVER_NAME": name.strip("[]"),
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for header, value in scope.headers.items():
        if "_" in header:
            continue
        key = header.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = f"HTTP_{key}"
        if key in environ:
            # Cookies are joined as cookies are, everything else as a list.
            between = "; " if key == "HTTP_COOKIE" else ","
            environ[key] += between + value
        else:
            environ[key] = value
    return environ


def _length(environ: WSGIEnvironment) -> int:
    said = environ.get("CONTENT_LENGTH", "")
    return int(said) if said.isascii() and said.isdigit() else 0
