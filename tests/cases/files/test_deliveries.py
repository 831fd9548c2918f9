"""Deliveries: data of every usual kind pass, and nothing that only calls itself data."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import duckdb
import pytest
from tests.cases.files import made

from kaishu.base.errors import UnsafeFile
from kaishu.cases.files import deliveries

if TYPE_CHECKING:
    from pathlib import Path

ROWS = "站名,经度\n“营口东站”,122.5\n" * 50
SHAPE = struct.pack(">i", 9994) + b"\0" * 96
TABLES: dict[str, bytes] = {
    "a.csv": ROWS.encode(),
    "marked.csv": ROWS.encode("utf-8-sig"),
    "gb.csv": ROWS.encode("gb18030"),
    "excel.csv": ROWS.encode("utf-16"),
    "a.tsv": ROWS.replace(",", "\t").encode(),
    "a.json": b' [{"a": 1}]',
    "marked.json": b"\xef\xbb\xbf{}",
    "a.geojson": b'{"type": "FeatureCollection", "features": []}',
    "a.jsonl": b'{"a": 1}\n{"a": 2}\n',
    "a.ndjson": b'{"a": 1}\n{"a": 2}\n',
    "a.xml": b'<?xml version="1.0"?><rows><row/></rows>',
    "a.XLSX": made.sheet(),
    "a.pdf": made.pdf(),
    "a.png": made.png(),
}


def inspect(name: str, content: bytes) -> None:
    deliveries.inspect(name, io.BytesIO(content))


@pytest.fixture
def parquet(tmp_path: Path) -> bytes:
    duckdb.sql("SELECT range AS n FROM range(10)").write_parquet(str(tmp_path / "n.parquet"))
    return (tmp_path / "n.parquet").read_bytes()


@pytest.mark.parametrize("name", TABLES)
def test_data_pass(name: str) -> None:
    inspect(name, TABLES[name])


def test_parquet_passes_and_a_part_of_it_does_not(parquet: bytes) -> None:
    inspect("n.parquet", parquet)
    for wrong in (parquet[:-1], b"PAR1", b"", parquet[1:]):
        with pytest.raises(UnsafeFile):
            inspect("n.parquet", wrong)


def test_an_archive_of_data_passes_with_folders_documents_and_shapes(parquet: bytes) -> None:
    shapes = {f"图层/a.{suffix}": SHAPE for suffix in ("shp", "shx", "sbn", "sbx")}
    texts: dict[str, bytes | str] = {
        "图层/a.prj": "GEOGCS[]",
        "a.cpg": "UTF-8",
        "说明.md": "# 说明",
        "SHA256SUMS": "0 *a",
    }
    dbf = {"图层/a.dbf": b"\x03" + b"\0" * 64}
    inspect(
        "a.zip",
        made.zipped({**TABLES, "数据/": "", **shapes, **texts, **dbf, "n.parquet": parquet}),
    )


def test_names_written_in_gb18030_are_read_as_such() -> None:
    # 乗 ends in the byte of a backslash there, as 誠 and many more do.
    content = made.zipped({"AA.csv": "a\n1\n"}).replace(b"AA.csv", "乗.csv".encode("gb18030"))
    inspect("a.zip", content)
    refused = made.zipped({"AA.exe": "a\n1\n"}).replace(b"AA.exe", "乗.exe".encode("gb18030"))
    with pytest.raises(UnsafeFile):
        inspect("a.zip", refused)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.exe", b"MZ"),
        ("a", b"a,b\n"),
        ("a.xlsm", made.sheet()),
        ("a.html", b"<html></html>"),
        ("a.csv", b"MZ\x90\0\3\0\0\0"),
        ("a.csv", b"\x7fELF\2\1\1\0"),
        ("a.csv", b"#!/bin/sh\nrm -rf /\n"),
        ("a.csv", b"<!DOCTYPE html><html><body>a</body></html>"),
        ("a.csv", b"a,b\n" * 600_000 + b"\0"),
        ("a.csv", b"a,b\n\xff\xff\n"),
        ("a.csv", made.zipped({"a.csv": "a\n"})),
        ("a.json", b"alert(1)"),
        ("a.json", b""),
        ("a.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        ("a.xml", b"<x>" + b" " * (1024 * 1024 - 6) + b'<!ENTITY a "b">'),
        ("a.xlsx", made.word()),
        ("a.zip", b"PK\3\4"),
        ("a.zip", made.sheet()),
        ("a.zip", made.zipped({"setup.exe": b"MZ"})),
        ("a.zip", made.zipped({"setup": b"\x7fELF\2\1\1\0"})),
        ("a.zip", made.zipped({"a.csv": b"MZ\0"})),
        ("a.zip", made.zipped({"inner.zip": made.zipped({"a.csv": "a\n"})})),
        ("a.zip", made.zipped({"../a.csv": "a\n"})),
        ("a.zip", made.zipped({"a.unknown": "a\n"})),
        ("a.zip", made.zipped({"a.xlsx": made.word()})),
        ("a.zip", made.zipped({"a.pdf": made.pdf(b"/OpenAction << /S /JavaScript /JS (x) >>")})),
    ],
)
def test_what_is_no_data_or_carries_something_is_refused(name: str, content: bytes) -> None:
    with pytest.raises(UnsafeFile):
        inspect(name, content)


def test_archive_bombs_are_refused_before_anything_is_unpacked() -> None:
    dense = made.zipped({"a.csv": b"0" * 64 * 1024 * 1024})
    with pytest.raises(UnsafeFile, match="压缩炸弹"):
        inspect("a.zip", dense)
    # The directory claims a terabyte; not a byte of it is there.
    huge = bytearray(made.zipped({"a.csv": "a\n"}, zipfile.ZIP_STORED))
    at = huge.index(b"PK\1\2")
    huge[at + 24 : at + 28] = struct.pack("<L", 0xFFFFFFF0)
    with pytest.raises(UnsafeFile, match="压缩炸弹"):
        inspect("a.zip", bytes(huge))


def test_a_bomb_in_a_document_within_an_archive_is_refused() -> None:
    sheet = made.unzipped(made.sheet())
    sheet["xl/worksheets/sheet1.xml"] = b" " * 64 * 1024 * 1024
    with pytest.raises(UnsafeFile, match="压缩炸弹"):
        inspect("a.zip", made.zipped({"a.xlsx": made.zipped(sheet)}, zipfile.ZIP_STORED))


def test_the_part_at_fault_is_named() -> None:
    with pytest.raises(UnsafeFile, match=r"坏的\.csv"):
        inspect("a.zip", made.zipped({"好的.csv": "a\n", "数据/坏的.csv": b"\0"}))
