"""JSON Schemas of the two YAML formats, made from the models that check them."""

from __future__ import annotations

from typing import Any

from kaishu.base.i18n import gettext as _
from kaishu.catalog.model import Descriptor, Portal


def json_schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name, titles in the language in use (JSON Schema 2020-12)."""
    return {
        "catalog.json": _translated(Portal.model_json_schema()),
        "datapackage.json": _translated(Descriptor.model_json_schema()),
    }


def _translated(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _(item) if key == "title" and isinstance(item, str) else _translated(item)
            for key, item in value.items()
        }
    return [_translated(item) for item in value] if isinstance(value, list) else value
