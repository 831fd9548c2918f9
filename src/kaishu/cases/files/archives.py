"""Zip containers (DOCX, XLSX, OFD, ZIP) by their members: bombs, programs, macros, remote parts.

The directory at a container's end is judged before any member is opened; members are then read
with the sizes that the directory declared as their limit.
"""

from __future__ import annotations

import contextlib
import re
import struct
import zipfile
import zlib
from typing import IO, TYPE_CHECKING

from kaishu.base.errors import UnsafeFile
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MEMBERS = 2_000
MAX_DIRECTORY = 512 * 1024  # bytes of the central directory
MAX_UNPACKED = 200 * 1024 * 1024
MAX_RATIO = 200  # unpacked to packed; XML of an empty sheet reaches about 100
RATIO_FROM = 1024 * 1024  # bytes; below, a high ratio does no harm
_BLOCK = 256 * 1024
_UTF8 = 0x800  # APPNOTE 4.4.4, bit 11

_END = struct.Struct("<4s4H2LH")  # APPNOTE 4.3.16
_PROGRAMS = (b"MZ", b"\x7fELF", b"\xfe\xed\xfa", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"#!")
_ARCHIVES = (b"PK\x03\x04", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x1f\x8b")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BAD_SUFFIX = re.compile(
    r"\.(?:exe|dll|com|scr|msi|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|jar|sh|py|app|chm|reg)$", re.I
)
_MACRO_PART = re.compile(
    r"(?:^|/)(?:vba\w*\.(?:bin|xml)$|macrosheets/|activex/|attachedtoolbars\.bin$)", re.I
)
_MACRO_TYPE = re.compile(rb"macroEnabled|vnd\.ms-office\.(?:vbaProject|activeX)", re.I)
_REMOTE_PART = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode\s*=\s*[\"']External)"
    rb"(?=[^>]*Type\s*=\s*[\"'][^\"']*/(?:attachedTemplate|oleObject|frame|subDocument)[\"'])",
    re.I,
)
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_ENTITY_WIDE = tuple("<!DOCTYPE".encode(code) for code in ("utf-16-le", "utf-16-be"))


def members(source: IO[bytes], *, most: int = MAX_UNPACKED) -> frozenset[str]:
    """The names in a document's container, once every member was found harmless.

    `most` bytes may be unpacked from it. Raises UnsafeFile.
    """
    with opened(source, most=most) as container:
        infos = container.infolist()
        for info in infos:
            if not info.is_dir():
                _check_content(info, _blocks(container, info))
        return frozenset(info.filename for info in infos)


@contextlib.contextmanager
def opened(source: IO[bytes], *, most: int) -> Iterator[zipfile.ZipFile]:
    """The container, its directory found harmless, its members not read yet. Raises UnsafeFile."""
    _check_directory(source)
    try:
        with zipfile.ZipFile(source) as container:
            infos = container.infolist()
            _check_sizes(infos, most)
            _check_names(infos)
            yield container
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError) as error:
        raise UnsafeFile(_("The file is damaged and cannot be opened.")) from error


def _check_directory(source: IO[bytes]) -> None:
    """The container is the whole file, and its directory is small enough to be read."""
    size = source.seek(0, 2)
    source.seek(0)
    head = source.read(4)
    source.seek(max(0, size - _END.size))
    tail = source.read()
    source.seek(0)
    if head != b"PK\x03\x04" or len(tail) != _END.size or not tail.startswith(b"PK\x05\x06"):
        raise UnsafeFile(_("The file is damaged and cannot be opened."))
    _mark, disk, first_disk, here, total, length, offset, _comment = _END.unpack(tail)
    if disk or first_disk or here != total or offset + length + _END.size != size:
        raise UnsafeFile(_("The file is damaged and cannot be opened."))
    if total > MAX_MEMBERS or length > MAX_DIRECTORY:
        raise UnsafeFile(_("The file packs too many parts."))


def _check_sizes(infos: list[zipfile.ZipInfo], most: int) -> None:
    unpacked = sum(info.file_size for info in infos)
    too_dense = any(
        info.file_size > RATIO_FROM and info.file_size > MAX_RATIO * max(info.compress_size, 1)
        for info in infos
    )
    if unpacked > most or too_dense:
        raise UnsafeFile(_("The file would unpack to far more than it seems (an archive bomb)."))
    # Members that share bytes unpack the same bytes many times.
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise UnsafeFile(
                _("The file would unpack to far more than it seems (an archive bomb).")
            )
        end = info.header_offset + 30 + info.compress_size


def _check_names(infos: list[zipfile.ZipInfo]) -> None:
    seen: set[str] = set()
    for info in infos:
        name = name_of(info)
        parts = name.split("/")
        if name.startswith("/") or "\\" in name or "\0" in name or ".." in parts or ":" in name:
            raise UnsafeFile(_("The file holds a part whose name leads out of it."))
        if name.lower() in seen or info.external_attr >> 28 == 0xA:
            raise UnsafeFile(_("The file is damaged and cannot be opened."))
        seen.add(name.lower())
        if info.flag_bits & 1:
            raise UnsafeFile(_("The file is encrypted. Please save it without a password."))
        if _MACRO_PART.search(name):
            raise UnsafeFile(_("The file holds macros. Please save it without them."))
        if _BAD_SUFFIX.search(name):
            raise UnsafeFile(_("The file holds a program or a script."))


def name_of(info: zipfile.ZipInfo) -> str:
    """A member's name as it is meant: without the mark of UTF-8, Chinese systems write GB18030."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    raw = info.orig_filename.encode("cp437")
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return info.orig_filename


def _blocks(container: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with container.open(info) as member:
        while block := member.read(_BLOCK):
            yield block


def _check_content(info: zipfile.ZipInfo, blocks: Iterator[bytes]) -> None:
    is_markup = info.filename.lower().endswith((".xml", ".rels"))
    is_types = info.filename == "[Content_Types].xml"
    before = b""
    for number, block in enumerate(blocks):
        if number == 0:
            _check_head(block)
        # What stands across two blocks is found in the second with the end of the first.
        text = before + block
        if is_markup and declares_types(text):
            raise UnsafeFile(_("The file holds a part with a document type of its own."))
        if is_types and _MACRO_TYPE.search(text):
            raise UnsafeFile(_("The file holds macros. Please save it without them."))
        if is_markup and _REMOTE_PART.search(text):
            raise UnsafeFile(_("The file loads a part from elsewhere. Please remove the link."))
        before = text[-1024:]


def declares_types(text: bytes) -> bool:
    """Whether markup has a document type of its own, by which a few bytes can become many."""
    return bool(_ENTITY.search(text)) or any(mark in text for mark in _ENTITY_WIDE)


def _check_head(block: bytes) -> None:
    if block.startswith(_PROGRAMS):
        raise UnsafeFile(_("The file holds a program or a script."))
    if block.startswith(_ARCHIVES) or block.startswith(_OLE):
        raise UnsafeFile(_("The file holds another file inside. Please send each one by itself."))
