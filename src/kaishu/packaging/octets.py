"""Cells as the bytes that they are, eight at once: their words, and what digits in these stand for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Octets = NDArray[np.uint8]
    Numbers = NDArray[np.int64]
    Words = NDArray[np.uint64]
    Truths = NDArray[np.bool_]

EIGHT = 8
# What lies beyond the last cell is read, too, and not looked at.
PADDING = 64
_MINUS = ord("-")
# One in each byte of a word: half bytes, digits, points, what tells them.
_NIBBLES = np.uint64(0xF0F0F0F0F0F0F0F0)
_SIXES = np.uint64(0x0606060606060606)
_THREES = np.uint64(0x3333333333333333)
_ZEROS = np.uint64(0x3030303030303030)
_POINTS = np.uint64(0x2E2E2E2E2E2E2E2E)
_ONES = np.uint64(0x0101010101010101)
_TOPS = np.uint64(0x8080808080808080)
_ONE, _FOUR, _SEVEN, _TEN, _LAST = (np.uint64(n) for n in (1, 4, 7, 10, 15))
_BYTE, _TWO_BYTES, _HALF = (np.uint64(n) for n in (8, 16, 32))
# How eight digits become a number: pairs of them, fours, all.
_LOW, _FOURTHS = np.uint64(0x0F0F0F0F0F0F0F0F), np.uint64(0x000000FF000000FF)
_EVEN, _ODD = np.uint64(100 + (1000000 << 32)), np.uint64(1 + (10000 << 32))
# What makes a point a zero.
_CHANGE = np.uint64(0x2E ^ 0x30)
# By a number of bytes: those first ones of a word, which are its lowest; zeros in all others; how
# far digits are moved to be its last, and zeros before them.
FIRST = np.array([(1 << 8 * n) - 1 for n in range(9)], np.uint64)
REST = _ZEROS & ~FIRST
_SHIFT = np.array([8 * min(8 - n, 7) for n in range(9)], np.uint64)
_FRONT = np.array([0x3030303030303030 >> 8 * n if n < 8 else 0 for n in range(9)], np.uint64)
_POWERS = np.array([10**n for n in range(9)], np.int64)


@dataclass
class Cells:
    """The cells of one column, in a block of bytes: where each begins, and how many bytes it has."""

    octets: Octets
    starts: Numbers
    sizes: Numbers

    @cached_property
    def first(self) -> Octets:
        """The first byte of each cell, or what lies beyond an empty one."""
        return self.octets[self.starts]

    @cached_property
    def longest(self) -> int:
        """The bytes of the longest one."""
        return int(self.sizes.max(initial=0))

    def words(self, count: int) -> list[Words]:
        """So many times eight bytes from the beginning of each cell, the first of them the lowest."""
        length = EIGHT * count
        places = np.ndarray(len(self.octets) - length, f"S{length}", self.octets.data, strides=(1,))
        return list(places[self.starts].view("<u8").reshape(-1, count).T)

    def two_words(self) -> list[Words]:
        """Two of them; one where no cell is longer."""
        return self.words(2 if self.longest > EIGHT else 1)

    def own(self, words: Words, number: int) -> Words:
        """The word with this number, of bytes of the cells alone: nulls beyond."""
        return words & FIRST[self._held(number)]

    def digits(self, words: Words, number: int) -> Words:
        """The same, the digit 0 beyond."""
        held = self._held(number)
        return (words & FIRST[held]) | REST[held]

    def without(self, first: Truths, last: Truths | None = None) -> Cells:
        """The cells, some of them without their first byte, some without their last."""
        sizes = self.sizes - first
        if last is not None:
            sizes -= last
        return Cells(self.octets, self.starts + first, sizes)

    def some(self, which: Truths) -> Cells:
        """Some of the cells."""
        return Cells(self.octets, self.starts[which], self.sizes[which])

    def _held(self, number: int) -> Numbers:
        sizes = np.maximum(self.sizes - EIGHT * number, 0) if number else self.sizes
        return np.minimum(sizes, EIGHT)


def unsigned(cells: Cells) -> tuple[Cells, Truths]:
    """The cells without the sign, and which of them have one."""
    signed = cells.first == _MINUS
    return (cells.without(signed & (cells.sizes > 0)) if signed.any() else cells), signed


def whole(cells: Cells) -> Numbers:
    """The values of cells that are whole numbers of 16 digits at most; 0 of an empty one."""
    cells, signed = unsigned(cells)
    first, *more = cells.two_words()
    found = value(first, np.minimum(cells.sizes, EIGHT))
    for words in more:
        held = np.minimum(np.maximum(cells.sizes - EIGHT, 0), EIGHT)
        found = found * _POWERS[held] + value(words, held)
    return np.where(signed, -found, found)


def are_digits(words: Words) -> Truths:
    """Whether all eight bytes of each word are digits."""
    found: Truths = ((words & _NIBBLES) | (((words + _SIXES) & _NIBBLES) >> _FOUR)) == _THREES
    return found


def value(words: Words, digits: Numbers) -> Numbers:
    """The number that the first digits of each word stand for, eight at most; 0 of none."""
    lined = ((words & FIRST[digits]) << _SHIFT[digits]) | _FRONT[digits]
    pairs = (lined - _ZEROS) & _LOW
    pairs = pairs * _TEN + (pairs >> _BYTE)
    even = (pairs & _FOURTHS) * _EVEN
    odd = ((pairs >> _TWO_BYTES) & _FOURTHS) * _ODD
    found: Numbers = ((even + odd) >> _HALF).astype(np.int64)
    return np.where(digits > 0, found, 0)


def two(words: Words, place: int) -> Numbers:
    """The number of two digits at a place of each word; any below 256 where there are none."""
    tens = (words >> np.uint64(8 * place)) & _LAST
    ones = (words >> np.uint64(8 * place + 8)) & _LAST
    return (tens * _TEN + ones).astype(np.int64)


def pointless(words: Words) -> tuple[Words, Numbers]:
    """The words, their first point made a 0; and where it is, 8 in those that have none."""
    apart = words ^ _POINTS
    marks = (apart - _ONES) & ~apart & _TOPS
    mark = marks & (~marks + _ONE)
    place = (np.bitwise_count(mark - _ONE) >> 3).astype(np.int64)
    return words ^ ((mark >> _SEVEN) * _CHANGE), place


def has(words: Words, marks: tuple[int, int]) -> Truths:
    """Whether each word has the marks: where they are, and which."""
    mask, wanted = marks
    found: Truths = (words & np.uint64(mask)) == np.uint64(wanted)
    return found


def zeroed(words: Words, mask: int) -> Words:
    """The words with digits 0 where the mask is."""
    return (words & ~np.uint64(mask)) | (_ZEROS & np.uint64(mask))
