"""Files made of a head, parts and a tail, written part by part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around the parts of a file, and `between` each two of them."""

    head: bytes
    between: bytes = b""
    tail: bytes = b""


class FramedFile:
    """One file being written at `path`."""

    def __init__(self, path: Path, frame: Frame) -> None:
        self._frame = frame
        self._file = path.open("wb")
        self._file.write(frame.head)
        self._next = b""

    def add(self, part: bytes) -> None:
        """Write the next part."""
        self._file.write(self._next)
        self._file.write(part)
        self._next = self._frame.between

    def close(self) -> None:
        """Write the tail."""
        self._file.write(self._frame.tail)
        self._file.close()
