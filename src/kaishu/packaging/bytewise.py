"""Which cells of a column are certainly right, told by their bytes for many cells at once.

It takes a strict part of what the pattern of `patterns` takes: a cell that it does not take is not
known to be wrong.
"""

from __future__ import annotations

import re
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from kaishu.packaging import patterns, plain
from kaishu.packaging.octets import (
    EIGHT,
    FIRST,
    REST,
    are_digits,
    has,
    pointless,
    two,
    unsigned,
    value,
    zeroed,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from numpy.typing import NDArray

    from kaishu.packaging.octets import Cells, Numbers, Truths, Words
    from kaishu.packaging.plan import Plan

    Check = Callable[[Cells], Truths]

# Longer cells are left to the pattern: so many digits, so many words of an enumeration, so many
# characters of a form.
_DIGITS, _WORDS, _CHARACTERS = 16, 4, 40
_ZERO = ord("0")
# Numbers are of so many values at most.
_MOST = 2**62
_LAST, _ALL = np.uint64(0xFF), 2**64 - 1
_DAYS = np.zeros(256, np.int64)
_DAYS[1:13] = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
_CLOCK = (24, 60, 60)
# Where marks are in a word, and which: 2026-01-, 08:00:00.
_DASHES = (0xFF0000FF00000000, 0x2D00002D00000000)
_COLONS = (0x0000FF0000FF0000, 0x00003A00003A0000)


def checks(plan: Plan, places: Mapping[int, int]) -> list[Check] | None:
    """A check of each column's cells; None where there is none of some column.

    Numbers of the columns in `places` have that many digits after the point at most.
    """
    found = []
    for column, field in enumerate(plan.fields):
        if plain.reader(field) is None:
            return None
        check = _check(plan, column, field, places.get(column, patterns.PLACES))
        if check is None:
            return None
        found.append(check)
    return found


def _check(plan: Plan, column: int, field: Mapping[str, Any], places: int) -> Check | None:
    constraints, kind = field.get("constraints") or {}, str(field["type"])
    required, limited = plan.is_required(column), set(constraints) - {"required", "unique"}
    if kind in ("string", "any") and not limited:
        return _something if required and plan.missing else _anything
    form = _form(kind, constraints, limited, places)
    if form is None or required or "" not in plan.missing:
        return form
    return lambda cells: form(cells) | (cells.sizes == 0)


def _form(
    kind: str, constraints: Mapping[str, Any], limited: set[str], places: int
) -> Check | None:
    if limited == {"enum"} and kind in ("string", "integer", "year"):
        allowed = plain.enumeration(constraints["enum"], kind)
        return _among([str(one) for one in allowed or []])
    if limited == {"pattern"} and kind == "string":
        return _formed(constraints["pattern"])
    if limited - {"minimum", "maximum"}:
        return None
    if kind == "boolean" and not limited:
        return _among([*plain.BOOLEANS])
    if kind == "date" and not limited:
        return lambda cells: (cells.sizes == len("2026-01-05")) & _is_day(cells)
    if kind == "datetime" and not limited:
        return _is_moment
    bounds = patterns.bounds(kind, constraints) if limited else None
    if kind == "year":
        if bounds is None:
            return lambda cells: (cells.sizes == 4) & (cells.first != _ZERO) & _is_whole(cells)
        return lambda cells: (cells.sizes == 4) & _is_between(cells, *bounds)
    if kind == "integer":
        return _is_whole if bounds is None else (lambda cells: _is_between(cells, *bounds))
    if kind == "number":
        return lambda cells: _is_number(cells, places, bounds)
    return None


def _anything(cells: Cells) -> Truths:
    return np.ones(len(cells.sizes), np.bool_)


def _something(cells: Cells) -> Truths:
    return cells.sizes > 0


def _is_whole(cells: Cells) -> Truths:
    cells, _signed = unsigned(cells)
    found = (cells.sizes > 0) & (cells.sizes <= _DIGITS)
    for number, words in enumerate(cells.two_words()):
        found &= are_digits(cells.digits(words, number))
    return found


def _is_between(cells: Cells, least: int, most: int) -> Truths:
    """Whether each cell is a number between two, of eight digits at most and without a sign."""
    [words, *_more] = cells.words(1)
    right = _begins(cells, words, cells.sizes, least, most, ended=True)
    right &= cells.sizes > 0
    return right


def _begins(
    cells: Cells, words: Words, digits: Numbers, least: int, most: int, ended: bool | Truths
) -> Truths:
    """Whether the first digits of each cell, eight at most, are a number between two.

    The greater of the two is allowed where the cell is `ended` with it.
    """
    held = np.minimum(np.maximum(digits, 0), EIGHT)
    # A number that begins with 0 is none that a pattern of bounds takes.
    right: Truths = (digits <= EIGHT) & ((digits == 1) | (cells.first != _ZERO))
    right &= are_digits((words & FIRST[held]) | REST[held])
    if least > 0 or most < 10**EIGHT:
        found = value(words, held)
        right &= (found >= least) & ((found < most) | ((found == most) & ended))
    return right


def _is_number(cells: Cells, places: int, bounds: tuple[int, int] | None) -> Truths:
    if bounds is None:
        cells, _signed = unsigned(cells)
    first, *more = cells.two_words()
    changed, point = pointless(cells.digits(first, 0))
    right = are_digits(changed)
    for words in more:
        second = cells.digits(words, 1)
        changed, later = pointless(second)
        # A point in the first word is the only one.
        right &= are_digits(np.where(point < EIGHT, second, changed))
        point = np.where(point < EIGHT, point, point + later)
    pointed = point < np.minimum(cells.sizes, _DIGITS)
    before = np.where(pointed, point, cells.sizes)
    after = np.where(pointed, cells.sizes - 1 - point, 0)
    right &= (before > 0) & (cells.sizes <= _DIGITS) & (after <= places) & ((after > 0) | ~pointed)
    return (
        right if bounds is None else right & _begins(cells, first, before, *bounds, ended=~pointed)
    )


def _is_day(cells: Cells) -> Truths:
    """Whether each cell begins with a day of the years 1000 to 9999."""
    return _begins_with_day(cells.words(2))


def _begins_with_day(words: list[Words]) -> Truths:
    front, back = words[:2]
    right = has(front, _DASHES) & are_digits(zeroed(front, _DASHES[0]))
    right &= are_digits((back & FIRST[2]) | REST[2])
    year = two(front, 0) * 100 + two(front, 2)
    month, day = two(front, 5), two(back, 0)
    right &= (year >= 1000) & (day > 0) & (day <= _DAYS[month])
    extra = (month == 2) & (day == 29)
    if extra.any():
        right &= ~extra | ((year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0)))
    return right


