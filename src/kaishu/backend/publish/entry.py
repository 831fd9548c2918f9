"""From a descriptor to the form that corrects it, and back; what the form does not show stays."""

from __future__ import annotations

import copy
import re
from typing import Any

_COMMA = re.compile(r"[,，、;；]\s*")


def to_form(raw: dict[str, Any]) -> dict[str, Any]:
    """The form's first values."""
    entry = raw.get("catalogue", {})
    openness, sharing = entry.get("openness", {}), entry.get("sharing", {})
    basis = (openness.get("basis") or [{}])[0]
    review = entry.get("review") or {}
    return {
        "title": raw.get("title"),
        "description": raw.get("description"),
        "keywords": ", ".join(raw.get("keywords", [])),
        "category": entry.get("category", "department"),
        "theme": entry.get("theme"),
        "update_cycle": entry.get("update_cycle"),
        "openness": openness.get("type"),
        "conditions": openness.get("conditions"),
        "basis_title": basis.get("title"),
        "basis_article": basis.get("article"),
        "basis_level": basis.get("level"),
        "sharing": sharing.get("type"),
        "sharing_conditions": sharing.get("conditions"),
        "review_date": review.get("date"),
        "review_by": review.get("by"),
        "review_reference": review.get("reference"),
    }


def from_form(raw: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    """The descriptor with what the form says."""
    made = copy.deepcopy(raw)
    _put(made, title=said["title"], description=said["description"])
    _put(made, keywords=[one for one in _COMMA.split(said["keywords"]) if one])
    entry = made.setdefault("catalogue", {})
    _put(entry, category=said["category"], theme=said["theme"], update_cycle=said["update_cycle"])
    openness = entry.setdefault("openness", {})
    _put(openness, type=said["openness"], conditions=said["conditions"])
    further = (openness.get("basis") or [])[1:]
    first = {**((openness.get("basis") or [{}])[0])}
    _put(first, title=said["basis_title"], article=said["basis_article"])
    if first.get("title"):
        _put(first, level=said["basis_level"])
        openness["basis"] = [first, *further]
    else:
        openness.pop("basis", None)
    sharing = entry.setdefault("sharing", {})
    _put(sharing, type=said["sharing"], conditions=said["sharing_conditions"])
    date = said["review_date"]
    review = {**(entry.get("review") or {})}
    _put(review, date=date.isoformat() if date else "", by=said["review_by"],
         reference=said["review_reference"])  # fmt: skip
    _put(entry, review=review)
    return made


def columns(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """The columns of the first table, as described."""
    schema = raw["resources"][0].get("schema")
    fields = schema.get("fields") if isinstance(schema, dict) else None
    return fields if isinstance(fields, list) else []


def with_columns(raw: dict[str, Any], said: list[dict[str, Any]]) -> dict[str, Any]:
    """The descriptor with its first table's columns as `said`, in their order."""
    made = copy.deepcopy(raw)
    for field, new in zip(columns(made), said, strict=True):
        if field.get("type", "any") != new["type"]:
            # Formats and bounds of one type mean nothing for another.
            for key in ("format", "constraints", "categories"):
                field.pop(key, None)
        _put(field, **new)
    return made


def _put(target: dict[str, Any], **values: Any) -> None:
    """Set what is not empty, take out what is."""
    for key, value in values.items():
        if value:
            target[key] = value
        else:
            target.pop(key, None)
