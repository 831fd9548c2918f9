"""Results kept by key: made once, found again by the next run, dropped when others fill the file.

Two files: records one behind the other, and an index of where each lies. Records are only ever
added, and the index is replaced in one step, so a run that is cut off leaves what was there before.
"""

from __future__ import annotations

import marshal
import os
import sys
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar

from kaishu.base.files import write_atomically

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

T = TypeVar("T")
# Records that no run asked for may take this many times the room of those that were.
_SLACK = 2


class Kept:
    """The results in the file `path`, for one process at a time.

    `code` names what made them: results of other code are not found. Keys are texts; results are
    plain values (texts, bytes, numbers, tuples, lists, mappings), which come back equal.
    """

    def __init__(self, path: Path, code: str) -> None:
        self._index_path, self._path = path.with_suffix(".index"), path.with_suffix(".records")
        # A format of its own for each Python: marshal promises nothing between versions.
        self._code = f"{sys.implementation.cache_tag} {code}"
        self._used: set[str] = set()
        self._places: dict[str, tuple[int, int]] = self._read_index()
        self._records: BinaryIO | None = None
        self._end = max((start + length for start, length in self._places.values()), default=0)
        self._added = False

    def take(self, key: str, make: Callable[[], T]) -> T:
        """The result kept under `key`; where there is none, what `make` returns, kept from now on."""
        found = self.get(key)
        if found is not None:
            return found  # type: ignore[no-any-return]
        made = make()
        self.put(key, made)
        return made

    def get(self, key: str) -> Any:
        """The result kept under `key`, or None."""
        place = self._places.get(key)
        if place is None:
            return None
        self._used.add(key)
        start, length = place
        return marshal.loads(os.pread(self._open().fileno(), length, start))  # noqa: S302 - our own cache

    def put(self, key: str, value: Any) -> None:
        """Keep `value` under `key`."""
        record = marshal.dumps(value)
        os.pwrite(self._open().fileno(), record, self._end)
        self._places[key] = self._end, len(record)
        self._end += len(record)
        self._used.add(key)
        self._added = True

    def save(self) -> None:
        """Keep this run's results for the next one."""
        if not self._added:
            self._close()
            return
        used = sum(self._places[key][1] for key in self._used)
        if self._end > used * _SLACK:
            self._compact()
        self._close()
        write_atomically(self._index_path, marshal.dumps((self._code, self._places)))

    def _read_index(self) -> dict[str, tuple[int, int]]:
        try:
            code, places = marshal.loads(self._index_path.read_bytes())  # noqa: S302 - our own cache
            whole = max((start + length for start, length in places.values()), default=0)
            if code == self._code and self._path.stat().st_size >= whole:
                return dict(places)
        except (OSError, ValueError, EOFError, TypeError):
            pass
        return {}

    def _open(self) -> BinaryIO:
        if self._records is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # Not truncated: the index in place still speaks of what lies there.
            self._records = os.fdopen(os.open(self._path, os.O_RDWR | os.O_CREAT, 0o644), "r+b")
        return self._records

    def _close(self) -> None:
        if self._records is not None:
            self._records.close()
            self._records = None

    def _compact(self) -> None:
        """Write the records that this run used into a new file, which takes the old one's place."""
        old, places, end = self._open(), {}, 0
        # The index goes first: no index is better than one that speaks of other records.
        self._index_path.unlink(missing_ok=True)
        part = self._path.with_suffix(".part")
        with part.open("wb") as target:
            for key in sorted(self._used, key=lambda one: self._places[one]):
                start, length = self._places[key]
                target.write(os.pread(old.fileno(), length, start))
                places[key] = end, length
                end += length
        part.replace(self._path)
        self._places, self._end = places, end
