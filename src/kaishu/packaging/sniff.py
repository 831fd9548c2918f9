"""What a text file is: its encoding and its delimiter, found from the bytes and never believed."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DELIMITERS = (",", "\t", ";", "|", "，")
_SAMPLE = 256 * 1024
_LINES = 200


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding by Python's name, and whether the file begins with its mark."""

    name: str
    marked: bool = False

    @property
    def codec(self) -> str:
        """What to open the file with: a mark is read over."""
        if self.marked and self.name == "utf-8":
            return "utf-8-sig"
        return "utf-16" if self.marked else self.name


def encoding(path: Path) -> Encoding | None:
    """UTF-8, UTF-16 or GB18030, with or without a mark; None where the bytes are none of them."""
    with path.open("rb") as source:
        head = source.read(_SAMPLE)
    if head.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", marked=True) if _decodes(path, "utf-8") else None
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return Encoding("utf-16", marked=True) if _decodes(path, "utf-16") else None
    if b"\0" in head:
        # Without a mark, UTF-16 shows by its line ends and commas, whose other byte is zero.
        little, big = head[1::2].count(0), head[::2].count(0)
        name, line_end = ("utf-16-le", b"\n\0") if little > big else ("utf-16-be", b"\0\n")
        return Encoding(name) if line_end in head and _decodes(path, name) else None
    for name in ("utf-8", "gb18030"):
        if _decodes(path, name):
            return Encoding(name)
    return None


def delimiter(text: str) -> str:
    """The delimiter under which most lines of `text` have the same number of cells, above one."""
    best, score = ",", 0.0
    for candidate in DELIMITERS:
        widths = Counter(
            len(row)
            for row, _n in zip(
                csv.reader(io.StringIO(text, newline=""), delimiter=candidate),
                range(_LINES),
                strict=False,
            )
            if any(row)
        )
        if not widths:
            continue
        if 2 * sum(n for width, n in widths.items() if width > 1) < sum(widths.values()):
            # A character in the words of a few cells divides nothing.
            continue
        # Lines that agree on many cells tell more than lines that agree on few.
        width, count = max(widths.items(), key=lambda one: (one[1] * (one[0] > 1), one[0]))
        agreed = count / sum(widths.values()) * (width > 1) + min(width, 50) / 1000
        if width > 1 and agreed > score:
            best, score = candidate, agreed
    return best


def sample(path: Path, found: Encoding) -> str:
    """The first lines of the file, as text."""
    with path.open(encoding=found.codec, newline="") as source:
        return source.read(_SAMPLE)


def _decodes(path: Path, name: str) -> bool:
    decoder = codecs.getincrementaldecoder(name)()
    with path.open("rb") as source:
        while True:
            block = source.read(1024 * 1024)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                return False
            if not block:
                return True
