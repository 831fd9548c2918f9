"""PDF (ISO 32000) looked through for what acts: scripts, programs started, files carried inside."""

from __future__ import annotations

import re
import zlib

from kaishu.base.errors import UnsafeFile
from kaishu.base.i18n import gettext as _

MAX_UNPACKED = 256 * 1024 * 1024
_TAIL = 2048
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_STREAM = re.compile(rb"stream(?:\r\n|\n|\r)")
_ACTS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|XFA|ImportData|GoToE)\b")
_ENCRYPT = re.compile(rb"/Encrypt\b")
_OBJECTS = re.compile(rb"/ObjStm\b")
_FLATE = re.compile(rb"/Filter\s*(?:\[\s*)?/FlateDecode\b\s*(?:\]|/|>)")
_DICTIONARY = 4096  # bytes before a stream in which its dictionary stands


def check(content: bytes) -> None:
    """Raises UnsafeFile where the document acts, hides its objects, or is damaged."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-_TAIL:]:
        raise UnsafeFile(_("The file is damaged and cannot be opened."))
    plain = _names(content)
    if _ENCRYPT.search(plain):
        raise UnsafeFile(_("The file is encrypted. Please save it without a password."))
    _refuse_acting(plain)
    left = MAX_UNPACKED
    for match in _STREAM.finditer(content):
        head = _names(content[max(0, match.start() - _DICTIONARY) : match.start()])
        head = head[head.rfind(b"obj") :]
        if _OBJECTS.search(head) and not _FLATE.search(head):
            raise UnsafeFile(_("The file hides its parts. Please print it to a new PDF."))
        unpacked = _unpack(content, match.end(), left)
        left -= len(unpacked)
        _refuse_acting(_names(unpacked))


def _names(content: bytes) -> bytes:
    """Names written with `#4a` for `J` (ISO 32000-1, 7.3.5) as they are meant."""
    if b"#" not in content:
        return content
    return _ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), content)


def _refuse_acting(content: bytes) -> None:
    if _ACTS.search(content):
        raise UnsafeFile(
            _("The PDF holds scripts, programs or other files. Please print it to a new PDF.")
        )


def _unpack(content: bytes, start: int, limit: int) -> bytes:
    """A zlib stream that begins at `start`, or nothing where none does."""
    if content[start : start + 1] not in (b"\x78", b"\x68", b"\x58", b"\x48"):
        return b""
    unpacker = zlib.decompressobj()
    try:
        found = unpacker.decompress(memoryview(content)[start:], limit)
    except zlib.error:
        return b""
    if unpacker.unconsumed_tail and not unpacker.eof:
        raise UnsafeFile(_("The file would unpack to far more than it seems (an archive bomb)."))
    return found