def _is_moment(cells: Cells) -> Truths:
    words = cells.words(3)
    right: Truths = (cells.sizes == len("2026-01-05T08:00:00")) & _begins_with_day(words)
    middle = (words[1] >> np.uint64(16)) & _LAST
    # From the fourth byte of the second word on.
    clock = (words[1] >> np.uint64(24)) | (words[2] << np.uint64(40))
    right &= ((middle == ord("T")) | (middle == ord(" "))) & has(clock, _COLONS)
    right &= are_digits(zeroed(clock, _COLONS[0]))
    for place, limit in zip((0, 3, 6), _CLOCK, strict=True):
        right &= two(clock, place) < limit
    return right


def _among(texts: Collection[str]) -> Check | None:
    """A check for some texts, or None where one is long."""
    encoded = [text.encode() for text in texts]
    count = -(-max(map(len, encoded), default=0) // EIGHT)
    if not 0 < count <= _WORDS or any(b"\0" in one for one in encoded):
        return None
    padded = b"".join(one.ljust(EIGHT * count, b"\0") for one in encoded)
    columns = np.frombuffer(padded, "<u8").reshape(-1, count).T
    known = [np.unique(column) for column in columns]
    if prod(map(len, known)) >= _MOST:
        return None
    allowed = np.unique(_numbered(known, list(columns))[1])

    def check(cells: Cells) -> Truths:
        words = [cells.own(one, n) for n, one in enumerate(cells.words(count))]
        right, numbers = _numbered(known, words)
        right &= _find(allowed, numbers)[0] & (cells.sizes <= EIGHT * count)
        return right

    return check


def _numbered(known: list[Words], words: list[Words]) -> tuple[Truths, Numbers]:
    """Whether each row's words are known ones, and a number that only the same words have."""
    right = np.ones(len(words[0]), np.bool_)
    number = np.zeros(len(words[0]), np.int64)
    for some, column in zip(known, words, strict=True):
        found, place = _find(some, column)
        right &= found
        number = number * len(some) + place
    return right, number


def _find(known: NDArray[Any], wanted: NDArray[Any]) -> tuple[Truths, Numbers]:
    place = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
    return known[place] == wanted, place


def _formed(wanted: str) -> Check | None:
    """A check for a pattern of so many characters, each of a set; None for any other."""
    atoms = patterns.fixed(wanted)
    if not atoms or len(atoms) > _CHARACTERS:
        return None
    sets = [re.compile(atom, re.ASCII).fullmatch for atom in atoms]
    allowed = [[n for n in range(128) if matches(chr(n))] for matches in sets]
    if not all(allowed):
        return None
    parts = [_Part(allowed[n : n + EIGHT]) for n in range(0, len(allowed), EIGHT)]

    def check(cells: Cells) -> Truths:
        right: Truths = cells.sizes == len(allowed)
        for part, words in zip(parts, cells.words(len(parts)), strict=True):
            right &= part.takes(words)
        return right

    return check


class _Part:
    """What the bytes of a word may be, one set of bytes for each place."""

    def __init__(self, allowed: list[list[int]]) -> None:
        masks = [0xFF << 8 * place for place in range(len(allowed))]
        same = [len(one) == 1 for one in allowed]
        digits = [one == [*b"0123456789"] for one in allowed]
        listed = list(zip(masks, allowed, same, digits, strict=True))
        self._same = (
            sum(mask for mask, _set, is_same, _digit in listed if is_same),
            sum(mask // 0xFF * one[0] for mask, one, is_same, _digit in listed if is_same),
        )
        self._digits = sum(mask for mask, _set, _same, is_digit in listed if is_digit)
        self._others = [
            (np.uint64(8 * place), np.isin(np.arange(256), one))
            for place, (_mask, one, is_same, is_digit) in enumerate(listed)
            if not (is_same or is_digit)
        ]

    def takes(self, words: Words) -> Truths:
        """Whether the first bytes of each word are of their sets."""
        right = has(words, self._same)
        if self._digits:
            right &= are_digits(zeroed(words, ~self._digits & _ALL))
        for place, table in self._others:
            right &= table[(words >> place) & _LAST]
        return right
