"""A large file in blocks of whole lines, cut into cells where its bytes say so."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from kaishu.packaging.octets import PADDING, Cells
from kaishu.packaging.plan import Doubt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kaishu.packaging.bytewise import Check
    from kaishu.packaging.octets import Numbers, Octets, Truths

# So much is read at once: few enough rows that they stay in the processor's memory.
SIZE = 2**21
_LINE, _RETURN, _QUOTE = b"\n", b"\r", b'"'
_FEED, _MARK = ord(_LINE), ord(_QUOTE)
# The engine takes the first for the end of a text, and divides lines at the second.
_ODD = (b"\0", b"\x01")
_CONTROLS = 32
# A text of so many bytes takes no new memory.
_FEW = 2**15


@dataclass
class Block:
    """Some lines of a file: how many there are, and which of them are certainly right.

    `numbers` are those of the right ones, 0 being the block's first line; `keys` the cells of
    their first column. `size` counts the lines' bytes without their ends.
    """

    lines: int
    size: int
    longest: int
    numbers: Numbers
    keys: Cells
    doubtful: list[tuple[int, str]]


class Cutter:
    """Cuts a table's file into cells, and has them checked: `checks` has one for each column.

    `bare` is the column whose cells are not taken in quotes, if any. Where a line without a value
    is wrong, `blank` is how many bytes a cell without one has at most. Its blocks raise Doubt where
    the bytes are such as readers read unlike.
    """

    def __init__(
        self,
        path: Path,
        header: bytes,
        delimiter: str,
        checks: list[Check],
        bare: int | None,
        blank: int | None,
    ) -> None:
        self._path, self._header, self._checks, self._bare = path, header, checks, bare
        self._delimiter, self._blank = ord(delimiter), blank
        self._end = 2 if header.endswith(b"\r\n") else 1
        # How many bytes have been read.
        self.place = len(header)

    def __iter__(self) -> Iterator[Block]:
        held = bytearray(SIZE + PADDING)
        kept = 0
        with self._path.open("rb") as source:
            source.seek(len(self._header))
            while True:
                read = source.readinto(memoryview(held)[kept:SIZE])
                self.place += read
                there = kept + read
                if not read:
                    if kept:
                        held[kept : kept + self._end] = b"\r\n"[-self._end :]
                        yield self._block(held, kept + self._end)
                    return
                used = held.rfind(_LINE, 0, there) + 1
                if not used:
                    # A line longer than a block.
                    raise Doubt
                yield self._block(held, used)
                kept = there - used
                held[:kept] = held[used:there]

    def _block(self, held: bytearray, used: int) -> Block:
        octets = np.frombuffer(held, np.uint8)
        there = octets[:used]
        _decode(memoryview(held)[:used])
        feeds = there == _FEED
        edges = np.flatnonzero(feeds | (there == self._delimiter))
        last = np.flatnonzero(feeds[edges])
        lines = edges[last]
        self._look_for_oddities(held, used, there, lines)
        begins = np.concatenate(([0], lines[:-1] + 1))
        widths = np.diff(last, prepend=-1)
        even = widths == len(self._checks)
        columns = self._columns(octets, edges, None if even.all() else np.repeat(even, widths))
        right = self._judge(octets, lines, even, columns)
        numbers = np.flatnonzero(even)
        doubt = ~even
        doubt[numbers[~right]] = True
        lengths = lines - begins - (self._end - 1)
        doubtful = [
            (int(n), held[begins[n] : begins[n] + lengths[n]].decode())
            for n in np.flatnonzero(doubt)
        ]
        size, longest = int(lengths.sum()), int(lengths.max())
        return Block(len(lines), size, longest, numbers[right], columns[0].some(right), doubtful)

    def _columns(self, octets: Octets, edges: Numbers, inner: Truths | None) -> list[Cells]:
        """The cells of each column, of the lines between whose `edges` are as many as columns."""
        starts = np.concatenate(([0], edges[:-1] + 1))
        if inner is not None:
            starts, edges = starts[inner], edges[inner]
        shape = (-1, len(self._checks))
        starts = np.ascontiguousarray(starts.reshape(shape).T)
        sizes = np.ascontiguousarray(edges.reshape(shape).T)
        sizes -= starts
        sizes[-1] -= self._end - 1
        return [Cells(octets, *one) for one in zip(starts, sizes, strict=True)]

    def _look_for_oddities(self, held: bytearray, used: int, there: Octets, lines: Numbers) -> None:
        """Raises Doubt where a line ends unlike the header, or holds what the engine reads its own way."""
        if np.count_nonzero(there < _CONTROLS) == len(lines) and self._end == 1:
            return
        if any(held.find(one, 0, used) >= 0 for one in _ODD):
            raise Doubt
        returns = np.count_nonzero(there == ord(_RETURN))
        before = there[np.maximum(lines - 1, 0)] == ord(_RETURN)
        if returns != (len(lines) if self._end == 2 else 0) or (returns and not before.all()):
            raise Doubt

    def _judge(self, held: Octets, lines: Numbers, even: Truths, columns: list[Cells]) -> Truths:
        """Which of the even lines are right; `columns` are their cells, and lose their quotes."""
        right = np.ones(len(columns[0].sizes), np.bool_)
        quotes = held[: lines[-1]] == _MARK
        count = np.count_nonzero(quotes)
        if count:
            pairs = np.zeros(len(right), np.int64)
            for n, cells in enumerate(columns):
                quoted = cells.first == _MARK
                if not quoted.any():
                    continue
                quoted &= (held[cells.starts + cells.sizes - 1] == _MARK) & (cells.sizes > 1)
                pairs += quoted
                columns[n] = cells.without(quoted, quoted)
                if n == self._bare:
                    right &= ~quoted
            # Each pair accounts for two: where these are all, there is none within a cell.
            if count != 2 * pairs.sum():
                counted = np.bincount(
                    np.searchsorted(lines, np.flatnonzero(quotes)), minlength=len(lines)
                )
                right &= counted[even] == 2 * pairs
        if self._blank is not None:
            some = columns[0].sizes > self._blank
            for cells in columns[1:]:
                if some.all():
                    break
                some |= cells.sizes > self._blank
            right &= some
        for cells, check in zip(columns, self._checks, strict=True):
            right &= check(cells)
        return right


def _decode(held: memoryview) -> None:
    """Raises UnicodeDecodeError where bytes are no UTF-8."""
    place = 0
    while place < len(held):
        some = held[place : place + _FEW]
        place += codecs.utf_8_decode(some, "strict", len(some) < _FEW)[1]
