"""YAML (and JSON) read strictly, with the line of every value.

A subset of YAML 1.2 core: no anchors, aliases or tags (so no bombs and no language objects),
no duplicate keys, bounded size and depth. Dates stay text, and so do digits with a leading
zero (area codes, division codes).
"""

from __future__ import annotations

import codecs
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from kaishu.base import problems
from kaishu.base.i18n import N_

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 4 * 1024 * 1024
MAX_DEPTH = 40

NOT_READABLE = problems.error(
    "unreadable-file",
    N_("The file cannot be read: {reason}."),
    N_("Check that the file exists and that it is a plain file."),
)
NOT_UTF8 = problems.error(
    "not-utf-8",
    N_("The file is not UTF-8 text: byte {position} does not fit."),
    N_("Save the file as UTF-8 without a byte order mark."),
)
BYTE_ORDER_MARK = problems.error(
    "byte-order-mark",
    N_("The file begins with a byte order mark (BOM)."),
    N_("Save the file as UTF-8 without a byte order mark."),
)
SYNTAX = problems.error(
    "yaml-syntax",
    N_("The file is not well-formed: {reason}."),
    N_("Correct the line named here; indentation is by spaces, and a colon is followed by one."),
)
DUPLICATE_KEY = problems.error(
    "yaml-duplicate-key",
    N_("The key “{key}” stands here a second time; it was first on line {first}."),
    N_("Keep one of the two."),
)
TAG = problems.error(
    "yaml-tag",
    N_("The tag {tag} is not allowed."),
    N_("Write plain values without tags."),
)
ALIAS = problems.error(
    "yaml-alias",
    N_("Anchors (&) and aliases (*) are not allowed."),
    N_("Write the value out where it is needed; put a text that begins with & or * in quotes."),
)
TOO_LARGE = problems.error(
    "yaml-too-large",
    N_("The file is larger or deeper than allowed ({limit})."),
    N_("Keep data in data files; this file only describes them."),
)

_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)\Z")
_FLOAT = re.compile(r"[-+]?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
# Longer digits are no quantity, and Python refuses to read them as one.
_LONGEST_INT = 400
_CONSTANTS = {"": None, "~": None, "null": None, "true": True, "false": False}

KeyPath = tuple[str | int, ...]
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(slots=True)
class Document:
    """What was read: `value` (None where nothing could be), lines by key path, problems."""

    value: Any = None
    lines: dict[KeyPath, int] = field(default_factory=dict)
    problems: list[problems.Problem] = field(default_factory=list)

    def line(self, path: KeyPath) -> int | None:
        """The line of the value at `path`, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if (found := self.lines.get(path[:length])) is not None:
                return found
        return None


def read(path: Path, *, file: str, dataset: str | None = None) -> Document:
    """Read the file at `path`; `file` and `dataset` go into the problems. Never raises."""
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        return Document(problems=[NOT_READABLE.at(file=file, dataset=dataset, reason=reason)])
    return parse(content, file=file, dataset=dataset)


def parse(content: bytes, *, file: str, dataset: str | None = None) -> Document:
    """Parse `content`. Every problem found is in the result; `value` is None if unusable."""
    document = Document()

    def report(code: problems.Code, line: int | None, **values: Any) -> None:
        document.problems.append(code.at(file=file, dataset=dataset, line=line, **values))

    if len(content) > MAX_BYTES:
        report(TOO_LARGE, None, limit=f"{MAX_BYTES // 1024 // 1024} MiB")
        return document
    if content.startswith(codecs.BOM_UTF8):
        report(BYTE_ORDER_MARK, 1)
        content = content[len(codecs.BOM_UTF8) :]
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        report(NOT_UTF8, content.count(b"\n", 0, error.start) + 1, position=error.start + 1)
        return document
    try:
        document.value = _build(text, document.lines, report)
    except _Refused as refused:
        report(refused.code, refused.line, **refused.values)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        report(SYNTAX, mark.line + 1 if mark else None, reason=error.problem or error.context)
    except yaml.reader.ReaderError as error:
        report(SYNTAX, text.count("\n", 0, error.position) + 1, reason=error.reason)
    return document


class _Refused(Exception):
    def __init__(self, code: problems.Code, line: int, **values: object) -> None:
        self.code, self.line, self.values = code, line, values


def _build(text: str, lines: dict[KeyPath, int], report: Any) -> Any:
    """Values from the parser's events, without recursion: depth cannot exhaust the stack."""
    root: list[Any] = []
    stack: list[_Open] = [_Open(root, (), is_root=True)]
    documents = 0
    event: Any
    for event in yaml.parse(text, Loader=_Loader):
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise _Refused(SYNTAX, line, reason="---")
        elif isinstance(event, yaml.AliasEvent):
            raise _Refused(ALIAS, line)
        elif isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            if event.anchor is not None:
                raise _Refused(ALIAS, line)
            if event.tag not in (None, "!"):
                raise _Refused(TAG, line, tag=event.tag)
            if isinstance(event, yaml.ScalarEvent):
                _scalar(stack[-1], event, line, lines, report)
                continue
            if len(stack) > MAX_DEPTH:
                raise _Refused(TOO_LARGE, line, limit=MAX_DEPTH)
            opened: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
            path = stack[-1].place(opened, line, lines, report)
            stack.append(_Open(opened, path))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            stack.pop()
    return root[0] if root else None


def _scalar(
    parent: _Open, event: yaml.ScalarEvent, line: int, lines: dict[KeyPath, int], report: Any
) -> None:
    if isinstance(parent.value, dict) and parent.key is None:
        parent.key, parent.key_line = event.value, line
        return
    plain = event.style in (None, "") and event.tag is None
    parent.place(_resolve(event.value) if plain else event.value, line, lines, report)


@dataclass(slots=True)
class _Open:
    """A mapping or sequence being filled; `key` is the key read last, not yet used."""

    value: Any
    path: KeyPath
    key: str | None = None
    key_line: int = 0
    is_root: bool = False

    def place(self, value: Any, line: int, lines: dict[KeyPath, int], report: Any) -> KeyPath:
        if isinstance(self.value, list):
            path = () if self.is_root else (*self.path, len(self.value))
            self.value.append(value)
        else:
            if self.key is None:
                raise _Refused(SYNTAX, line, reason="key")
            key, line, self.key = self.key, self.key_line, None
            path = (*self.path, key)
            if key in self.value:
                report(DUPLICATE_KEY, line, key=key, first=lines[path])
            self.value[key] = value
        lines.setdefault(path, line)
        return path


def _resolve(text: str) -> Any:
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if len(text) > _LONGEST_INT:
        return text
    if _INT.match(text):
        return int(text)
    if _FLOAT.match(text):
        number = float(text)
        # 1e999 would be infinite, which JSON cannot say.
        return number if math.isfinite(number) else text
    return text
