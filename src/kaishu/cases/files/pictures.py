"""Pictures by their headers: how many pixels a PNG, JPEG, GIF or WebP says it has."""

from __future__ import annotations

import struct

from kaishu.base.errors import UnsafeFile
from kaishu.base.i18n import gettext as _

MAX_PIXELS = 100_000_000
_NO_SIZE = (0x01, *range(0xD0, 0xD9))
_NO_FRAME = (0xC4, 0xC8, 0xCC)


def check(content: bytes, suffix: str) -> None:
    """Raises UnsafeFile where the header is damaged or names more pixels than a page needs."""
    try:
        width, height = _SIZES[suffix](content)
    except (struct.error, IndexError, ValueError) as error:
        raise UnsafeFile(_("The file is damaged and cannot be opened.")) from error
    if not 0 < width * height <= MAX_PIXELS:
        raise UnsafeFile(_("The picture has too many pixels. Please make it smaller."))


def _png(content: bytes) -> tuple[int, int]:
    if content[:8] != b"\x89PNG\r\n\x1a\n" or content[12:16] != b"IHDR":
        raise ValueError
    return struct.unpack(">II", content[16:24])


def _gif(content: bytes) -> tuple[int, int]:
    if content[:6] not in (b"GIF87a", b"GIF89a"):
        raise ValueError
    return struct.unpack("<HH", content[6:10])


def _jpeg(content: bytes) -> tuple[int, int]:
    """The first frame header (ITU-T T.81, B.2.2)."""
    if content[:2] != b"\xff\xd8":
        raise ValueError
    at = 2
    while content[at] == 0xFF:
        marker = content[at + 1]
        if marker == 0xFF:
            at += 1
        elif marker in _NO_SIZE:
            at += 2
        elif 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + int(struct.unpack(">H", content[at + 2 : at + 4])[0])
    raise ValueError


def _webp(content: bytes) -> tuple[int, int]:
    """RFC 9649: lossy, lossless or extended."""
    if content[:4] != b"RIFF" or content[8:12] != b"WEBP":
        raise ValueError
    kind = content[12:16]
    if kind == b"VP8 ":
        width, height = struct.unpack("<HH", content[26:30])
        return width & 0x3FFF, height & 0x3FFF
    if kind == b"VP8L":
        bits = int(struct.unpack("<I", content[21:25])[0])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X":
        return (
            int.from_bytes(content[24:27], "little") + 1,
            int.from_bytes(content[27:30], "little") + 1,
        )
    raise ValueError


_SIZES = {"png": _png, "gif": _gif, "jpg": _jpeg, "jpeg": _jpeg, "webp": _webp}
