"""What a new file may be: of a named kind, not too large, and what it says it is."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from kaishu.base import problems
from kaishu.base.i18n import N_
from kaishu.catalog.load import SYMBOLIC_LINK
from kaishu.gate.settings import MEGABYTE, NAMES
from kaishu.history.push import LINK, SUBMODULE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from kaishu.gate.settings import Settings
    from kaishu.history.push import Entry

NESTED = problems.error(
    "submodule",
    N_("The path is a submodule, another repository."),
    N_("Commit the files themselves."),
)
KIND = problems.error(
    "file-kind",
    N_("Files of the kind “{kind}” are not kept here."),
    N_("These kinds are: {kinds}. Convert the file, or keep it out of the repository."),
)
TOO_LARGE = problems.error(
    "file-too-large",
    N_("The file has {size} MB; files of its kind may have {limit} MB."),
    N_("Split it, or keep it in the portal's store and give its hash in the descriptor."),
)
PUSH_TOO_LARGE = problems.error(
    "push-too-large",
    N_("The push brings {size} MB of new files; {limit} MB are allowed at once."),
    N_("Push in parts, or keep large files in the portal's store."),
)
POINTER = problems.error(
    "lfs-pointer",
    N_("The file is a Git LFS pointer without its content."),
    N_("Commit the content itself, or keep it in the portal's store."),
)
NOT_TEXT = problems.error(
    "not-text",
    N_("The file is called .{kind}, but its content is binary."),
    N_("Save it again as text, or give it its true suffix."),
)

NOT_ITS_KIND = problems.error(
    "not-its-kind",
    N_("The file is called .{kind}, but its content is something else."),
    N_("Give it its true suffix, or save it again in the form that its name says."),
)

_POINTER = b"version https://git-lfs.github.com/spec/"
# How the content of each kind that is no text begins.
_BINARY = {
    "xlsx": b"PK\3\4", "ods": b"PK\3\4", "docx": b"PK\3\4", "xls": b"\xd0\xcf\x11\xe0",
    "parquet": b"PAR1", "png": b"\x89PNG", "jpg": b"\xff\xd8\xff", "jpeg": b"\xff\xd8\xff",
    "webp": b"RIFF", "ico": b"\0\0\1\0", "pdf": b"%PDF",
}  # fmt: skip
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def kind_of(path: str) -> str:
    """The kind of a file: its suffix in lower case, or its whole name where it has none."""
    name = PurePosixPath(path).name
    return name if name in NAMES else PurePosixPath(path).suffix[1:].lower()


def check(
    entries: list[Entry], sizes: Mapping[str, int], settings: Settings
) -> Iterator[problems.Problem]:
    """Problems of new files by mode, kind and size; `sizes` are in bytes by object."""
    total = 0
    for one in entries:
        if one.mode == LINK:
            yield SYMBOLIC_LINK.at(file=one.path)
            continue
        if one.mode == SUBMODULE:
            yield NESTED.at(file=one.path)
            continue
        kind = kind_of(one.path)
        limit = 1 if kind in NAMES else settings.kinds.get(kind)
        size = sizes.get(one.blob, 0)
        total += size
        if limit is None:
            kinds = ", ".join(sorted(settings.kinds))
            yield KIND.at(file=one.path, kind=kind or PurePosixPath(one.path).name, kinds=kinds)
        elif size > limit * MEGABYTE:
            yield TOO_LARGE.at(file=one.path, size=_megabytes(size), limit=limit)
    if total > settings.push_megabytes * MEGABYTE:
        yield PUSH_TOO_LARGE.at(size=_megabytes(total), limit=settings.push_megabytes)


def check_content(entry: Entry, content: bytes) -> Iterator[problems.Problem]:
    """Problems of a new file whose content is not what its name says."""
    if content.startswith(_POINTER):
        yield POINTER.at(file=entry.path)
    kind = kind_of(entry.path)
    begins = _BINARY.get(kind)
    if begins is not None and content and not content.startswith(begins):
        yield NOT_ITS_KIND.at(file=entry.path, kind=kind)
    if begins is None and b"\0" in content and not _is_utf16(content):
        yield NOT_TEXT.at(file=entry.path, kind=kind)


def _is_utf16(content: bytes) -> bool:
    if not content.startswith(_UTF16):
        return False
    try:
        content.decode("utf-16")
    except UnicodeDecodeError:
        return False
    return True


def _megabytes(size: int) -> str:
    return f"{size / MEGABYTE:.1f}"
