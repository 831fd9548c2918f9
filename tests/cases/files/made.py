"""Small true files of every kind that is taken, made here."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

import docx
import xlsxwriter

OFD_XML = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" DocType="OFD" Version="1.1">'
    "<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
)


def zipped(parts: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as container:
        for name, content in parts.items():
            container.writestr(name, content)
    return target.getvalue()


def unzipped(content: bytes) -> dict[str, bytes | str]:
    with zipfile.ZipFile(io.BytesIO(content)) as container:
        return {name: container.read(name) for name in container.namelist()}


def word() -> bytes:
    target = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("申请说明")
    document.save(target)
    return target.getvalue()


def sheet() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet().write(0, 0, "字段")
    book.close()
    return target.getvalue()


def ofd() -> bytes:
    return zipped({"OFD.xml": OFD_XML, "Doc_0/Document.xml": "<Document/>"})


def pdf(more: bytes = b"", stream: bytes | None = None, head: bytes = b"") -> bytes:
    parts = [b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R " + more + b" >>\nendobj\n"]
    parts.append(b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n")
    if stream is not None:
        packed = zlib.compress(stream)
        parts.append(
            b"3 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n"
            % (head or b"/Filter /FlateDecode", len(packed), packed)
        )
    parts.append(b"trailer\n<< /Root 1 0 R /Size 3 >>\nstartxref\n0\n%%EOF\n")
    return b"".join(parts)


def png(width: int = 2, height: int = 2) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 12)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 2, height: int = 2) -> bytes:
    return (
        b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
        b"\xff\xc0\x00\x0b\x08" + struct.pack(">HH", height, width) + b"\x01\x01\x11\x00\xff\xd9"
    )


def gif(width: int = 2, height: int = 2) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x80\0\0\0\0\0\xff\xff\xff;"


def webp(width: int = 2, height: int = 2) -> bytes:
    body = (
        b"WEBPVP8X\x0a\0\0\0\0\0\0\0"
        + (width - 1).to_bytes(3, "little")
        + (height - 1).to_bytes(3, "little")
    )
    return b"RIFF" + struct.pack("<I", len(body)) + body


ALL = {
    "pdf": pdf,
    "ofd": ofd,
    "docx": word,
    "xlsx": sheet,
    "png": png,
    "jpg": jpeg,
    "jpeg": jpeg,
    "gif": gif,
    "webp": webp,
}
