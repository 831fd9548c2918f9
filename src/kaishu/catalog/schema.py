"""JSON Schemas of the YAML formats that people write, made from the models that check them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.base.i18n import gettext as _
from kaishu.catalog.attestations import AttestationFile
from kaishu.catalog.events import EventFile
from kaishu.catalog.incidents import IncidentFile
from kaishu.catalog.model import Descriptor, Portal
from kaishu.catalog.plans import PlanFile
from kaishu.catalog.reviews import ReviewFile

if TYPE_CHECKING:
    from pydantic import BaseModel

FORMATS: dict[str, type[BaseModel]] = {
    "catalog.json": Portal,
    "datapackage.json": Descriptor,
    "attestation.json": AttestationFile,
    "event.json": EventFile,
    "incident.json": IncidentFile,
    "plan.json": PlanFile,
    "review.json": ReviewFile,
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name, titles in the language in use (JSON Schema 2020-12)."""
    return {name: _translated(model.model_json_schema()) for name, model in FORMATS.items()}


def _translated(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            key: _(item) if key == "title" and isinstance(item, str) else _translated(item)
            for key, item in value.items()
        }
    return [_translated(item) for item in value] if isinstance(value, list) else value
