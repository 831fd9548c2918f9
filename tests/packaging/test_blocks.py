"""A file is cut into lines and cells by its bytes, block after block."""

from __future__ import annotations

from pathlib import Path

import pytest

from kaishu.packaging import blocks, bytewise
from kaishu.packaging.plan import Doubt, plan

FIELDS = [{"name": "a", "type": "integer"}, {"name": "b", "type": "string"}]


def cutter(folder: Path, content: bytes, *, bare: int | None = None, blank: int | None = None,
           ) -> blocks.Cutter:  # fmt: skip
    """A cutter of a table of two columns."""
    (folder / "t.csv").write_bytes(content)
    made = plan(folder, {"name": "t", "path": "t.csv", "schema": {"fields": FIELDS}})
    assert made is not None
    checks = bytewise.checks(made, {})
    assert checks is not None
    header = content.splitlines(keepends=True)[0]
    return blocks.Cutter(made.path, header, ",", checks, bare, blank)


def told(one: blocks.Cutter) -> tuple[list[int], list[tuple[int, str]]]:
    """The right lines, by number from 0 on, and the doubtful ones."""
    right: list[int] = []
    doubtful: list[tuple[int, str]] = []
    lines = 0
    for block in one:
        right += [int(n) + lines for n in block.numbers]
        doubtful += [(n + lines, line) for n, line in block.doubtful]
        lines += block.lines
    return right, doubtful


@pytest.mark.parametrize("size", [2**21, 40, 17])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
@pytest.mark.parametrize("is_ended", [True, False])
def test_lines_are_right_or_doubtful_wherever_a_block_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, end: bytes, is_ended: bool
) -> None:
    monkeypatch.setattr(blocks, "SIZE", size)
    rows = ["1,甲", "x,乙", "2", "", "3,丙,", '"4","丁"', '5,"a,b"', ",", "6,戊"]
    content = end.join([b"a,b", *(row.encode() for row in rows)]) + (end if is_ended else b"")
    right, doubtful = told(cutter(tmp_path, content))
    assert right == [0, 5, 7, 8]
    assert doubtful == [(n, row) for n, row in enumerate(rows) if n not in right]


def test_a_line_of_nothing_is_doubtful_where_it_may_be_wrong(tmp_path: Path) -> None:
    content = b'a,b\n1,x\n,\n"",""\n,-\n,--\n'
    assert told(cutter(tmp_path, content))[0] == [0, 1, 2, 3, 4]
    assert told(cutter(tmp_path, content, blank=0))[0] == [0, 3, 4]
    assert told(cutter(tmp_path, content, blank=1))[0] == [4]


def test_quotes_are_taken_around_whole_cells_of_other_columns_alone(tmp_path: Path) -> None:
    content = b'a,b\n"1",x\n2,"y"\n3,y"\n4,"y\n5,""\n6,"\n7,"a"b"\n'
    assert told(cutter(tmp_path, content))[0] == [0, 1, 4]
    assert told(cutter(tmp_path, content, bare=0))[0] == [1, 4]


@pytest.mark.parametrize("row", [b"1,x\r", b"1,x\r\n2,y", b"1,\0", b"1,\x01", b"\r1,x"], ids=repr)
def test_what_readers_read_unlike_is_in_doubt(tmp_path: Path, row: bytes) -> None:
    with pytest.raises(Doubt):
        told(cutter(tmp_path, b"a,b\n" + row + b"\n"))


def test_a_line_that_ends_unlike_the_header_is_in_doubt(tmp_path: Path) -> None:
    with pytest.raises(Doubt):
        told(cutter(tmp_path, b"a,b\r\n1,x\r\n2,y\n"))
    with pytest.raises(Doubt):
        told(cutter(tmp_path, b"a,b\r\n1,x\ry\r\n2,y\n"))


@pytest.mark.parametrize("row", [b"1,\xff", b"1,\xed\xa0\x80", b"1,\xe7\x94"], ids=repr)
def test_bytes_that_are_no_text_are_refused(tmp_path: Path, row: bytes) -> None:
    with pytest.raises(UnicodeDecodeError):
        told(cutter(tmp_path, b"a,b\n" + row + b"\n"))


def test_a_line_longer_than_a_block_is_in_doubt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blocks, "SIZE", 16)
    with pytest.raises(Doubt):
        told(cutter(tmp_path, b"a,b\n1,xxxxxxxxxxxxxxxxxxxxxx\n"))
    assert told(cutter(tmp_path, b"a,b\n"))[0] == []


def test_how_much_was_read_is_told(tmp_path: Path) -> None:
    one = cutter(tmp_path, b"a,b\n1,x\n")
    assert one.place == 4
    told(one)
    assert one.place == 8
