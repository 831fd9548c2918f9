"""A WSGI application behind an event loop (RSGI, granian's own interface).

A request reaches the application whole: its body is taken in by the loop, into memory or a file, so
that whoever sends slowly holds no thread. An answer is handed over whole, or as the name of a file,
so that whoever reads slowly holds none either. The threads that run the application are few and
serve in the order of arrival, as one interpreter runs one of them at a time. A filing keeps none
of them waiting for the disk: it becomes durable together with others, and is answered then.
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
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple
from wsgiref.util import FileWrapper

from granian.rsgi import ProtocolClosed  # type: ignore[attr-defined]

from kaishu.backend.turns import Turns
from kaishu.cases import storage
from kaishu.cases.commits import Committer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from wsgiref.types import WSGIApplication, WSGIEnvironment

    from kaishu.backend.loads import Loads

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
_CLOSE: Final = ("connection", "close")
_RANGE: Final = re.compile(r"bytes (\d+)-(\d+)/\d+")

_log = logging.getLogger(__name__)


class Behind:
    """Runs `app` in `threads` threads; `takes` gives the longest body, in bytes, of an address.

    Where a longer one is announced, the application is asked without it, and refuses. `loads` hears
    what the process of number `place` has in hand.
    """

    def __init__(
        self,
        app: WSGIApplication,
        takes: Callable[[str], int],
        threads: int,
        loads: Loads,
        place: int,
    ) -> None:
        self._app, self._takes, self._threads = app, takes, threads
        self._loads, self._place, self._in_hand = loads, place, 0
        self._turns = Turns()
        self._answered: deque[asyncio.Future[None]] = deque()

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Start the threads, in the process that answers."""
        self._loop, self._files = loop, asyncio.Semaphore(_FILES)
        self._commits = Committer()
        for work in (self._commits.run, *[self._turns.run] * self._threads):
            threading.Thread(target=work, daemon=True).start()

    def __rsgi_del__(self, _loop: asyncio.AbstractEventLoop) -> None:
        """All requests are answered, and the process is about to end."""
        self._forget()

    async def __rsgi__(self, scope: Any, proto: Any) -> None:
        """Take one request in, and answer it when it is its turn."""
        self._forget()
        environ = _environ(scope)
        if "HTTP_TRANSFER_ENCODING" in environ:
            # How long the body is, is not said beforehand; browsers always say it.
            proto.response_empty(411, [_CLOSE])
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
                proto.response_empty(408, [_CLOSE])
                return
        environ["wsgi.input"] = body
        self._in_hand += 1
        self._loads.tell(self._place, self._in_hand)
        asked = _Asked(environ, proto, self._loop.create_future())
        self._take(functools.partial(self._answer, asked))
        await asked.answered

    async def _body(self, proto: Any, length: int) -> IO[bytes] | None:
        if length <= _BODY_IN_MEMORY:
            return await _taken_in_at_once(proto, length)
        async with self._files:
            return await _taken_in(proto, length, tempfile.TemporaryFile())

    def _take(self, work: Callable[[], None]) -> None:
        self._commits.expect()
        self._turns.put(work)

    def _answer(self, asked: _Asked) -> None:
        """Answer; what is stored for it waits for a commit, and so does the answer."""
        again = asked.environ.copy()
        try:
            with storage.holding() as rows:
                begun, parts = _run(self._app, asked.environ)
            if not rows:
                self._send(asked, begun, parts)
                return
            body = _whole(parts)
        except Exception:
            self._fail(asked)
            return
        then = functools.partial(self._told, asked, again, begun, body)
        self._commits.bring(rows, then)

    def _told(
        self, asked: _Asked, again: WSGIEnvironment, begun: _Begun, body: bytes, is_stored: bool
    ) -> None:
        if is_stored:
            try:
                asked.proto.response_bytes(begun.status, self._headers(begun), body)
            finally:
                self._end(asked)
            return
        # By itself it meets what was wrong, and answers to that.
        asked.environ["wsgi.input"].seek(0)
        self._take(functools.partial(self._answer_alone, asked._replace(environ=again)))

    def _answer_alone(self, asked: _Asked) -> None:
        try:
            self._send(asked, *_run(self._app, asked.environ))
        except Exception:
            self._fail(asked)

    def _send(self, asked: _Asked, begun: _Begun, parts: Iterable[bytes]) -> None:
        begun.headers = self._headers(begun)
        kept = _sent(begun, parts, asked.proto)
        if kept is not None:
            self._loop.call_soon_threadsafe(self._loop.call_later, _OPENED, kept.close)
        self._commits.let_go()
        self._end(asked)

    def _headers(self, begun: _Begun) -> list[tuple[str, str]]:
        headers = begun.headers or []
        return [*headers, _CLOSE] if self._loads.lets_go(self._place) else headers

    def _fail(self, asked: _Asked) -> None:
        # Without the address, which holds whatever was typed.
        _log.exception("a request could not be answered")
        asked.proto.response_empty(500, [])
        self._commits.let_go()
        self._end(asked)

    def _end(self, asked: _Asked) -> None:
        asked.environ["wsgi.input"].close()
        self._answered.append(asked.answered)

    def _forget(self) -> None:
        """End what waits for answers that were given.

        They are on their way already: to wake the loop for each of them would only take the
        interpreter from the thread that goes on with the next request.
        """
        while self._answered:
            answered = self._answered.popleft()
            self._in_hand -= 1
            if not answered.done():
                answered.set_result(None)


class _Asked(NamedTuple):
    """A request, who asks, and what ends when it is answered."""

    environ: WSGIEnvironment
    proto: Any
    answered: asyncio.Future[None]


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


def _run(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[_Begun, Iterable[bytes]]:
    begun = _Begun()
    environ["wsgi.file_wrapper"] = begun.wrap
    # Nothing here writes by the callable that PEP 3333 lets `start` return.
    return begun, app(environ, begun.start)  # type: ignore[arg-type]


def _whole(parts: Iterable[bytes]) -> bytes:
    try:
        return b"".join(parts)
    finally:
        _close(parts)


def _close(parts: Iterable[bytes]) -> None:
    if (close := getattr(parts, "close", None)) is not None:
        close()


def _sent(begun: _Begun, parts: Iterable[bytes], proto: Any) -> IO[bytes] | None:
    """Hand the answer over; a file that must stay open for a while."""
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
        _close(parts)


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
    """The environment of PEP 3333; bytes stand in it as Latin-1."""
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
        key = _key(header)
        if not key:
            continue
        if key in environ:
            # Cookies are joined as cookies are, everything else as a list.
            between = "; " if key == "HTTP_COOKIE" else ","
            environ[key] += between + value
        else:
            environ[key] = value
    return environ


@functools.lru_cache(maxsize=256)
def _key(header: str) -> str:
    """What a header is called in the environment; empty where it is left out.

    A name that holds an underscore would pass for one with hyphens.
    """
    if "_" in header:
        return ""
    key = header.upper().replace("-", "_")
    return key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"


def _length(environ: WSGIEnvironment) -> int:
    said = environ.get("CONTENT_LENGTH", "")
    return int(said) if said.isascii() and said.isdigit() else 0
