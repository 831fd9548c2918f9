"""What a file that an applicant sends is: named and true kind agree, and it carries no harm."""

from __future__ import annotations

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

# The library that python-magic loads comes with this package where the system has none.
import pylibmagic  # noqa: F401

import magic  # isort: skip

from kaishu.base.errors import UnsafeFile
from kaishu.base.i18n import gettext as _
from kaishu.cases.files import archives, pdf, pictures

MEGABYTE = 1024 * 1024
MAX_BYTES = 20 * MEGABYTE
MAX_NAME = 200
_HEAD = 64 * 1024
_ZIP = frozenset({"application/zip", "application/octet-stream"})
_OOXML = "application/vnd.openxmlformats-officedocument"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its media type, and what libmagic may call it."""

    media_type: str
    known_as: frozenset[str]
    must_hold: frozenset[str] = frozenset()


def _kind(media_type: str, *must_hold: str, also: frozenset[str] = frozenset()) -> Kind:
    return Kind(media_type, frozenset({media_type}) | also, frozenset(must_hold))


KINDS = {
    "pdf": _kind("application/pdf"),
    "ofd": _kind("application/ofd", "OFD.xml", also=_ZIP),
    "docx": _kind(
        f"{_OOXML}.wordprocessingml.document", "[Content_Types].xml", "word/document.xml", also=_ZIP
    ),
    "xlsx": _kind(
        f"{_OOXML}.spreadsheetml.sheet", "[Content_Types].xml", "xl/workbook.xml", also=_ZIP
    ),
    "png": _kind("image/png"),
    "jpg": _kind("image/jpeg"),
    "jpeg": _kind("image/jpeg"),
    "gif": _kind("image/gif"),
    "webp": _kind("image/webp"),
}
ACCEPT = ",".join(f".{suffix}" for suffix in KINDS)


def inspect(name: str, content: bytes) -> Kind:
    """The kind of `content`, sent as `name`. Raises UnsafeFile, saying what to do instead."""
    suffix = PurePosixPath(name).suffix[1:].lower()
    kind = KINDS.get(suffix)
    if kind is None:
        kinds = ", ".join(one.upper() for one in KINDS if one != "jpeg")
        raise UnsafeFile(_("These kinds of file are taken: {kinds}.").format(kinds=kinds))
    if not content:
        raise UnsafeFile(_("The file is empty."))
    if len(content) > MAX_BYTES:
        limit = MAX_BYTES // MEGABYTE
        raise UnsafeFile(_("A file may have {limit} MB at most.").format(limit=limit))
    look_at(suffix, kind, content)
    return kind


def look_at(suffix: str, kind: Kind, content: bytes) -> None:
    """Raises UnsafeFile where `content` is not of this kind, or carries harm."""
    if named(content) not in kind.known_as:
        raise UnsafeFile(
            _("The file is called .{suffix}, but its content is something else.").format(
                suffix=suffix
            )
        )
    _look_inside(suffix, kind, content)


def named(content: bytes) -> str:
    """The media type that libmagic gives to what begins like this."""
    return _magic().from_buffer(content[:_HEAD])


def safe_name(name: str) -> str:
    """An uploaded name as it is shown: no path, no control or direction characters, short."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[: MAX_NAME - len(suffix) - 1]}{dot}{suffix}" if dot else kept[:MAX_NAME]


def _look_inside(suffix: str, kind: Kind, content: bytes) -> None:
    if suffix == "pdf":
        pdf.check(content)
    elif kind.must_hold:
        if not kind.must_hold <= archives.members(io.BytesIO(content)):
            raise UnsafeFile(
                _("The file is called .{suffix}, but its content is something else.").format(
                    suffix=suffix
                )
            )
    else:
        pictures.check(content, suffix)


@lru_cache(maxsize=1)
def _magic() -> magic.Magic:
    return magic.Magic(mime=True)
