"""The Django application of filed cases."""

from __future__ import annotations

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """办件."""

    name = "kaishu.cases"
    label = "cases"
    default_auto_field = "django.db.models.BigAutoField"
