"""From a descriptor to the form that corrects it, and back; what the form does not show stays."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

_COMMA = re.compile(r"[,，、;；]\s*")


def to_form(raw: dict[str, Any]) -> dict[str, Any]:
    """The form's first values."""
    entry = raw.get("catalogue", {})
    openness, sharing = entry.get("openness", {}), entry.get("sharing", {})
    basis = (openness.get("basis") or [{}])[0]
    shared = (sharing.get("basis") or [{}])[0]
    review = entry.get("review") or {}
    notice, withdrawn = entry.get("change_notice") or {}, entry.get("withdrawn") or {}
    ended = (withdrawn.get("basis") or [{}])[0]
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
        "sharing_basis_title": shared.get("title"),
        "sharing_basis_article": shared.get("article"),
        "sharing_basis_level": shared.get("level"),
        "publish_on": entry.get("publish_on"),
        "notice_effective": notice.get("effective"),
        "notice_description": notice.get("description"),
        "withdrawn_date": withdrawn.get("date"),
        "withdrawn_reason": withdrawn.get("reason"),
        "withdrawn_basis_title": ended.get("title"),
        "withdrawn_basis_article": ended.get("article"),
        "withdrawn_basis_level": ended.get("level"),
        "withdrawn_successor": withdrawn.get("successor"),
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
    _put_basis(openness, said, "basis")
    sharing = entry.setdefault("sharing", {})
    _put(sharing, type=said["sharing"], conditions=said["sharing_conditions"])
    _put_basis(sharing, said, "sharing_basis")
    review = {**(entry.get("review") or {})}
    _put(review, date=_day(said["review_date"]), by=said["review_by"],
         reference=said["review_reference"])  # fmt: skip
    notice = {**(entry.get("change_notice") or {})}
    _put(notice, effective=_day(said["notice_effective"]), description=said["notice_description"])
    withdrawn = {**(entry.get("withdrawn") or {})}
    _put(withdrawn, date=_day(said["withdrawn_date"]), reason=said["withdrawn_reason"],
         successor=said["withdrawn_successor"])  # fmt: skip
    _put_basis(withdrawn, said, "withdrawn_basis")
    _put(entry, review=review, publish_on=_day(said["publish_on"]), change_notice=notice,
         withdrawn=withdrawn)  # fmt: skip
    return made


def _put_basis(target: dict[str, Any], said: dict[str, Any], name: str) -> None:
    """The first basis as the form has it; any further ones stay."""
    listed = target.get("basis") or [{}]
    first = {**listed[0]}
    _put(first, title=said[f"{name}_title"], article=said[f"{name}_article"])
    if first.get("title"):
        _put(first, level=said[f"{name}_level"])
        target["basis"] = [first, *listed[1:]]
    else:
        target.pop("basis", None)


def _day(value: date | None) -> str:
    return value.isoformat() if value else ""


def columns(raw: dict[str, Any]) -> list[dict[str, Any]]:
    """The columns of all tables, as described; those of a schema in a file of its own are not."""
    return [field for _resource, field in placed_columns(raw)]


def placed_columns(raw: dict[str, Any]) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each column of `columns` with the resource that it belongs to."""
    found = []
    for resource in raw.get("resources", []):
        schema = resource.get("schema")
        fields = schema.get("fields") if isinstance(schema, dict) else None
        found += [(resource, one) for one in fields] if isinstance(fields, list) else []
    return found


def with_columns(raw: dict[str, Any], said: list[dict[str, Any]]) -> dict[str, Any]:
    """The descriptor with its tables' columns as `said`, in their order."""
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
