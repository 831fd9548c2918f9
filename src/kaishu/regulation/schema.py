"""JSON Schemas of a regulation's files and of the calendar's, made from the models that check them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kaishu.regulation import documents

if TYPE_CHECKING:
    from pydantic import BaseModel

FILES: dict[str, type[BaseModel]] = {
    "regulation.json": documents.RegulationDocument,
    "articles.json": documents.ArticlesDocument,
    "rules.json": documents.RulesDocument,
    "cases.json": documents.CasesDocument,
    "ledger.json": documents.LedgerDocument,
    "calendar.json": documents.YearDocument,
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """The schemas by file name (JSON Schema 2020-12)."""
    return {name: model.model_json_schema() for name, model in FILES.items()}
