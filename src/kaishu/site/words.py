"""Words for what tables and descriptors say in code: field types, formats, terms, first sentences."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kaishu.base.i18n import N_, gettext, ngettext
from kaishu.base.i18n import gettext as _

if TYPE_CHECKING:
    from kaishu.regulation.model import Term

FIELD_TYPES = {
    "string": N_("Text"),
    "integer": N_("Whole number"),
    "number": N_("Number"),
    "boolean": N_("Yes or no"),
    "date": N_("Date"),
    "datetime": N_("Date and time"),
    "time": N_("Time"),
    "year": N_("Year"),
    "yearmonth": N_("Year and month"),
    "duration": N_("Duration"),
    "geopoint": N_("Point"),
    "geojson": N_("Geometry"),
    "object": N_("Object"),
    "array": N_("List of values"),
    "list": N_("List of values"),
    "any": N_("Any"),
}
_TAG = re.compile(r"<[^>]*>")
_CHARACTER = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[A-Za-z]+")
_SENTENCE = re.compile(r".*?(?:[。！？]|[.!?](?=\s|$)|\n|$)", re.DOTALL)


def field_type(name: str) -> str:
    """The words for a Table Schema type; an unknown one stays as written."""
    return gettext(FIELD_TYPES[name]) if name in FIELD_TYPES else name


def first_sentence(text: str) -> str:
    """The first sentence of a description."""
    found = _SENTENCE.match(text.strip())
    return found.group().strip() if found else ""


def is_chinese(html: str) -> bool:
    """Whether the text of a page is Chinese: at least as many characters as words of letters."""
    text = _TAG.sub(" ", html)
    return len(_CHARACTER.findall(text)) > len(_WORD.findall(text))


def brief(text: str, limit: int) -> str:
    """`text` if it has no more than `limit` characters; else cut at a pause, or where it has to be."""
    if len(text) <= limit:
        return text
    cut = max(text.rfind(mark, limit // 2, limit) for mark in "，；、,; ")
    return f"{text[: cut if cut > 0 else limit - 1]}…"


def file_format(name: str) -> str:
    """A format's name as people know it."""
    if name == "excel.csv":
        return _("CSV for Excel")
    return {"geojson": "GeoJSON", "parquet": "Parquet"}.get(name, name.upper())


def term(length: Term) -> str:
    """A term as the text states it: 10 个工作日."""
    forms = {
        "working-day": ngettext("{n} working day", "{n} working days", length.amount),
        "calendar-day": ngettext("{n} day", "{n} days", length.amount),
        "month": ngettext("{n} month", "{n} months", length.amount),
    }
    return forms[length.unit.value].format(n=length.amount)
