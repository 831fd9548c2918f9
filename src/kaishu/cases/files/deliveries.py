"""What an officer delivers is: kinds suited to data, looked into whole, archives member by member."""

from __future__ import annotations

import codecs
import re
import shutil
import tempfile
from pathlib import PurePosixPath
from typing import IO, Final

from kaishu.base.errors import UnsafeFile
from kaishu.base.i18n import gettext as _
from kaishu.cases.files import archives, inspection

# Data are packed more densely than documents, and there may be more of them.
MAX_UNPACKED: Final = 2 * 1024 * inspection.MEGABYTE
TABLES: Final = ("csv", "tsv", "txt", "json", "ndjson", "jsonl", "geojson", "xml", "gml", "kml")
TEXTS: Final = (*TABLES, "md", "yaml", "yml", "prj", "cpg")
# What the first bytes of a binary format are (Parquet; dBASE and ESRI shapefiles).
_SHAPE: Final = (b"\x00\x00\x27\x0a",)
MARKS: Final = {
    "parquet": (b"PAR1",),
    "shp": _SHAPE,
    "shx": _SHAPE,
    "sbn": _SHAPE,
    "sbx": _SHAPE,
    "dbf": (b"\x03", b"\x30", b"\x31", b"\x83", b"\x8b"),
}
KINDS: Final = (*TABLES, "parquet", "zip", *inspection.KINDS)
ACCEPT: Final = ",".join(f".{suffix}" for suffix in KINDS)
_NO_DATA: Final = frozenset(
    {"text/html", "text/x-shellscript", "text/x-msdos-batch", "text/x-php", "text/vbscript"}
)
_BLOCK: Final = 1024 * 1024
_IN_MEMORY: Final = 8 * 1024 * 1024
_OPENING: Final = re.compile(rb"\A(?:\xef\xbb\xbf)?\s*[\[{]")


def inspect(name: str, source: IO[bytes]) -> None:
    """Raises UnsafeFile where `source`, delivered as `name`, is something else or carries harm."""
    suffix = _suffix(name)
    if suffix not in KINDS:
        kinds = ", ".join(one.upper() for one in KINDS if one != "jpeg")
        raise UnsafeFile(_("These kinds of file are taken: {kinds}.").format(kinds=kinds))
    if suffix != "zip":
        _look_at(suffix, source)
        return
    with archives.opened(source, most=MAX_UNPACKED) as container:
        for info in container.infolist():
            if info.is_dir():
                continue
            within = archives.name_of(info)
            try:
                # A member is read more than once, which a packed one does not bear.
                with (
                    container.open(info) as packed,
                    tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as member,
                ):
                    shutil.copyfileobj(packed, member, _BLOCK)
                    # README, SHA256SUMS and their like are text.
                    _look_at(_suffix(within) or "txt", member)
            except UnsafeFile as error:
                raise UnsafeFile(
                    _("{name}: {reason}").format(name=inspection.safe_name(within), reason=error)
                ) from error


def _suffix(name: str) -> str:
    return PurePosixPath(name).suffix[1:].lower()


def _look_at(suffix: str, source: IO[bytes]) -> None:
    source.seek(0)
    head = source.read(_BLOCK)
    source.seek(0)
    if suffix in TEXTS:
        _check_text(suffix, head, source)
    elif suffix in MARKS:
        if not head.startswith(MARKS[suffix]) or (suffix == "parquet" and not _ends(source)):
            raise UnsafeFile(_something_else(suffix))
    elif kind := inspection.KINDS.get(suffix):
        if not kind.must_hold:
            inspection.look_at(suffix, kind, source.read())
        elif not kind.must_hold <= archives.members(source, most=MAX_UNPACKED):
            raise UnsafeFile(_something_else(suffix))
    elif suffix == "zip":
        raise UnsafeFile(_("The file holds another file inside. Please send each one by itself."))
    else:
        raise UnsafeFile(_("This kind of file cannot be delivered."))


def _check_text(suffix: str, head: bytes, source: IO[bytes]) -> None:
    """All of it is text, as UTF-8, GB18030 or marked UTF-16, and no program's."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    named = ("utf-16",) if wide else ("utf-8", "gb18030")
    readers = [codecs.getincrementaldecoder(one)() for one in named]
    before, block = b"", head
    while readers:
        block = source.read(_BLOCK)
        if not wide and b"\0" in block:
            raise UnsafeFile(_something_else(suffix))
        readers = [one for one in readers if _reads(one, block)]
        if suffix in ("xml", "gml", "kml") and archives.declares_types(before + block):
            raise UnsafeFile(_("The file holds a part with a document type of its own."))
        before = block[-64:]
        if not block:
            break
    kind = inspection.named(head)
    odd = suffix in ("json", "geojson") and not wide and not _OPENING.match(head)
    if not readers or odd or head.startswith(b"#!") or kind in _NO_DATA:
        raise UnsafeFile(_something_else(suffix))


def _reads(reader: codecs.IncrementalDecoder, block: bytes) -> bool:
    try:
        reader.decode(block, final=not block)
    except UnicodeDecodeError:
        return False
    return True


def _ends(source: IO[bytes]) -> bool:
    """Whether a Parquet file ends as it begins."""
    size = source.seek(0, 2)
    source.seek(max(0, size - 4))
    return size >= 12 and source.read() == b"PAR1"


def _something_else(suffix: str) -> str:
    return _("The file is called .{suffix}, but its content is something else.").format(
        suffix=suffix
    )
