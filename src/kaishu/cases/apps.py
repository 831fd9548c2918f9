"""The Django application of filed cases."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """办件."""

    name = "kaishu.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"

    def import_models(self) -> None:
        """Cases, and what is stored beside them."""
        super().import_models()
        import_module("kaishu.cases.records")
