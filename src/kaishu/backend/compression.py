"""Public files as gzip (RFC 1952), for readers who take it: each is compressed once, then kept.

A compressed answer is a representation of its own, with an ETag of its own (RFC 9110, 8.8.3.3).
"""

from __future__ import annotations

import gzip
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from werkzeug.wrappers import Request

ENCODING = "gzip"
# Below, the headers outweigh what is saved; above, files are downloads, which may be resumed.
SMALLEST, LARGEST = 500, 4 * 1024 * 1024
KEPT_BYTES = 32 * 1024 * 1024
_LEVEL = 6
_TYPES = frozenset(
    {
        "application/geo+json",
        "application/javascript",
        "application/json",
        "application/ld+json",
        "application/manifest+json",
        "application/wasm",
        "application/xml",
        "image/svg+xml",
    }
)


def is_compressible(media_type: str, size: int) -> bool:
    """Whether a file of this type and size (bytes) becomes smaller, and is sent so."""
    return SMALLEST <= size <= LARGEST and (media_type.startswith("text/") or media_type in _TYPES)


def is_wanted(request: Request) -> bool:
    """Whether the reader takes gzip; a part of a file is always of the file itself."""
    return "Range" not in request.headers and request.accept_encodings.quality(ENCODING) > 0


class Compressed:
    """The compressed files used last, by the SHA-256 of what they were made from."""

    def __init__(self, limit: int = KEPT_BYTES) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def of(self, path: Path, sha256: str) -> bytes:
        """The file at `path`, whose hash is given, compressed."""
        with self._lock:
            if sha256 in self._kept:
                self._kept.move_to_end(sha256)
                return self._kept[sha256]
        # No time of this machine may reach the bytes, so that every server gives the same ones.
        made = gzip.compress(path.read_bytes(), _LEVEL, mtime=0)
        with self._lock:
            if sha256 not in self._kept:
                self._kept[sha256] = made
                self._bytes += len(made)
            while self._bytes > self._limit and len(self._kept) > 1:
                self._bytes -= len(self._kept.popitem(last=False)[1])
        return made
