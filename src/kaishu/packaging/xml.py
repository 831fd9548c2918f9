"""XML of a table: well-formed, every element's name legal, the names explained at its head."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from kaishu.packaging.sinks import DOCUMENT_CELLS, TOO_MANY_CELLS, TextSink
from kaishu.packaging.values import as_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kaishu.packaging.model import PublishedField

# XML 1.0, section 2.2: these characters stand in no document, not even escaped.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# A bare CR would be read as LF (section 2.11).
# Most texts need no look but this one.
_PLAIN = re.compile("[^&<>\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]*").fullmatch
_BARE = {"\r": "&#13;"}
# What every reader takes in a name: the first editions of XML 1.0 know fewer letters than the fifth.
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.\-\u3007\u4e00-\u9fa5]")
_NOT_FIRST = re.compile(r"[0-9.\-]|(?i:xml)")


def element_names(fields: Sequence[PublishedField]) -> list[str]:
    """A legal element name for each field, all different; a legal field name stays as it is."""
    found: list[str] = []
    for field in fields:
        name = _NOT_IN_NAMES.sub("_", field.name)
        if not name or _NOT_FIRST.match(name):
            name = f"_{name}"
        number, wanted = 2, name
        while name in found:
            name, number = f"{wanted}_{number}", number + 1
        found.append(name)
    return found


class XmlSink(TextSink):
    """`<table><fields>…</fields><record><name>…</name></record>…</table>`.

    `fields` tells which element holds which field; a value that is missing has no element.
    Characters that XML forbids are replaced by U+FFFD.
    """

    format = "xml"

    def __init__(self, path: Path, fields: Sequence[PublishedField]) -> None:
        super().__init__(path)
        self._names = element_names(fields)
        self._rows = 0
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', "<table>", "<fields>"]
        for name, field in zip(self._names, fields, strict=True):
            title = f" title={quoteattr(_legal(field.title))}" if field.title else ""
            lines.append(
                f"<field element={quoteattr(name)} name={quoteattr(_legal(field.name))}"
                f" type={quoteattr(field.type)}{title}/>"
            )
        lines.append("</fields>")
        self._file.write("\n".join(lines) + "\n")

    def row(self, _texts: Sequence[str], values: Sequence[Any]) -> None:
        """Write one record."""
        if self.left_out:
            return
        self._rows += 1
        if self._rows * len(self._names) > DOCUMENT_CELLS:
            self.left_out = TOO_MANY_CELLS
            return
        cells = []
        for name, value in zip(self._names, values, strict=True):
            if value is not None:
                text = as_text(value)
                if not _PLAIN(text):
                    text = escape(_legal(text), _BARE)
                cells.append(f"<{name}>{text}</{name}>")
        self._file.write(f"<record>{''.join(cells)}</record>\n")

    def _end(self) -> None:
        self._file.write("</table>\n")


def _legal(text: str) -> str:
    return _ILLEGAL.sub("\ufffd", text)
