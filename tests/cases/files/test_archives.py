"""Containers are judged by their directory before a member is opened, and by every member then."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from tests.cases.files import made

from kaishu.base.errors import UnsafeFile
from kaishu.cases.files import archives
from kaishu.cases.files.archives import members


def with_part(name: str, content: bytes | str) -> io.BytesIO:
    return io.BytesIO(made.zipped({**made.unzipped(made.word()), name: content}))


def test_names_of_a_harmless_container_are_returned() -> None:
    assert "word/document.xml" in members(io.BytesIO(made.word()))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("word/vbaProject.bin", b"x"),
        ("xl/macrosheets/sheet1.xml", b"<x/>"),
        ("word/activeX/activeX1.xml", b"<x/>"),
        ("word/media/setup.exe", b"x"),
        ("word/media/run.JS", b"x"),
        ("word/media/image1.png", b"MZ\x90\0"),
        ("word/media/image1.png", b"\x7fELF\x02"),
        ("word/media/image1.png", b"#!/bin/sh"),
        ("word/embeddings/oleObject1.bin", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100),
        ("word/media/image1.png", made.zipped({"a": b"b"})),
        ("word/media/image1.png", b"\x1f\x8b\x08\0"),
        ("../../evil.xml", b"<x/>"),
        ("/etc/cron.d/x", b"x"),
        ("a\\b.xml", b"<x/>"),
        ("C:/x.xml", b"<x/>"),
        ("word/extra.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'),
        ("word/extra.xml", '\ufeff<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'.encode("utf-16-le")),
        (
            "word/_rels/settings.xml.rels",
            (
                b'<Relationships><Relationship Id="r1" TargetMode="External" Target="http://example.org/t.dotm" '
                b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
                b"</Relationships>"
            ),
        ),
    ],
)
def test_programs_macros_and_remote_parts_are_refused(name: str, content: bytes) -> None:
    with pytest.raises(UnsafeFile):
        members(with_part(name, content))


def test_a_macro_under_another_name_is_found_by_its_declared_type() -> None:
    parts = made.unzipped(made.word())
    types = parts["[Content_Types].xml"]
    assert isinstance(types, bytes)
    parts["[Content_Types].xml"] = types.replace(
        b"</Types>",
        b'<Override PartName="/word/x.bin" ContentType="application/vnd.ms-office.vbaProject"/></Types>',
    )
    with pytest.raises(UnsafeFile):
        members(io.BytesIO(made.zipped(parts)))


def test_a_link_for_the_reader_to_follow_is_harmless() -> None:
    link = (
        b'<Relationships><Relationship Id="r1" TargetMode="External" Target="https://example.org/" '
        b'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"/></Relationships>'
    )
    assert members(with_part("word/_rels/extra.xml.rels", link))


def test_a_mark_across_two_blocks_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "_BLOCK", 16)
    with pytest.raises(UnsafeFile):
        members(with_part("word/extra.xml", b"<!-- 01234 --><!DOCTYPE x []><x/>"))


def refused_unopened(
    content: bytes, monkeypatch: pytest.MonkeyPatch, most: int = archives.MAX_UNPACKED
) -> None:
    """Refused, and no member was opened before."""
    opened: list[str] = []
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *a, **k: opened.append("x"))
    with pytest.raises(UnsafeFile):
        members(io.BytesIO(content), most=most)
    assert opened == []


def test_a_dense_member_is_refused_before_it_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    refused_unopened(made.zipped({"OFD.xml": b"\0" * 30_000_000}), monkeypatch)


def test_many_members_that_unpack_to_too_much_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    part = (b"0123456789abcdef" * 64 + bytes(range(256)) * 8) * 250
    content = made.zipped({f"{n}.xml": part for n in range(5)})
    refused_unopened(content, monkeypatch, most=3_000_000)


def test_too_many_members_are_refused_before_the_directory_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = made.zipped({f"{n}.xml": b"" for n in range(archives.MAX_MEMBERS + 1)})
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with pytest.raises(UnsafeFile):
        members(io.BytesIO(content))


def test_members_that_share_their_bytes_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray(made.zipped({"a.xml": b"x" * 500, "b.xml": b"y" * 500}))
    second = content.index(b"PK\x01\x02", content.index(b"PK\x01\x02") + 1)
    content[second + 42 : second + 46] = struct.pack("<L", 1)
    refused_unopened(bytes(content), monkeypatch)


def test_a_member_larger_than_the_directory_says_is_refused() -> None:
    content = bytearray(made.zipped({"OFD.xml": b"<x/>" * 1000}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", 10)
    with pytest.raises(UnsafeFile):
        members(io.BytesIO(bytes(content)))


def test_an_encrypted_member_is_refused() -> None:
    content = bytearray(made.zipped({"OFD.xml": b"<x/>"}))
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    with pytest.raises(UnsafeFile):
        members(io.BytesIO(bytes(content)))


@pytest.mark.parametrize("cut", [10, 100, -1, -30])
def test_a_damaged_container_is_refused(cut: int) -> None:
    with pytest.raises(UnsafeFile):
        members(io.BytesIO(made.word()[:cut]))


def test_anything_before_or_after_the_container_is_refused() -> None:
    for content in (b"GIF89a" + made.word(), made.word() + b"trailing"):
        with pytest.raises(UnsafeFile):
            members(io.BytesIO(content))


def test_two_parts_of_one_name_are_refused() -> None:
    content = made.zipped({"a.xml": b"<x/>", "A.xml": b"<x/>"})
    with pytest.raises(UnsafeFile):
        members(io.BytesIO(content))
