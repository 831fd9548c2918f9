"""Paths that a repository must not hold: look-alikes, case clashes, names no system can write."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from kaishu.base import problems
from kaishu.base.i18n import N_, gettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

LONGEST = 200

ODD_PATH = problems.error(
    "odd-path",
    N_("The path “{path}” is not allowed: {reason}."),
    N_("Rename the file: Chinese characters, Latin letters, digits, dot, hyphen and underscore."),
)
CASE_CLASH = problems.error(
    "path-clash",
    N_("“{path}” and “{other}” differ only in case or form; some systems take them for one file."),
    N_("Rename one of the two."),
)

NOT_TEXT = N_("it is not UTF-8 text")
STEPS = N_("it steps outside its folder")
TOO_LONG = N_("it is too long")
LOOK_ALIKE = N_("it contains “{character}” ({name}), which looks like another character")
NOT_ALLOWED = N_("it contains “{character}” ({name})")
ENDING = N_("a name ends with a dot or a blank")
RESERVED = N_("Windows cannot write that name")
NOT_NORMAL = N_("its characters are not in normal form (NFC)")

_ALLOWED = re.compile(r"[A-Za-z0-9._\- ()（）、，·《》〈〉【】“”々〇]")
_RESERVED = re.compile(r"(?i)(con|prn|aux|nul|com[1-9]|lpt[1-9])(\.|$)")


def check(paths: Iterable[str], existing: Iterable[str] = ()) -> Iterator[problems.Problem]:
    """Problems of new `paths`; clashes are looked for among them and those `existing`, and among
    the folders of both.
    """
    seen: dict[str, str] = {}
    for path in _with_folders(existing):
        seen.setdefault(_folded(path), path)
    for path in paths:
        found = _reason(path)
        if found is not None:
            yield ODD_PATH.at(file=printable(path), path=printable(path), reason=found)
        for one in _with_folders([path]):
            other = seen.setdefault(_folded(one), one)
            if other != one:
                file, shown = printable(path), printable(one)
                yield CASE_CLASH.at(file=file, path=shown, other=printable(other))


def printable(text: str) -> str:
    """The text with everything escaped that would move a terminal's cursor or is no character."""
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape", "surrogatepass").decode()
        for one in text
    )


def _with_folders(paths: Iterable[str]) -> Iterator[str]:
    """The paths and the folders they lie in, each once."""
    seen: set[str] = set()
    for path in paths:
        one = path
        while one and one not in seen:
            seen.add(one)
            yield one
            one = one.rpartition("/")[0]


def _folded(path: str) -> str:
    return path.lower() if path.isascii() else unicodedata.normalize("NFKC", path).casefold()


def _reason(path: str) -> str | None:
    try:
        path.encode()
    except UnicodeEncodeError:
        return gettext(NOT_TEXT)
    parts = path.split("/")
    if any(part in ("", ".", "..", ".git") or part.lower() == ".git" for part in parts):
        return gettext(STEPS)
    if len(path.encode()) > LONGEST:
        return gettext(TOO_LONG)
    if unicodedata.normalize("NFC", path) != path:
        return gettext(NOT_NORMAL)
    for part in parts:
        for character in part:
            if _ALLOWED.match(character) or "\u4e00" <= character <= "\u9fff":
                continue
            letter = character.isalpha() or unicodedata.category(character) == "Cf"
            name = unicodedata.name(character, f"U+{ord(character):04X}")
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            message = LOOK_ALIKE if letter else NOT_ALLOWED
            return gettext(message).format(character=shown, name=name)
        if part != part.rstrip(". "):
            return gettext(ENDING)
        if _RESERVED.match(part):
            return gettext(RESERVED)
    return None
