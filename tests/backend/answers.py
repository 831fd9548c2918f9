"""An application whose answers are of every kind, for `python -m gunicorn`."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from kaishu.backend import rsgi
from kaishu.cases import storage

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from wsgiref.types import StartResponse, WSGIEnvironment

LINE = b"line of an answer\n"
WRONG = b"cannot be stored"


def store(works: Sequence[Any]) -> list[bool]:
    """Stands for a database."""
    return [WRONG not in work for work in works]


class Answers:
    """What it answers is said by the path."""

    def takes(self, _path: str) -> int:
        return 1024

    def __call__(self, environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/raises":
            raise ValueError("before anything was said")
        start("200 OK", [("Content-Type", "text/plain")])
        if path == "/stored":
            row: Any = environ["wsgi.input"].read()
            held = storage._thread.held
            if held is None:
                return [b"alone: ", row]
            held.append(row)
            return [b"together: ", row]
        if path == "/short":
            return iter([LINE, LINE])
        if path == "/long":
            return iter([LINE] * 200_000)
        if path == "/breaks":
            return _breaking()
        if path == "/wrapped":
            return environ["wsgi.file_wrapper"](io.BytesIO(LINE))
        return [LINE]


def _breaking() -> Iterator[bytes]:
    yield LINE * 200_000
    raise ValueError("in the midst")


def app() -> Answers:
    """The application, in a process of its own: what stands for something else does so there."""
    # No test waits half a minute for who sends nothing.
    rsgi._SECONDS = 1
    storage.store = store
    return Answers()
