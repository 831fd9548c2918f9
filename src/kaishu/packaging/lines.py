"""The rows of a large text file before they are cells: its bytes, and a copy whose rows are even."""

from __future__ import annotations

import codecs
import csv
import re
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING

from kaishu.base.files import READ_BLOCK
from kaishu.packaging.plan import SAMPLE, Doubt, sniffed_as_expected
from kaishu.packaging.sinks import csv_writer
from kaishu.packaging.tables import ERRORS_LISTED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kaishu.packaging.plan import Plan

# Blanks beside quotes are read in as many ways as there are readers.
_ODD_QUOTES = (b'" ', b' "', b'"\t', b'\t"')
# Of so many bytes at each end something is taken to hold for the rest, until it does not.
_ENDS = 2**18
_LONE_RETURN = re.compile(rb"\r[^\n]").search


@dataclass(frozen=True)
class Lines:
    """A UTF-8 file of CSV with one header line, and what its bytes say of the rows below it.

    `size` and `quotes` are counted below the header; `end` is how the header's line ends,
    `is_ended` whether the last line ends, too. `odd` holds the cells of the first rows that have
    more or fewer than the header, by their number (the header's is 1): in the file they are even.
    """

    path: Path
    delimiter: str
    header: list[str]
    size: int
    quotes: int
    end: bytes
    is_ended: bool
    odd: dict[int, list[str]] = field(default_factory=dict)


def as_they_are(plan: Plan) -> Lines:
    """The file itself. Raises Doubt where it is none that every reader reads alike."""
    header, line = headed(plan)
    return _counted(plan.path, plan.delimiter, header, line)


def headed(plan: Plan) -> tuple[list[str], bytes]:
    """The names in a file's header, and the bytes of its line.

    Raises Doubt where it is no UTF-8, or its header more than a line.
    """
    if (
        codecs.lookup(plan.encoding).name != "utf-8"
        or plan.quote != '"'
        or len(plan.delimiter.encode()) != 1
        or plan.delimiter in '"\r\n\0 '
        # What may stand in a number or a date divides no cells to a pattern.
        or plan.delimiter.isalnum()
        or plan.delimiter in "-.:"
    ):
        raise Doubt
    with plan.path.open(encoding=plan.encoding, newline="") as source:
        sample = sniffed_as_expected(plan, source)
    header = next(csv.reader(sample[:1], delimiter=plan.delimiter), [])
    with plan.path.open("rb") as binary:
        line = binary.readline()
    if (
        not sample
        or line != sample[0].encode(plan.encoding)
        or line.startswith(codecs.BOM_UTF8)
        or b"\n" not in line
        or (b'"' in line and not _is_regular(sample[0], plan.delimiter))
    ):
        raise Doubt
    return header, line


def ends(plan: Plan) -> Iterator[list[str]]:
    """The cells of the first and the last rows, as far as no line's end lies within one."""
    with plan.path.open("rb") as source:
        found = source.read(_ENDS).splitlines()[1:-1]
        source.seek(-min(_ENDS, plan.path.stat().st_size), 2)
        found += source.read().splitlines()[1:]
    texts = (line.decode("utf-8", "replace") for line in found)
    return csv.reader(texts, delimiter=plan.delimiter)


def has_return(path: Path) -> bool:
    """Whether a file has a carriage return anywhere."""
    with path.open("rb") as source:
        return any(b"\r" in block for block in iter(lambda: source.read(READ_BLOCK), b""))


def even(plan: Plan, copy: Path) -> Lines:
    """A copy in UTF-8 whose rows all have as many cells as the header; read as Frictionless reads.

    Raises Doubt where Frictionless would look for the header elsewhere.
    """
    odd: dict[int, list[str]] = {}
    widths: list[int] = []
    with (
        plan.path.open(encoding=_encoding(plan), newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        sample = sniffed_as_expected(plan, source)
        reader = csv.reader(chain(sample, source), delimiter=plan.delimiter, quotechar=plan.quote)
        write = csv_writer(target).writerow
        header = next(reader, [])
        width = len(header)
        write(header)
        for number, cells in enumerate(reader, start=2):
            if len(cells) != width:
                if len(cells) < width and not all("" in texts for texts in plan.missings):
                    raise Doubt
                if len(odd) <= ERRORS_LISTED:
                    odd[number] = cells
            if number <= SAMPLE:
                widths.append(len(cells))
            write([*cells[:width], *[""] * (width - len(cells))])
    header_is_first([width, *widths])
    with copy.open("rb") as binary:
        line = binary.readline()
    if not header or _inner_end("".join(header)):
        raise Doubt
    return _counted(copy, ",", header, line, odd, is_ours=True)


def _counted(
    path: Path,
    delimiter: str,
    header: list[str],
    line: bytes,
    odd: dict[int, list[str]] | None = None,
    *,
    is_ours: bool = False,
) -> Lines:
    """The file with its bytes counted. Raises Doubt for what readers are known to read unlike."""
    size = quotes = 0
    last = b""
    with path.open("rb") as source:
        source.seek(len(line))
        while block := source.read(READ_BLOCK):
            size += len(block)
            # A pair may lie across two blocks.
            joined = last[-1:] + block
            if b"\0" in block:
                raise Doubt
            if not is_ours and b"\r" in joined and _LONE_RETURN(joined):
                raise Doubt
            if b'"' in joined:
                quotes += block.count(b'"')
                if not is_ours and any(one in joined for one in _ODD_QUOTES):
                    raise Doubt
            last = block
    if last.endswith(b"\r"):
        raise Doubt
    end = b"\r\n" if line.endswith(b"\r\n") else b"\n"
    is_ended = not last or last.endswith(b"\n")
    return Lines(path, delimiter, header, size, quotes, end, is_ended, odd or {})


def _is_regular(line: str, delimiter: str) -> bool:
    """Whether quotes stand around whole cells alone (RFC 4180)."""
    cell = rf'(?:[^"{re.escape(delimiter)}]*|"(?:[^"]|"")*")'
    return re.fullmatch(rf"{cell}(?:{re.escape(delimiter)}{cell})*\r?\n", line) is not None


def _inner_end(text: str) -> bool:
    return "\n" in text or "\r" in text


def _encoding(plan: Plan) -> str:
    """The encoding as Frictionless takes it: a mark at the beginning is no part of the text."""
    name = codecs.lookup(plan.encoding).name
    with plan.path.open("rb") as source:
        mark = source.read(3)
    if name == "utf-8" and mark == codecs.BOM_UTF8:
        return "utf-8-sig"
    marked = {"utf-16-be": codecs.BOM_UTF16_BE, "utf-16-le": codecs.BOM_UTF16_LE}
    return "utf-16" if name in marked and mark.startswith(marked[name]) else name


def header_is_first(widths: list[int]) -> None:
    """Raises Doubt unless Frictionless finds the header in row 1: one about as wide as the others."""
    mean = round(sum(widths) / len(widths))
    drift = max(round(mean * 0.1), 1)
    if not mean - drift <= widths[0] <= mean + drift:
        raise Doubt
